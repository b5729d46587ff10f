"""Case files that are wrong: file, line, column and the nearest word; and what the right ones mean."""

from pathlib import Path

import pytest
from harness import Project

from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_file import CaseFile, load_cases
from jsonnet_ctx.errors import FileError, SettingsError

HEAD = "template: w.jsonnet\nhook: login.after.password\ncases:\n"


def load(project: Project, text: str) -> CaseFile:
    """Read a case file beside a template."""
    project.monkeypatch.chdir(project.root)
    project.write({"w.jsonnet": "function(ctx) ctx.identity.traits"})
    (project.root / "w.cases.yaml").write_text(text, encoding="utf-8")
    return load_cases(project.root / "w.cases.yaml")


def load_cases_of(project: Project, text: str) -> tuple[Case, ...]:
    """The cases of a file beside a template that is there already."""
    (project.root / "w.cases.yaml").write_text(text, encoding="utf-8")
    return load_cases(project.root / "w.cases.yaml").cases


def case(words: str) -> str:
    """A file with one case of these words."""
    return f"{HEAD}  - name: a\n    {words}\n"


BROKEN = {
    "": ("1:1: the file is empty", "a case file has template, hook and cases"),
    "- a": ("1:1: a case file must be an object, not a list", None),
    "template: w.jsonnet\nhok: x\n": ("2:1: unknown word of a case file: 'hok'", "did you mean hook?"),
    "hook: login.before\ncases: []\n": ("1:1: the file names no template", "add template: webhook.jsonnet"),
    "template: v.jsonnet\n": ("1:1: no template 'v.jsonnet'", "beside the case file there is w.jsonnet"),
    "template: w.jsonnet\nhook: login.after.pasword\n": (
        "2:1: unknown hook point: 'login.after.pasword'",
        "did you mean login.after.password or login.after.oidc or login.after.code?",
    ),
    "template: w.jsonnet\nkratos: 26.2\n": (
        "2:1: kratos must be a string or a list of strings, not a number",
        "put it in quotes",
    ),
    "template: w.jsonnet\nclient: [api, broser]\n": ("2:15: unknown client: 'broser'", "did you mean browser?"),
    "template: w.jsonnet\nhook: login.before\n": (
        "1:1: the file has no cases",
        "add cases: [{name: …, expect: …}]",
    ),
    f"{HEAD.strip()} []": ("3:1: the list of cases is empty", None),
    case("givn: {}"): ("5:5: unknown word of a case: 'givn'", "did you mean given?"),
    case("given: {}"): ("4:5: the case 'a' has no expect", "say what is right: expect: {payload: {…}}"),
    case("expect:"): ("5:5: expect must be an object, not null", None),
    case("expect: [cancelled]"): ("5:5: expect must be an object, not a list", "write expect: cancelled"),
    case("expect: [{payload: 1}]"): (
        "5:5: expect must be an object, not a list",
        "say payload, contains, paths, cancelled or failed",
    ),
    case("expect: {paths: {a: {length: 1.5}}}"): ("5:26: length must be a whole number, not 1.5", None),
    case("expect: {payload: {a: .nan}}"): (
        "5:27: .nan is a number that JSON cannot hold",
        "put it in quotes where text is meant",
    ),
    case("webhook: {method: POST}\n    expect: cancelled"): (
        "5:5: webhook has no url, without which kratos does not start",
        "add url: https://…",
    ),
    case("webhook: {headers: {X-A: b}}\n    expect: {request: {headers: {X-A: b}}}"): (
        "5:5: webhook has no url, without which kratos does not start",
        "add url: https://…",
    ),
    case("client: api\n    given: {flow.type: browser}\n    expect: cancelled"): (
        "6:13: the flow of api clients has the type api, not browser",
        "leave it out, or say client: browser",
    ),
    case("client: spa\n    given: {flow: {type: api}}\n    expect: cancelled"): (
        "6:20: the flow of spa clients has the type browser, not api",
        "leave it out, or say client: api",
    ),
    case("each: [{a b: 1}]\n    expect: cancelled"): (
        "5:13: each: 'a b' is no name for a placeholder",
        "a name has letters, digits, _ and - and begins with a letter",
    ),
    case("each: [{n: 1, m: 1}, {n: 2}]\n    expect: {payload: '{m}'}"): (
        "5:26: the row of each has no value for the placeholder {m}",
        "line 6 takes it; other rows have it",
    ),
    case("expect: {}"): ("5:5: expect says nothing", "say payload, contains, paths, cancelled or failed"),
    case("expect: canceled"): ("5:5: unknown outcome: 'canceled'", "did you mean cancelled?"),
    case("expect: {contans: 1}"): ("5:14: unknown word of expect: 'contans'", "did you mean contains?"),
    case("expect: {cancelled: true, failed: {}}"): (
        "5:31: a case cannot expect both cancelled and failed",
        None,
    ),
    case("expect: {cancelled: true, payload: {}}"): (
        "5:31: a case that expects cancelled has no payload for payload",
        None,
    ),
    case("expect: {paths: {a: 1}}"): (
        "5:22: a path takes matchers, not a bare value",
        "write {equals: 1}",
    ),
    case("expect: {paths: {a: {equal: 1}}}"): ("5:26: unknown word of a matcher: 'equal'", "did you mean equals?"),
    case("expect: {paths: {a: {type: integer}}}"): (
        "5:26: unknown type: 'integer'",
        "types are object, array, string, number, boolean, null",
    ),
    case("expect: {paths: {a: {type: null}}}"): (
        "5:26: type must be the name of a type, not null",
        'write "null" in quotes',
    ),
    case("expect: {paths: {a: {matches: '('}}}"): (
        "5:26: matches: not a regular expression: missing ), unterminated subpattern at position 0",
        None,
    ),
    case("expect: {paths: {a..b: {equals: 1}}}"): (
        "5:22: not a payload path: 'a..b' (stopped at '..b')",
        'write a.b, a[0].b or ["a.b"]',
    ),
    case("expect: {failed: missing-field}"): (
        "5:14: failed must be an object, not a string",
        "write failed: {kind: missing-field}",
    ),
    case("expect: {failed: {kind: missing-feild}}"): (
        "5:23: unknown error kind: 'missing-feild'",
        "did you mean missing-field?",
    ),
    case("expect: {effect: {client_statsu: 1}}"): (
        "5:23: unknown word of effect: 'client_statsu'",
        "did you mean client_status?",
    ),
    case("expect: {under: {second: 1}}"): ("5:22: unknown word of under: 'second'", "did you mean seconds?"),
    case("expect: {schema: no.json}"): ("5:14: cannot read the contract no.json: no such file or directory", None),
    case("fixture: no.json\n    expect: cancelled"): (
        "5:5: no.json: cannot be read: no such file or directory",
        None,
    ),
    case("webhook: {mthod: PUT}\n    expect: cancelled"): (
        "5:15: unknown word of webhook: 'mthod'",
        "did you mean method?",
    ),
    case("response: {status: 99}\n    expect: cancelled"): (
        "5:16: response.status: 99 is not a status from 200 to 599",
        None,
    ),
    case("given: {flow.transient_paylod: {}}\n    expect: cancelled"): (
        "5:13: flow.transient_paylod cannot be at login.after.password (kratos v26.2.0)",
        "did you mean flow.transient_payload?",
    ),
    case("given: {ctx.flow.id: a}\n    expect: cancelled"): (
        "5:13: paths start below ctx: write flow.id, not ctx.flow.id",
        'write flow.id, identity.verifiable_addresses[0] or ["a.b"]',
    ),
    case("expect: {failed: {path: ctx.identity.id}}"): (
        "5:23: paths start below ctx: write identity.id, not ctx.identity.id",
        'write a.b, a[0].b or ["a.b"]',
    ),
    case("given: {a b: 1}\n    expect: cancelled"): (
        "5:13: not a ctx path: 'a b' (stopped at ' b')",
        'write flow.id, identity.verifiable_addresses[0] or ["a.b"]',
    ),
    case("hook: login.after.code\n    kratos: v1.0.0\n    expect: cancelled"): (
        "5:5: login.after.code is never reached in kratos v1.0.0",
        "login.after.code exists since v1.1.0",
    ),
    case("expect: cancelled\n  - {name: a, expect: cancelled}"): (
        "6:6: two cases are named 'a'",
        "the first is in line 4",
    ),
    case("name: b\n    expect: cancelled"): ("5:5: duplicate key 'name'", "it is first given in line 4"),
    f"{HEAD}  - name: 12\n    expect: cancelled\n": ("4:5: name must be a string, not a number", "put it in quotes"),
    f"{HEAD}  - name: a::b\n    expect: cancelled\n": (
        "4:5: a case cannot be named 'a::b'",
        "a name is one line without ::",
    ),
    case("each: [{locale: de}]\n    given: {identity.traits.x: '{locael}'}\n    expect: cancelled"): (
        "6:13: each has no value for the placeholder {locael}",
        "did you mean {locale}?",
    ),
    case("expect: {snapshot: true}\n  - {name: A!, expect: {snapshot: true}}"): (
        "6:6: two cases share a snapshot",
        "'a' and 'A!' are one file name",
    ),
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_has_its_place_and_the_nearest_word(project: Project, text: str) -> None:
    with pytest.raises(FileError) as raised:
        load(project, text)

    message, hint = BROKEN[text]
    assert (str(raised.value), raised.value.hint) == (f"w.cases.yaml:{message}", hint)


def test_a_trait_that_the_schema_forbids_is_an_error(project: Project) -> None:
    project.write(
        {
            "person.json": {
                "properties": {"traits": {"type": "object", "properties": {"email": {"type": "string"}}}},
                "type": "object",
            }
        }
    )
    text = f"identity-schema: person.json\n{case('given: {identity.traits.email: 7}')}    expect: cancelled\n"

    with pytest.raises(FileError) as raised:
        load(project, text)

    assert str(raised.value) == "w.cases.yaml:6:13: the identity schema does not allow 7 at identity.traits.email"


def test_a_case_of_several_hook_points_versions_and_clients_says_which_in_its_name(project: Project) -> None:
    text = "template: w.jsonnet\nhook: registration.after.oidc\nkratos: %s\nclient: %s\n"
    text += "cases: [{name: a, expect: cancelled}]"

    def names(kratos: str, client: str) -> list[str]:
        return [one.name for one in load(project, text % (kratos, client)).cases]

    stages = ["registration.after.oidc.pre_persist", "registration.after.oidc.post_persist"]
    assert names("v26.2.0", "api") == [f"a[{stage}]" for stage in stages]
    assert names("[v25.4.0, v26.2.0]", "[browser]") == [
        f"a[{stage}-{version}]" for stage in stages for version in ("v25.4.0", "v26.2.0")
    ]
    assert names("v26.2.0", "[api, spa]") == [f"a[{stage}-{client}]" for stage in stages for client in ("api", "spa")]


def test_each_row_is_a_case_and_a_name_without_placeholder_gets_a_number(project: Project) -> None:
    rows = "each: [{n: 1}, {n: 2}]\n    expect: cancelled"

    assert [one.name for one in load(project, case(rows)).cases] == ["a 1", "a 2"]
    assert [one.name for one in load(project, case(rows).replace("name: a", "name: a {n}")).cases] == ["a 1", "a 2"]
    assert [one.name for one in load(project, case(rows).replace("name: a", "name: a ({n})")).cases] == [
        "a (1)",
        "a (2)",
    ]


@pytest.mark.parametrize("value", ["7", "null", "true", "[1, a]", "{b: {}}", "2026-01-01", "no", "1e3"])
def test_a_placeholder_alone_keeps_the_type_of_its_value(project: Project, value: str) -> None:
    words = (
        f"each: [{{n: {value}}}]\n    given: {{flow.transient_payload.x: '{{n}}', flow.transient_payload.y: {value}}}"
    )

    (only,) = load(project, case(f"{words}\n    expect: cancelled")).cases

    sent = only.ctx["flow"]["transient_payload"]
    assert sent["x"] == sent["y"]
    assert type(sent["x"]) is type(sent["y"])


def test_inside_longer_text_a_value_is_written_out(project: Project) -> None:
    given = "{flow.transient_payload.x: 'n={n} b={b} {other} {0}'}"
    words = f"each: [{{n: null, b: {{c: 1}}}}]\n    given: {given}\n    expect: cancelled"

    (only,) = load(project, case(words)).cases

    assert only.ctx["flow"]["transient_payload"]["x"] == 'n=null b={"c": 1} {other} {0}'


def test_the_case_gives_over_the_file_and_without_comes_last(project: Project) -> None:
    text = """\
template: w.jsonnet
hook: login.after.password
given:
  identity.traits.name: Ann
  identity.traits: {email: ann@example.org, plan: pro}
cases:
  - name: a
    given: {identity.traits.name: Bob}
    without: [identity.traits.plan, identity.traits.never]
    expect: cancelled
"""
    (only,) = load(project, text).cases

    assert only.ctx["identity"]["traits"] == {"email": "ann@example.org", "name": "Bob"}


def test_edits_apply_on_top_of_a_fixture(project: Project) -> None:
    capture = Path(__file__).parents[2] / "fixtures" / "captures" / "login.after.password__api-tp-object.json"
    words = (
        f"fixture: {capture}\n    given: {{identity.traits: {{email: x@y.z}}}}\n    without: [flow.transient_payload]"
    )

    (only,) = load(project, case(f"{words}\n    expect: cancelled")).cases

    assert only.ctx["identity"]["traits"] == {"email": "x@y.z"}
    assert "transient_payload" not in only.ctx["flow"]
    assert only.ctx["flow"]["id"]


def test_a_fixture_of_another_hook_point_is_an_error(project: Project) -> None:
    capture = Path(__file__).parents[2] / "fixtures" / "captures" / "login.before__api-headers.json"

    with pytest.raises(FileError) as raised:
        load(project, case(f"fixture: {capture}\n    expect: cancelled"))

    assert raised.value.message == "the fixture is of login.before, the case is for login.after.password"


def test_a_fixture_with_a_key_that_kratos_never_sends_is_an_error(project: Project) -> None:
    project.write({"mine.json": {"identity": {"idd": "x"}}})

    with pytest.raises(FileError) as raised:
        load(project, case("fixture: mine.json\n    expect: cancelled"))

    assert (str(raised.value), raised.value.hint) == (
        "w.cases.yaml:5:5: mine.json holds ctx.identity.idd, which kratos v26.2.0 never sends at login.after.password",
        "did you mean identity.id?",
    )


def test_a_fixture_that_lacks_what_kratos_always_sends_and_the_template_reads_is_an_error(project: Project) -> None:
    project.write({"mine.json": {"identity": {"id": "x"}}})

    with pytest.raises(FileError) as raised:
        load(project, case("fixture: mine.json\n    expect: cancelled"))

    assert (str(raised.value), raised.value.hint) == (
        "w.cases.yaml:5:5: mine.json lacks ctx.identity.traits, which w.jsonnet reads "
        "and kratos v26.2.0 always sends at login.after.password",
        "record the ctx again, or give it in the case",
    )
    for words in ("given: {identity.traits: {}}", "without: [identity.traits]"):
        (only,) = load(project, case(f"fixture: mine.json\n    {words}\n    expect: failed")).cases
        assert only.remarks == ()


def test_a_fixture_that_lacks_what_may_be_missing_is_worth_a_remark(project: Project) -> None:
    read = "ctx.identity.traits.nick"
    project.write({"mine.json": {"identity": {"traits": {}}}})

    def remarks(template: str) -> tuple[str, ...]:
        project.monkeypatch.chdir(project.root)
        project.write({"w.jsonnet": template})
        (only,) = load_cases_of(project, case("fixture: mine.json\n    expect: failed"))
        return only.remarks

    assert remarks(f"function(ctx) {read}") == (f"mine.json lacks {read}, which w.jsonnet reads",)
    assert remarks("function(ctx) std.get(ctx.identity.traits, 'nick', '')") == ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            '{"identity": {"id": "a",\n "id": "b"}}',
            "w.cases.yaml:5:5: mine.json:2:2: duplicate key 'id'",
            "it is first given in line 1",
        ),
        (
            '{"format": 1, "hook": "login.after.password", "redacted": ["identity.idd"], "ctx": {"identity": {}}}',
            "w.cases.yaml:5:5: mine.json:1:60: redacted names identity.idd, which the ctx does not hold",
            None,
        ),
        ("{", "w.cases.yaml:5:5: mine.json:1:2: is not JSON: expecting property name enclosed in double quotes", None),
    ],
)
def test_a_fixture_that_is_broken_is_told_with_both_places(
    project: Project, text: str, message: str, hint: str | None
) -> None:
    project.write({"mine.json": text})

    with pytest.raises(FileError) as raised:
        load(project, case("fixture: mine.json\n    expect: cancelled"))

    assert (str(raised.value), raised.value.hint) == (message, hint)


