"""The fixture ``jsonnet_snapshot``: the rules of case snapshots for tests in Python."""

import pytest
from harness import Project

from jsonnet_ctx.cases.snapshot import FOLDER as FOLDER_OF_CASES
from jsonnet_ctx.pytest_plugin.snapshots import FOLDER

# Hypothesis's own plugin takes longer to load than everything else.
QUICK = ("-q", "-p", "no:hypothesispytest", "--strict-markers", "-W", "error")
FLAG = "--jsonnet-ctx-update-snapshots"
MODULE = """
    import pytest

    pytestmark = pytest.mark.jsonnet_ctx(template="w.jsonnet", hook="login.after.password")

    def test_mail(jsonnet_render, jsonnet_snapshot):
        jsonnet_snapshot(jsonnet_render())

    class TestMore:
        @pytest.mark.parametrize("locale", ["de", "en GB"])
        def test_locale(self, kratos_ctx, jsonnet_evaluate, jsonnet_snapshot, locale):
            outcome = jsonnet_evaluate(ctx=kratos_ctx(given={"identity.traits.locale": locale}))
            jsonnet_snapshot(outcome)
            jsonnet_snapshot(outcome.payload["n"])
            jsonnet_snapshot({"only": locale}, "by name")

    def test_plain():
        pass
"""
MAIL = "__snapshots__/test_w/test_mail.json"
FILES = [
    MAIL,
    *(
        f"__snapshots__/test_w/testmore-test_locale-{locale}{more}.json"
        for locale in ("de", "en-gb")
        for more in ("", "--2", "--by-name")
    ),
]


@pytest.fixture
def shop(project: Project) -> Project:
    """A test module with seven snapshots, none written yet."""
    return project.write({"w.jsonnet": "function(ctx) {n: 1, traits: ctx.identity.traits}", "test_w.py": MODULE})


def files(project: Project) -> list[str]:
    """Every snapshot."""
    return sorted(path.relative_to(project.root).as_posix() for path in project.root.rglob("__snapshots__/*/*"))


def test_the_folder_is_that_of_cases() -> None:
    assert FOLDER == FOLDER_OF_CASES


def test_a_missing_snapshot_fails_shows_the_payload_and_is_not_written(shop: Project) -> None:
    done = shop.run_pytest(*QUICK, "-k", "mail")

    assert (done.code, files(shop)) == (1, [])
    assert (
        f"snapshot: expected the file {MAIL} got no such file\n"
        f"  look at it and accept it: pytest {FLAG} test_w.py::test_mail\n"
        '  + {\n  +   "n": 1,\n'
    ) in done.out


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_snapshots_are_written_when_asked(shop: Project, more: tuple[str, ...]) -> None:
    written = shop.run_pytest(*QUICK, FLAG, *more)
    again = shop.run_pytest(*QUICK, *more, env={"CI": "true"})

    assert (written.code, files(shop)) == (0, sorted(FILES)), written.out
    assert shop.read(FILES[2]) == "1\n"
    assert (again.code, "4 passed" in again.out) == (0, True), again.out


def test_what_differs_is_told_path_by_path_and_the_file_stays(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    before = shop.read(MAIL)
    shop.write({"w.jsonnet": "function(ctx) {n: 2, traits: ctx.identity.traits}"})

    done = shop.run_pytest(*QUICK, "-k", "mail")

    assert done.code == 1
    assert (
        "payload.n: expected 1 got 2\n"
        f"snapshot: expected the payload in {MAIL} got the payload above\n"
        f"  accept the payload: pytest {FLAG} test_w.py::test_mail\n"
    ) in done.out
    assert shop.read(MAIL) == before


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_an_unused_snapshot_fails_in_a_full_run_only(shop: Project, more: tuple[str, ...]) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"__snapshots__/test_w/test_gone.json": {}, "__snapshots__/other/kept.json": {}})

    full, part = shop.run_pytest(*QUICK, *more), shop.run_pytest(*QUICK, *more, "-k", "mail or plain")

    assert (full.code, part.code) == (1, 0), part.out
    assert (f"__snapshots__/test_w/test_gone.json: no test has this snapshot\n  remove it: pytest {FLAG}\n") in full.out
    assert "4 passed" in full.out
    assert shop.run_pytest(*QUICK, *more, "test_w.py::test_mail").code == 0
    assert shop.run_pytest(*QUICK, *more, FLAG).code == 0
    assert files(shop) == sorted([*FILES, "__snapshots__/other/kept.json"])


