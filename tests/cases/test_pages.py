"""Markdown pages as case files: which blocks are run, under which names, and what broken ones say."""

import os
import textwrap
from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.cases.page import load_page
from jsonnet_ctx.cases.run import run_case
from jsonnet_ctx.errors import JsonnetCtxError

QUICK = ("-q", "-p", "no:hypothesispytest")
TEMPLATE = """
# Sign-up

```jsonnet
function(ctx) {email: ctx.identity.traits.email}
```
"""
PAGE = (
    TEMPLATE
    + """
## With a case block

```yaml case
hook: login.after.password
given: {identity.traits: {email: ann@example.org}}
expect: {payload: {email: ann@example.org}}
```

## With a `ctx` and a [payload](#payload)

- in a list:

  ```json ctx registration.after.password.post_persist
  {"identity": {"traits": {"email": "bob@example.org"}}}
  ```

  > ```{.json .payload}
  > {"email": "bob"}
  > ```

## Not run

```yaml
expect: {payload: 1}
```

```jsonnet
email: ctx.identity.traits.email
```
"""
)


def test_case_and_ctx_blocks_below_a_jsonnet_block_are_run(project: Project) -> None:
    project.write({"docs/page.md": PAGE})

    done = project.run_command("test", "docs/page.md")

    assert (done.code, done.err) == (1, "")
    assert "1 failed, 1 passed" in done.out
    assert done.out.partition("____\n")[2].partition("====")[0] == textwrap.dedent(
        """\
        docs/page.md:19:3: With a ctx and a payload
          at registration.after.password.post_persist (kratos v26.2.0, api client)
          payload.email: expected "bob" got "bob@example.org"
            docs/page.md:4 from ctx.identity.traits.email
          reads: ctx.identity.traits.email
          run: jsonnet-ctx test 'docs/page.md::With a ctx and a payload'
        """
    )
    assert "1 passed" in project.run_command("test", "docs/page.md::With a case block").out


def test_cases_of_a_page_are_items_of_pytest(project: Project) -> None:
    project.write({"docs/page.md": PAGE, "docs/plain.md": "# Nothing\n\n```jsonnet\n{}\n```\n"})

    listed = project.run_pytest(*QUICK, "--collect-only", "docs").out.splitlines()

    assert listed[:2] == ["docs/page.md::With a case block", "docs/page.md::With a ctx and a payload"]
    done = project.run_pytest(*QUICK, "docs/page.md", "-k", "case and block", "--junit-xml", "out.xml")
    assert "1 passed, 1 deselected" in done.out
    assert 'classname="docs.page.md" name="With a case block"' in project.read("out.xml")


def test_blocks_work_with_windows_line_ends_and_tildes(project: Project) -> None:
    page = PAGE.replace("```", "~~~~").replace("\n", "\r\n")
    project.write({"page.md": page.encode()})

    passed = [not run_case(case).mismatches for case in load_page(project.root / "page.md").cases]

    assert passed == [True, False]


def test_a_case_of_several_rows_and_a_second_case_below_one_heading_have_names(project: Project) -> None:
    row = "\n```yaml case\nhook: login.after.password\nexpect: {paths: {email: {type: string}}}\n```\n"
    each = row.replace("hook:", "each: [{a: 1}, {a: 2}]\nhook:").replace("yaml case", "yaml case title=x")
    project.write({"page.md": TEMPLATE + row + row + each})

    assert [case.name for case in load_page(project.root / "page.md").cases] == [
        "Sign-up",
        "Sign-up 2",
        "Sign-up 3 1",
        "Sign-up 3 2",
    ]


def test_a_ctx_block_can_be_a_fixture_and_a_case_can_hold_a_ctx(project: Project) -> None:
    ctx = '{"identity": {"traits": {"email": 1}}}'
    fixture = f'{{"format": 1, "hook": "login.after.password", "kratos": "v1.3.1", "ctx": {ctx}}}'
    case = "hook: login.after.password\nctx: {identity: {traits: {email: 1}}}\ngiven: {identity.traits.email: 2}\n"
    page = f"{TEMPLATE}\n```json ctx\n{fixture}\n```\n\n```yaml payload\nemail: 1\n```\n\n```yaml case\n{case}```\n"
    project.write({"page.md": page + '\n```json payload\n{"email": 2}\n```\n'})

    first, second = load_page(project.root / "page.md").cases

    assert (first.kratos, first.ctx) == ("v1.3.1", {"identity": {"traits": {"email": 1}}})
    assert [run_case(case).mismatches for case in (first, second)] == [(), ()]


def test_an_error_of_a_template_in_a_list_has_line_and_column_of_the_page(project: Project) -> None:
    page = """
        # Page

        - a list
          1. in a list

             ```jsonnet
             function(ctx) {
               a: ctx.no,
             }
             ```

          ```yaml case
          hook: login.after.password
          expect: {payload: {}}
          ```
    """
    project.write({"page.md": page}).monkeypatch.chdir(project.root)

    (case,) = load_page(Path("page.md")).cases

    assert "failed missing-field at page.md:8:11: " in run_case(case).mismatches[0].actual


