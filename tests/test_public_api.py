"""The public names, and what importing them costs."""

import inspect
from pathlib import Path

import pytest
from harness import Project

import jsonnet_ctx
from jsonnet_ctx import Cancelled, Failed, Rendered, Template, errors
from jsonnet_ctx.api import INLINE, template_of
from jsonnet_ctx.finding import Location

CAREFUL = "function(ctx) { id: std.get(ctx, 'id', 'none') }"


def test_the_public_names_are_these() -> None:
    assert sorted(jsonnet_ctx.__all__) == [
        "Cancelled",
        "Failed",
        "JsonnetCtxError",
        "Outcome",
        "Rendered",
        "Template",
        "TemplateError",
        "__version__",
        "errors",
        "evaluate",
        "evaluate_many",
        "kratos_ctx",
        "strategies",
    ]
    assert all(hasattr(jsonnet_ctx, name) for name in jsonnet_ctx.__all__)
    assert set(jsonnet_ctx.__all__) <= set(dir(jsonnet_ctx))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'jsonnet_ctx' has no attribute 'evalute'"):
        jsonnet_ctx.evalute  # noqa: B018 - reading it is the test


def test_importing_the_package_loads_nothing_of_others(project: Project) -> None:
    loaded = project.run_python("""
        import sys
        before = set(sys.modules)
        import jsonnet_ctx
        loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
        print(*sorted(loaded - sys.stdlib_module_names), "jsonnet_ctx.api" in sys.modules)
    """)
    assert (loaded.out, loaded.err) == ("jsonnet_ctx False\n", "")


def test_evaluating_loads_no_heavy_package(project: Project) -> None:
    """The engine runs in a process of its own, and a payload needs no test library."""
    loaded = project.run_python("""
        import sys
        import jsonnet_ctx
        outcome = jsonnet_ctx.evaluate("function(ctx) ctx", {"a": 1})
        assert outcome.payload == {"a": 1}, outcome
        heavy = {"_gojsonnet", "_jsonnet", "pytest", "hypothesis", "deepdiff", "jsonschema_rs", "yaml", "rich", "click"}
        print(*sorted(heavy & set(sys.modules)))
    """)
    assert (loaded.out, loaded.err) == ("\n", "")


def test_a_template_renders_cancels_or_fails() -> None:
    rendered = jsonnet_ctx.evaluate(CAREFUL, {"id": "7"})
    assert isinstance(rendered, Rendered)
    assert (rendered.payload, rendered.text) == ({"id": "7"}, '{\n   "id": "7"\n}\n')
    assert isinstance(jsonnet_ctx.evaluate("function(ctx) error 'cancel'", {}), Cancelled)
    failed = jsonnet_ctx.evaluate("function(ctx) ctx.flow.id", {"flow": {}})
    assert isinstance(failed, Failed)
    assert (failed.error.kind, failed.error.path, failed.error.line) == ("missing-field", "flow.id", 1)


def test_many_contexts_give_outcomes_in_their_order() -> None:
    outcomes = jsonnet_ctx.evaluate_many("function(ctx) ctx.n", ({"n": n} if n % 3 else {} for n in range(6)))
    assert [getattr(outcome, "payload", None) for outcome in outcomes] == [None, 1, 2, None, 4, 5]
    assert isinstance(outcomes[0], Failed)


def test_a_form_has_to_be_flat() -> None:
    form = "application/x-www-form-urlencoded"
    outcome = jsonnet_ctx.evaluate("function(ctx) { n: 1 }", {}, content_type=form)
    assert isinstance(outcome, Failed)
    assert outcome.error.kind == "form-shape"


def test_the_version_decides_which_std_members_there_are() -> None:
    text = "function(ctx) std.trim(' a ')"
    assert isinstance(jsonnet_ctx.evaluate(text, {}), Rendered)
    outcome = jsonnet_ctx.evaluate(text, {}, kratos="v1.3.1")
    assert isinstance(outcome, Failed)
    assert outcome.error.kind == "std-missing"


def test_unknown_hooks_and_versions_are_told_with_the_nearest() -> None:
    with pytest.raises(errors.UnknownName) as caught:
        jsonnet_ctx.evaluate(CAREFUL, {}, hook="login.after.pasword")
    assert caught.value.nearest[0] == "login.after.password"
    with pytest.raises(errors.UnknownName):
        jsonnet_ctx.evaluate_many(CAREFUL, [], kratos="v0.9")


def test_a_template_is_text_a_path_or_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonnet"
    file.write_text(CAREFUL, encoding="utf-8")
    assert template_of(file) == template_of(str(file))
    assert template_of(file).text == template_of(CAREFUL).text == CAREFUL
    assert template_of(CAREFUL).name == INLINE
    template = Template(CAREFUL, "x", "x", Location("x"))
    assert template_of(template) is template


def test_a_file_that_is_not_there_is_no_template() -> None:
    with pytest.raises(errors.SourceError):
        template_of("nowhere.jsonnet")


def test_the_signatures_are_fixed() -> None:
    assert list(inspect.signature(jsonnet_ctx.evaluate).parameters)[:4] == ["template", "ctx", "hook", "kratos"]
    assert list(inspect.signature(jsonnet_ctx.evaluate_many).parameters)[:4] == [
        "template",
        "contexts",
        "hook",
        "kratos",
    ]
