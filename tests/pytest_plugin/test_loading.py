"""What the plugin costs a test run that never evaluates a template."""

from harness import Project

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest")

HEAVY = "_gojsonnet _jsonnet click deepdiff hypothesis jsonschema_rs rich yaml"
OURS = "jsonnet_ctx.check jsonnet_ctx.cli jsonnet_ctx.context jsonnet_ctx.engine.engine jsonnet_ctx.report.text"


def test_loading_the_plugin_imports_no_heavy_package(project: Project) -> None:
    done = project.run_python(
        f"""
        import sys
        import pytest
        before = set(sys.modules)
        import jsonnet_ctx.pytest_plugin.plugin
        print(sorted(set("{HEAVY} {OURS}".split()) & (set(sys.modules) - before)))
        """
    )

    assert (done.out, done.err) == ("[]\n", "")


def test_a_run_without_templates_imports_no_heavy_package(project: Project) -> None:
    project.write(
        {
            "test_plain.py": f"""
                import sys

                def test_plain():
                    assert not set("{HEAVY} {OURS}".split()) & set(sys.modules)

                def test_a_comparison_of_objects_is_none_of_our_business():
                    assert not isinstance({{"a": 1}}, list)
            """
        }
    )

    done = project.run_pytest("-q")

    assert done.code == 0, done.out


def test_a_comparison_in_a_test_without_our_fixtures_is_shown_by_pytest_alone(project: Project) -> None:
    project.write(
        {
            "test_plain.py": """
                import sys

                def test_plain():
                    assert {"a": 1} == {"a": 2}
            """,
            "conftest.py": """
                import sys

                def pytest_unconfigure():
                    assert "deepdiff" not in sys.modules
            """,
        }
    )

    done = project.run_pytest(*QUICK)

    assert done.code == 1
    assert "Differing items" in done.out
    assert "payload" not in done.out


def test_flags_and_ini_keys_are_in_the_help(project: Project) -> None:
    done = project.run_pytest("--help", *QUICK)

    for name in ("config", "kratos", "identity-schema", "engine"):
        assert f"--jsonnet-ctx-{name}" in done.out
        assert f"jsonnet_ctx_{name.replace('-', '_')} (string):" in done.out


def test_the_marker_is_registered_with_its_keywords(project: Project) -> None:
    done = project.run_pytest("--markers", *QUICK)

    assert (
        "@pytest.mark.jsonnet_ctx(template=None, hook=None, hooks=None, kratos=None, given=None, without=()): defaults"
        in done.out
    )


def test_pytest_does_not_rewrite_the_modules_of_this_package_but_those_of_the_project(project: Project) -> None:
    project.write(
        {
            "shop/__init__.py": "",
            "shop/parts.py": "def check(number):\n    assert number == 2\n",
            "conftest.py": "import pytest\npytest.register_assert_rewrite('shop')\n",
            "test_loaders.py": """
                import sys
                from importlib.machinery import SourceFileLoader
                import jsonnet_ctx.settings
                import shop.parts

                def test_loaders():
                    assert type(jsonnet_ctx.settings.__spec__.loader) is SourceFileLoader
                    assert type(shop.parts.__spec__.loader) is not SourceFileLoader
            """,
        }
    )
    done = project.run_pytest("-q")
    assert done.code == 0, done.out
