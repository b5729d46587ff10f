"""Comments in a template that take findings back: with a reason, for their rules, at their line."""

import pytest
from harness import Project

HOOK = "registration.after.password.post_persist"


def told(project: Project, text: str, *flags: str) -> list[str]:
    """``RULE:LINE`` of each finding of a template, remarks left out."""
    project.write({"w.jsonnet": text})
    args = ("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0", "--format", "json", *flags)
    findings = project.run(*args).json()["findings"]
    return [f"{one['rule']}:{one['location']['line']}" for one in findings if one["severity"] != "info"]


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) { a: ctx.flow.transient_payload.a }  // jsonnet-ctx: ignore[JC101] the app sends it\n",
        "// jsonnet-ctx: ignore[JC101] the app sends it\nfunction(ctx) { a: ctx.flow.transient_payload.a }\n",
        "function(ctx) {\n  # jsonnet-ctx: ignore[missing-field] the app sends it\n\n"
        "  // another comment\n  a: ctx.flow.transient_payload.a,\n}\n",
        "function(ctx) { a: ctx.flow.transient_payload.a }  /* jsonnet-ctx: ignore[JC103, JC101] sent */\n",
        "// jsonnet-ctx: ignore-file[JC101] the app sends it\nfunction(ctx) {\n  a: ctx.flow.transient_payload.a,\n"
        "  b: ctx.flow.transient_payload.b,\n}\n",
        "function(ctx) {\r\n  a: ctx.flow.transient_payload.a,  // jsonnet-ctx: ignore[JC101] Grüße\r\n}\r\n",
    ],
)
def test_a_comment_with_a_reason_takes_a_finding_back(project: Project, text: str) -> None:
    assert told(project, text) == []


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("// jsonnet-ctx: ignore[JC101]", ["JC001:2", "JC101:2"]),
        ("// jsonnet-ctx: ignore[] why", ["JC001:2", "JC101:2"]),
        ("// jsonnet-ctx: ignore because of this", ["JC001:2", "JC101:2"]),
        ("// jsonnet-ctx: ignore[JC102] another rule", ["JC101:2"]),
        ("// jsonnet-ctx: ignore[JC1] a family is no rule", ["JC001:2", "JC101:2"]),
        ("// jsonnet-ctx: ignore[JC999] no such rule", ["JC001:2", "JC101:2"]),
        ("// jsonnet-ctx ignore[JC101] no colon", ["JC101:2"]),
        ("// noqa: JC101 another tool's", ["JC101:2"]),
    ],
)
def test_a_comment_that_is_not_quite_one_takes_nothing_back(project: Project, comment: str, found: list[str]) -> None:
    assert told(project, f"function(ctx) {{\n  a: ctx.flow.transient_payload.a,  {comment}\n}}\n") == found


def test_a_comment_that_names_no_rule_is_told_with_the_nearest(project: Project) -> None:
    template = "function(ctx) { a: 1 }  // jsonnet-ctx: ignore[mising-field, JC101] the app sends it\n"
    project.write({"w.jsonnet": template})
    (found,) = (
        one
        for one in project.run("check", "w.jsonnet", "--hook", HOOK, "--format", "json").json()["findings"]
        if one["rule"] == "JC001"
    )
    assert found["message"] == "there is no rule mising-field, so this takes nothing back"
    assert found["hint"] == "did you mean missing-field?"


def test_a_comment_holds_for_its_line_alone(project: Project) -> None:
    text = """\
    function(ctx) {
      a: ctx.flow.transient_payload.a,  // jsonnet-ctx: ignore[JC101] the app sends it
      b: ctx.flow.transient_payload.b,
    }
    """
    assert told(project, text) == ["JC101:3"]


def test_a_comment_in_a_text_is_none(project: Project) -> None:
    text = "function(ctx) { a: ctx.flow.transient_payload.a, b: '// jsonnet-ctx: ignore[JC101] no' }\n"
    assert told(project, text) == ["JC101:1"]


def test_a_comment_without_a_reason_is_told_word_for_word(project: Project) -> None:
    project.write({"w.jsonnet": "function(ctx) {}  // jsonnet-ctx: ignore[JC101]\n"})
    done = project.run("check", "w.jsonnet", "--hook", HOOK, "-q")
    assert (done.code, done.out) == (
        0,
        "w.jsonnet:1:19: warning JC001 unexplained-suppression\n"
        "  1 | function(ctx) {}  // jsonnet-ctx: ignore[JC101]\n"
        "    |                   ^^\n"
        "  this comment gives no reason, so it takes nothing back\n"
        "  hint: write // jsonnet-ctx: ignore[JC101] and why\n",
    )


def test_what_is_taken_back_is_counted_and_does_not_fail(project: Project) -> None:
    text = "function(ctx) { a: ctx.flow.transient_payload.a }  // jsonnet-ctx: ignore[JC101] the app sends it\n"
    project.write({"w.jsonnet": text})
    done = project.run("check", "w.jsonnet", "--hook", HOOK, "--max-examples", "0")
    assert done.code == 0
    assert "note: 1 finding is taken back by a comment in the templates\n" in done.out


def test_what_is_taken_back_is_not_stored(project: Project) -> None:
    told(project, "function(ctx) { a: ctx.flow.transient_payload.a }  // jsonnet-ctx: ignore[JC101] sent\n")
    assert project.run("replay").code == 2


def test_a_template_that_is_no_jsonnet_can_be_taken_back_too(project: Project) -> None:
    assert told(project, "// jsonnet-ctx: ignore[JC201] work in progress\nfunction(ctx) { a: }\n") == []