def test_a_snapshot_of_a_page_lies_in_a_folder_of_its_own(project: Project) -> None:
    project.write({"page.md": PAGE.replace("expect: {payload: {email: ann@example.org}}", "expect: {snapshot: true}")})

    project.run_command("test", "page.md", "--update-snapshots")
    assert project.read("__snapshots__/page.md/with-a-case-block.json") == '{\n  "email": "ann@example.org"\n}\n'

    project.write({"page.md": PAGE})
    done = project.run_command("test", "page.md")
    assert "__snapshots__/page.md/with-a-case-block.json: no case has this snapshot\n" in done.out


def test_a_page_without_cases_is_nothing_to_run(project: Project) -> None:
    project.write({"plain.md": TEMPLATE, "page.md": PAGE, "pages/plain.md": TEMPLATE})
    said = "nothing to run: no jsonnet block has a case below it\n"

    alone = project.run("test", "plain.md")
    assert (alone.code, alone.err.partition("  hint")[0]) == (2, f"error: plain.md: {said}")
    assert project.run_command("test", "pages").code == 2

    os.mkfifo(project.root / "pipe.md")
    pipe = project.run("test", "pipe.md")
    assert (pipe.code, pipe.err.partition("\n")[0]) == (
        2,
        "error: pipe.md: is not an ordinary file (a FIFO, device or socket)",
    )

    among = project.run_command("test", "plain.md", "page.md", "-k", "block")
    assert (among.code, among.err) == (0, f"note: plain.md: {said}")


CASE = "\n```yaml case\nhook: login.after.password\nexpect: {snapshot: true}\n```\n"
PAYLOAD = "\n\n```json payload\n{}\n```\n"


@pytest.mark.parametrize(
    ("page", "message", "hint"),
    [
        (TEMPLATE + CASE.replace("expect", "expct"), "10:1: unknown word of a case: 'expct'", "did you mean expect?"),
        (TEMPLATE + CASE.replace("case", "csae"), "8:9: unknown block: 'csae'", "did you mean case?"),
        (TEMPLATE + CASE.replace("password", "pasword"), "9:1: unknown hook point: 'login.after.pasword'", None),
        (TEMPLATE + CASE.replace("hook: l", "\thook: l"), "9:1: is not YAML: found character that cannot", None),
        (TEMPLATE + CASE.replace("expect: {", "expect: "), "10:17: is not YAML: mapping values are not all", None),
        (TEMPLATE + CASE.replace("expect", "given"), "9:1: the case 'Sign-up' has no expect", None),
        (TEMPLATE + CASE.replace("hook", "given"), "9:1: given must be an object, not a string", None),
        (TEMPLATE + "\n```json ctx\n{}\n```", "8:1: the ctx block names no hook point", "name it after the word ctx"),
        (TEMPLATE + "\n```json ctx login\n[]\n```" + PAYLOAD, "9:1: a fixture is an object", None),
        (TEMPLATE + "\n```json ctx lgin.before\n{}\n```" + PAYLOAD, "8:13: unknown hook point: 'lgin.before'", None),
        (
            TEMPLATE + '\n```json ctx login.after.password\n{"flw": 1}\n```' + PAYLOAD,
            "9:1: page.md holds ctx.flw, which kratos v26.2.0 never sends at login.after.password",
            "did you mean flow?",
        ),
        (TEMPLATE + CASE.replace("hook", "ctx: {}\nfixture: a.json\nhook"), "9:1: a case has a ctx or a fixture", None),
        (TEMPLATE + CASE + PAYLOAD + PAYLOAD, "19:1: the case above says already what it expects", "keep one"),
        (TEMPLATE + "\n```yaml case\n- a\n```\n", "9:1: a case block holds the words of a case", None),
        (TEMPLATE + CASE + "\n```json payload\n{\n```", "15:1: is not JSON", None),
        (
            TEMPLATE + CASE + CASE.replace("snap", "# ") + "\n```json payload\n{}\n",
            "18:1: the block is never closed",
            None,
        ),
        (TEMPLATE + "\n```json payload\n{}\n```", "8:1: a payload block has no case or ctx block above it", None),
        (CASE + TEMPLATE, "2:1: a case block has no jsonnet block above it", None),
        (TEMPLATE + CASE.replace("hook:", "name: a\nhook:") * 2, "15:1: two cases are named 'a'", None),
        (TEMPLATE.encode() + b"\n\xff" + CASE.encode(), "8:1: is not UTF-8: byte 0xff at offset 77", None),
        (TEMPLATE + CASE + "x" * 2**20, "is larger than 1,048,576 bytes", None),
    ],
)
def test_a_broken_block_is_one_error_at_its_place(
    project: Project, monkeypatch: pytest.MonkeyPatch, page: str | bytes, message: str, hint: str | None
) -> None:
    monkeypatch.chdir(project.root)
    project.root.joinpath("page.md").write_bytes(page if isinstance(page, bytes) else page.encode())

    with pytest.raises(JsonnetCtxError) as raised:
        load_page(Path("page.md"))

    assert str(raised.value).startswith(f"page.md:{' ' if message.startswith('is') else ''}{message}")
    assert hint is None or str(raised.value.hint).startswith(hint)


def test_a_broken_page_exits_with_2_and_is_a_collection_error(project: Project) -> None:
    project.write({"page.md": TEMPLATE + CASE.replace("expect", "expct")})

    done = project.run_command("test", "page.md")

    assert done.code == 2
    assert "page.md:9:1: unknown word of a case: 'expct'\nhint: did you mean expect?\n" in done.out
