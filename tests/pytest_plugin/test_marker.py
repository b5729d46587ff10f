"""The marker: nearest wins, edits add up, mistakes are told at collection."""

from harness import Project

from jsonnet_ctx.pytest_plugin.marker import Defaults

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest")


def test_given_adds_up_path_by_path_and_the_nearer_wins() -> None:
    far = Defaults(given={"identity.traits.email": "far@example.org", "identity.traits.locale": "de"})

    near = far.with_edits({"identity.traits.email": "near@example.org"}, ())

    assert near.given == {"identity.traits.locale": "de", "identity.traits.email": "near@example.org"}


def test_a_nearer_given_comes_after_a_farther_one_so_that_an_object_replaces_its_parts() -> None:
    near = Defaults(given={"a": 1, "b": 2}).with_edits({"a": 3}, ())

    assert list(near.given) == ["b", "a"]


def test_a_path_that_is_given_nearer_is_no_longer_left_out() -> None:
    near = Defaults(without=("identity.traits.name", "flow.return_to")).with_edits({"flow.return_to": "/"}, ["a"])

    assert near.without == ("identity.traits.name", "a")


MISTAKES = {
    "templat='a.jsonnet'": "unknown keyword of @pytest.mark.jsonnet_ctx: 'templat'\nhint: did you mean template?",
    "'login.before'": (
        "@pytest.mark.jsonnet_ctx takes keywords only, not 'login.before'\nhint: use jsonnet_ctx(template=None, "
    ),
    "hook='login.before', hooks=['login.after']": (
        "@pytest.mark.jsonnet_ctx has both hook= and hooks=\nhint: hooks= alone names several"
    ),
    "without='flow.return_to'": (
        "without= of @pytest.mark.jsonnet_ctx is a string: 'flow.return_to'\n"
        "hint: write a list: without=['flow.return_to']"
    ),
    "given=['a']": "given= of @pytest.mark.jsonnet_ctx is no mapping of ctx paths to values: ['a']",
    "hooks=['login.affter']": "unknown hook point: 'login.affter'\nhint: did you mean login.after",
}


def test_a_mistake_in_the_marker_is_an_error_at_collection(project: Project) -> None:
    for number, arguments in enumerate(MISTAKES):
        project.write(
            {
                f"test_{number}.py": f"""
                    import pytest

                    @pytest.mark.jsonnet_ctx({arguments})
                    def test_marked(kratos_ctx): ...
                """
            }
        )

    done = project.run_pytest(*QUICK)

    assert done.code == 2
    assert "Traceback" not in done.out
    assert {
        told for number, told in enumerate(MISTAKES.values()) if f"test_{number}.py::test_marked: {told}" in done.out
    } == {*MISTAKES.values()}


def test_hooks_run_a_test_once_each_and_a_prefix_selects_several(project: Project) -> None:
    project.write(
        {
            "test_marked.py": """
                import pytest

                @pytest.mark.jsonnet_ctx(hooks=["registration.after.oidc", "login.after.oidc"])
                def test_marked(kratos_ctx):
                    assert kratos_ctx()["flow"]["id"]
            """
        }
    )

    done = project.run_pytest(*QUICK, "--collect-only")

    assert [line for line in done.out.splitlines() if "::" in line] == [
        "test_marked.py::test_marked[registration.after.oidc.pre_persist]",
        "test_marked.py::test_marked[registration.after.oidc.post_persist]",
        "test_marked.py::test_marked[login.after.oidc]",
    ]


def test_the_nearest_marker_says_hook_or_hooks(project: Project) -> None:
    project.write(
        {
            "test_marked.py": """
                import pytest

                pytestmark = pytest.mark.jsonnet_ctx(hooks=["login.after.password", "login.after.code"])

                @pytest.mark.jsonnet_ctx(hook="login.after.totp")
                def test_one(): ...

                class TestClass:
                    pytestmark = pytest.mark.jsonnet_ctx(hook="login.after.totp")

                    @pytest.mark.jsonnet_ctx(hooks=["login.after.oidc"])
                    def test_other(self): ...

                def test_both(): ...
            """
        }
    )

    done = project.run_pytest(*QUICK, "--collect-only")

    assert [line for line in done.out.splitlines() if "::" in line] == [
        "test_marked.py::test_one",
        "test_marked.py::TestClass::test_other[login.after.oidc]",
        "test_marked.py::test_both[login.after.password]",
        "test_marked.py::test_both[login.after.code]",
    ]


def test_a_marker_that_a_fixture_adds_counts_and_unittest_classes_are_left_alone(project: Project) -> None:
    project.write(
        {
            "who.jsonnet": "function(ctx) ctx.flow.type",
            "test_marked.py": """
                import pytest
                import unittest

                @pytest.fixture
                def marked(request):
                    request.node.add_marker(pytest.mark.jsonnet_ctx(template="who.jsonnet", hook="login.after.code"))

                def test_added(marked, jsonnet_render):
                    assert jsonnet_render() == "api"

                @pytest.mark.jsonnet_ctx(wrong=1)
                class TestCase(unittest.TestCase):
                    def test_case(self):
                        pass
            """,
        }
    )

    done = project.run_pytest(*QUICK)

    assert "2 passed" in done.out, done.out