@pytest.mark.parametrize(
    "expect",
    ["cancelled", "{contains: {a: 1}}", "{under: {bytes: 1}}", "{snapshot: true}", "{paths: {a: {length: 1}}}"],
)
def test_a_template_that_kratos_does_not_evaluate_cannot_be_judged(project: Project, expect: str) -> None:
    words = "webhook: {url: 'https://b.example', method: TRACE}\n    expect: "

    with pytest.raises(FileError) as raised:
        load(project, case(words + expect))

    assert raised.value.message == "kratos sends TRACE without evaluating the template"
    assert load(project, case(f"{words}{{request: {{method: TRACE}}}}")).cases


def test_the_given_type_of_the_flow_says_the_client(project: Project) -> None:
    (only,) = load(project, case("given: {flow.type: browser}\n    expect: cancelled")).cases

    assert only.client == "browser"


def test_a_config_of_the_settings_that_is_not_there_is_told_with_who_asked_for_it(project: Project) -> None:
    project.write({"jsonnet-ctx.toml": 'config = "no.yml"\n'})

    with pytest.raises(SettingsError) as raised:
        load(project, case("expect: cancelled"))

    assert str(raised.value).startswith("jsonnet-ctx.toml: config: ")
    assert str(raised.value).endswith("no.yml: cannot be read: no such file or directory")


def test_without_a_hook_the_config_says_where_the_template_runs(project: Project) -> None:
    project.write(
        {
            "jsonnet-ctx.toml": 'config = "kratos.yml"\n',
            "kratos.yml": """
                selfservice:
                  flows:
                    login:
                      after:
                        password:
                          hooks:
                            - hook: web_hook
                              config: {url: 'https://b.example/', method: PUT, body: 'file://w.jsonnet'}
            """,
        }
    )

    (only,) = load(project, "template: w.jsonnet\ncases: [{name: a, expect: {request: {method: PUT}}}]").cases

    assert only.hook.id == "login.after.password"
    assert only.webhook is not None
    assert (only.webhook.url, only.webhook.method) == ("https://b.example/", "PUT")


def test_anchors_and_merge_keys_are_written_out(project: Project) -> None:
    text = f"{HEAD}  - &a {{name: a, given: &g {{identity.traits: {{email: a@b.org}}}}, expect: cancelled}}\n"
    text += "  - {<<: *a, name: b}\n  - {name: c, given: *g, expect: cancelled}\n"

    found = load(project, text).cases

    assert [one.name for one in found] == ["a", "b", "c"]
    assert all(one.ctx["identity"]["traits"] == {"email": "a@b.org"} for one in found)