def test_a_snapshot_that_its_test_does_not_use_any_more_is_an_error(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    left = "__snapshots__/test_w/test_mail--2.json"
    shop.write({left: {}})

    done = shop.run_pytest(*QUICK, "test_w.py::test_mail")

    assert done.code == 1
    assert f"{left}: the test does not use this snapshot\n  remove it: pytest {FLAG} test_w.py::test_mail\n" in done.out
    assert shop.run_pytest(*QUICK, FLAG, "test_w.py::test_mail").code == 0
    assert files(shop) == sorted(FILES)


def test_a_test_that_fails_midway_leaves_its_snapshots_alone(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({"test_w.py": MODULE.replace('jsonnet_snapshot(outcome.payload["n"])', "assert False")})

    done = shop.run_pytest(*QUICK, FLAG)

    assert "2 failed, 2 passed" in done.out
    assert files(shop) == sorted(FILES)


def test_a_test_without_the_fixture_any_more_leaves_a_snapshot_unused(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    without = MODULE.replace("jsonnet_render, jsonnet_snapshot)", "jsonnet_render)")
    shop.write({"test_w.py": without.replace("jsonnet_snapshot(jsonnet_render())", "jsonnet_render()")})

    assert f"{MAIL}: no test has this snapshot" in shop.run_pytest(*QUICK).out


def test_a_ci_service_never_writes(shop: Project) -> None:
    done = shop.run_pytest(*QUICK, FLAG, env={"CI": "1"})

    assert (done.code, files(shop)) == (pytest.ExitCode.USAGE_ERROR, [])


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("jsonnet_snapshot({1, 2})", "a snapshot holds plain JSON values: Object of type set is not JSON serializable"),
        ("jsonnet_snapshot(float('nan'))", "a snapshot holds plain JSON values: Out of range float values"),
        (
            "jsonnet_snapshot(1, 'a'); jsonnet_snapshot(1, 'a')",
            "the test has used the snapshot test_it--a.json already",
        ),
        (
            "jsonnet_snapshot(jsonnet_evaluate('f.jsonnet', {}))",
            "there is no payload to compare: failed: no",
        ),
    ],
)
def test_what_no_snapshot_can_hold_is_told(project: Project, body: str, message: str) -> None:
    project.write(
        {
            "f.jsonnet": "function(ctx) error 'no'",
            "test_it.py": f"def test_it(jsonnet_snapshot, jsonnet_evaluate):\n    {body}\n",
            "__snapshots__/test_it/test_it--a.json": "1",
        }
    )

    done = project.run_pytest(*QUICK)

    assert (done.code, message in done.out) == (1, True), done.out


def test_two_tests_cannot_share_a_snapshot(project: Project) -> None:
    project.write(
        {
            "test_it.py": """
                import pytest

                @pytest.mark.parametrize("a", ["x y", "x-y", "z"])
                def test_it(jsonnet_snapshot, a):
                    jsonnet_snapshot(a)
            """
        }
    )

    done = project.run_pytest(*QUICK, FLAG)

    assert "2 failed, 1 passed" in done.out
    assert "two tests of test_it.py share the snapshot test_it-x-y.json" in done.out
    assert files(project) == ["__snapshots__/test_it/test_it-z.json"]


def test_a_snapshot_that_is_no_json_is_told(shop: Project) -> None:
    shop.run_pytest(*QUICK, FLAG)
    shop.write({MAIL: b"\xff{"})

    done = shop.run_pytest(*QUICK, "-k", "mail")

    assert (done.code, f"snapshot: expected JSON in {MAIL} got 'utf-8' codec" in done.out) == (1, True), done.out
