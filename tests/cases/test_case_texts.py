"""What a failed case says: each word and matcher has a twin that fails, compared word for word."""

import pytest
from harness import Project

TEMPLATE = """\
function(ctx)
  local traits = ctx.identity.traits;
  {
    email: traits.email,
    count: 1,
    flag: true,
    tags: ['a', 'b', { k: 'v' }],
    nothing: null,
  }
"""
HEAD = "template: w.jsonnet\nhook: login.after.password\ngiven: {identity.traits: {email: ann@example.org}}\ncases:\n"


def verdict(project: Project, case: str, template: str = TEMPLATE) -> tuple[bool, list[str]]:
    """Whether a case passes, and what it says: without its place, what it read and how to run it."""
    from jsonnet_ctx.cases.case_file import load_cases
    from jsonnet_ctx.cases.failure import failure_text
    from jsonnet_ctx.cases.run import run_case

    project.monkeypatch.chdir(project.root)
    project.write({"w.jsonnet": template, "w.cases.yaml": HEAD + case})
    (only,) = load_cases(project.root / "w.cases.yaml").cases
    run = run_case(only)
    lines = failure_text(run).splitlines()
    return not run.mismatches, [line.strip() for line in lines[2:] if not line.startswith(("  reads:", "  run:"))]


def expecting(words: str) -> str:
    """A case with this ``expect``."""
    return f"  - name: a\n    expect: {words}\n"


HOLDS = [
    "{payload: {email: ann@example.org, count: 1.0, flag: true, tags: [a, b, {k: v}], nothing: null}}",
    "{contains: {tags: [b, {k: v}], count: 1}}",
    "{contains: {email: example, tags: {k: v}}}",
    "{contains: {tags: b}}",
    "{paths: {tags: {contains: a}}}",
    "{paths: {tags: {not: {contains: c}}}}",
    "{paths: {email: {equals: ann@example.org}}}",
    "{paths: {email: {not: {equals: ann}}}}",
    "{paths: {email: {matches: 'n@e'}}}",
    "{paths: {email: {not: {matches: '^@'}}}}",
    "{paths: {nothing: {type: 'null'}, count: {type: number}, flag: {type: [boolean, string]}}}",
    "{paths: {nothing: {not: {type: object}}}}",
    "{paths: {tags: {length: 3}, email: {length: 15}, 'tags[2]': {length: 1}}}",
    "{paths: {tags: {not: {length: 2}}}}",
    "{paths: {email: {contains: '@'}, tags: {contains: [{k: v}]}}}",
    "{paths: {email: {not: {contains: Ann}}}}",
    "{paths: {count: {one_of: [0, 1]}}}",
    "{paths: {flag: {not: {one_of: [0, 1]}}}}",
    "{paths: {more: {absent: true}, nothing: {absent: false}}}",
    "{paths: {nothing: {not: {absent: true}}}}",
    "{under: {seconds: 60, bytes: 4096}}",
]


@pytest.mark.parametrize("words", HOLDS)
def test_what_is_so_passes(project: Project, words: str) -> None:
    passed, said = verdict(project, expecting(words))

    assert passed, said


FAILS = {
    "{payload: {email: ann, count: 1, flag: 1, tags: [a], nothing: null}}": [
        'payload.email: expected "ann" got "ann@example.org"',
        "w.jsonnet:4 from ctx.identity.traits.email",
        "payload.flag: expected 1 got true",
        "w.jsonnet:6",
        'payload.tags[1]: expected nothing got "b"',
        "w.jsonnet:7",
        'payload.tags[2]: expected nothing got {"k": "v"}',
        "w.jsonnet:7",
    ],
    "{contains: {email: bob, tags: [c], count: 2, more: 1}}": [
        'payload.email: expected something with "bob" got "ann@example.org"',
        "w.jsonnet:4 from ctx.identity.traits.email",
        'payload.tags: expected an item "c" got ["a", "b", {"k": "v"}]',
        "w.jsonnet:7",
        "payload.count: expected 2 got 1",
        "w.jsonnet:5",
        "payload.more: expected 1 got nothing",
        "w.jsonnet:4",
    ],
    "{paths: {flag: {equals: 1}}}": ["payload.flag: expected 1 got true", "w.jsonnet:6"],
    "{paths: {count: {not: {equals: 1}}}}": ["payload.count: expected not 1 got 1", "w.jsonnet:5"],
    "{paths: {count: {matches: '1'}}}": ["payload.count: expected a match of '1' got 1", "w.jsonnet:5"],
    "{paths: {'tags[0]': {not: {matches: a}}}}": [
        "payload.tags[0]: expected not a match of 'a' got \"a\"",
        "w.jsonnet:7",
    ],
    "{paths: {nothing: {type: object}}}": ["payload.nothing: expected type object got null", "w.jsonnet:8"],
    "{paths: {flag: {not: {type: boolean}}}}": ["payload.flag: expected not type boolean got true", "w.jsonnet:6"],
    "{paths: {count: {length: 1}}}": ["payload.count: expected length 1 got 1", "w.jsonnet:5"],
    "{paths: {'tags[2]': {not: {length: 1}}}}": [
        'payload.tags[2]: expected not length 1 got {"k": "v"}',
        "w.jsonnet:7",
    ],
    "{paths: {email: {contains: Ann}}}": [
        'payload.email: expected something with "Ann" got "ann@example.org"',
        "w.jsonnet:4 from ctx.identity.traits.email",
    ],
    "{paths: {'tags[0]': {not: {contains: a}}}}": [
        'payload.tags[0]: expected not something with "a" got "a"',
        "w.jsonnet:7",
    ],
    "{paths: {flag: {one_of: [1, 'true']}}}": ['payload.flag: expected one of 1, "true" got true', "w.jsonnet:6"],
    "{paths: {count: {not: {one_of: [1]}}}}": ["payload.count: expected not one of 1 got 1", "w.jsonnet:5"],
    "{paths: {nothing: {absent: true}}}": ["payload.nothing: expected nothing got null", "w.jsonnet:8"],
    "{paths: {'tags[3]': {not: {absent: true}}}}": ["payload.tags[3]: expected not nothing got nothing", "w.jsonnet:7"],
    "{under: {bytes: 1}}": ["under.bytes: expected at most 1 got 161"],
    "cancelled": [
        "outcome: expected cancelled got the payload "
        '{"count": 1, "email": "ann@example.org", "flag": true, "nothing": null, "tags": ["a", "b", {"k": "v"}]}'
    ],
    "{request: {url: https://b.example, method: PUT}}": [
        "request.method: expected PUT got not known: no config wires this template here",
        "add webhook: {url, method, headers} to the case file, or config to the settings",
        "request.url: expected https://b.example got not known: no config wires this template here",
        "add webhook: {url, method, headers} to the case file, or config to the settings",
    ],
    "{request: {headers: {content-type: text/plain, X-A: b}}}": [
        "request.headers.content-type: expected text/plain got application/json",
        "request.headers.X-A: expected b got no such header",
    ],
    "{effect: {client_status: 500}}": [
        "effect.client_status: expected 500 got 200",
        "the flow continues; the person is logged in; the webhook is sent",
    ],
    "{snapshot: true}": [
        "snapshot: expected the file __snapshots__/w/a.json got no such file",
        "look at it and accept it: jsonnet-ctx review w.cases.yaml::a",
    ],
}


@pytest.mark.parametrize("words", FAILS)
def test_what_is_not_so_is_told(project: Project, words: str) -> None:
    passed, said = verdict(project, expecting(words))

    assert not passed
    assert said == FAILS[words]


def test_a_template_that_fails_is_told_with_its_place(project: Project) -> None:
    case = "  - name: a\n    without: [identity.traits.email]\n    expect: {contains: {count: 1}}\n"

    assert verdict(project, case)[1] == [
        "outcome: expected a payload got failed missing-field at w.jsonnet:4:12: "
        "Field does not exist: email (ctx.identity.traits.email)"
    ]


def test_a_failure_can_be_expected_by_any_of_its_words(project: Project) -> None:
    case = "  - name: a\n    without: [identity.traits.email]\n    expect: {failed: %s}\n"

    for words in ("{}", "{kind: missing-field}", "{path: identity.traits.email, message: not exist}"):
        assert verdict(project, case % words)[0], words
    assert verdict(project, case % "{kind: type, path: identity.traits, message: no}")[1] == [
        "failed.kind: expected type got missing-field",
        "w.jsonnet:4:12: Field does not exist: email (ctx.identity.traits.email)",
        "failed.path: expected identity.traits got identity.traits.email",
        "w.jsonnet:4:12: Field does not exist: email (ctx.identity.traits.email)",
    ]


def test_a_payload_path_may_begin_with_ctx(project: Project) -> None:
    template, case = "function(ctx) { ctx: { id: ctx.flow.type } }", expecting("{paths: {%s: {equals: api}}}")
    assert verdict(project, case % "ctx.id", template)[0]
    assert not verdict(project, case % "id", template)[0]


def test_a_payload_that_contains_nothing_has_to_be_one_of_that_type(project: Project) -> None:
    assert verdict(project, expecting("{contains: {}}"))[0]
    assert not verdict(project, expecting("{contains: []}"))[0]
    assert not verdict(project, "  - name: a\n    without: [identity.traits.email]\n    expect: {contains: {}}\n")[0]


def test_a_cancel_under_a_form_content_type_is_a_failure(project: Project) -> None:
    case = "  - name: a\n    webhook: {headers: {content-type: application/x-www-form-urlencoded}}\n    expect: %s\n"
    template = "function(ctx) error 'cancel'"

    assert verdict(project, expecting("cancelled"), template)[0]
    assert not verdict(project, case % "cancelled", template)[0]
    assert verdict(project, case % "{failed: {kind: explicit}}", template)[0]


def test_a_request_is_that_of_the_webhook_in_the_case_file(project: Project) -> None:
    webhook = (
        "{url: 'https://b.example/x', method: PUT, headers: {X-A: b}, "
        "auth: {type: basic_auth, config: {user: u, password: p}}}"
    )
    request = "{method: PUT, url: 'https://b.example/x', headers: {x-a: b, AUTHORIZATION: Basic dTpw}, body: {a: 1}}"

    passed, said = verdict(
        project, f"  - name: a\n    webhook: {webhook}\n    expect: {{request: {request}}}\n", "function(ctx) {a: 1}"
    )

    assert passed, said


def test_an_answer_of_the_receiver_decides_the_effect(project: Project) -> None:
    case = "  - name: a\n    webhook: {can_interrupt: true}\n    hook: %s\n    response: %s\n    expect: {effect: %s}\n"
    refusal = "{status: 403, body: {messages: [{messages: [{id: 1, text: no, type: error}]}]}}"

    passed, said = verdict(
        project, case % ("registration.after.password.pre_persist", refusal, "{flow_continues: false, stored: false}")
    )

    assert passed, said


def test_the_first_and_last_lines_say_where_and_how_to_run_it(project: Project) -> None:
    from jsonnet_ctx.cases.case_file import load_cases
    from jsonnet_ctx.cases.failure import failure_text
    from jsonnet_ctx.cases.run import run_case

    hook = "registration.after.oidc.pre_persist"
    verdict(project, f"  - name: it's at both stages\n    hook: {hook}\n    expect: cancelled\n")
    (case,) = load_cases(project.root / "w.cases.yaml").cases

    lines = failure_text(run_case(case)).splitlines()

    assert lines[:2] == [
        "w.cases.yaml:5:5: it's at both stages",
        "  at registration.after.oidc.pre_persist (kratos v26.2.0, api client)",
    ]
    assert lines[-2:] == [
        "  reads: ctx.identity.traits.email",
        "  run: jsonnet-ctx test 'w.cases.yaml::it'\"'\"'s at both stages'",
    ]


def test_letters_that_look_alike_are_told_apart(project: Project) -> None:
    template = "function(ctx) {composed: 'ë', long: std.repeat('x', 300) + 'a'}"
    long = "x" * 300

    assert verdict(project, expecting("{paths: {composed: {equals: 'e\u0308'}}}"), template)[1] == [
        'payload.composed: expected "e\\u0308" got "\\xeb"',
        "w.jsonnet:1",
    ]
    assert verdict(project, expecting(f"{{payload: {{composed: 'e\u0308', long: {long}b}}}}"), template)[1] == [
        'payload.composed: expected "e\\u0308" got "\\u00eb"',
        "w.jsonnet:1",
        'payload.long: expected …xxxxxxxxxxxxxxxxxxxxb" got …xxxxxxxxxxxxxxxxxxxxa"',
        "w.jsonnet:1",
    ]


def test_a_field_that_is_missing_points_at_the_object_that_should_hold_it(project: Project) -> None:
    template = """\
function(ctx) {
  more: 1,
} + {
  nested:
    { k: 2 },
}
"""
    assert verdict(project, expecting("{contains: {nested: {gone: 1}}}"), template)[1] == [
        "payload.nested.gone: expected 1 got nothing",
        "w.jsonnet:4",
    ]


def test_a_value_that_breaks_a_contract_is_shown_before_the_reason(project: Project) -> None:
    project.write({"r.json": {"properties": {"count": {"maximum": 0}}}})

    assert verdict(project, expecting("{schema: r.json}"))[1] == [
        "payload.count: expected what r.json takes got 1",
        "w.jsonnet:5",
        "1 is greater than the maximum of 0 (rule: properties/count/maximum)",
    ]


def test_credentials_are_not_shown(project: Project) -> None:
    webhook = (
        "{url: 'https://u:p4ss@b.example', method: PUT, headers: {Authorization: Bearer s3cret}, "
        "auth: {type: api_key, config: {name: X-Mine, value: s3cret, in: header}}}"
    )
    request = "{url: 'https://u:x@b.example/', headers: {authorization: a, x-mine: b, x-token: c}}"
    said = verdict(project, f"  - name: a\n    webhook: {webhook}\n    expect: {{request: {request}}}\n")[1]

    assert said == [
        "request.url: expected https://…@b.example/ got https://…@b.example",
        "request.headers.authorization: expected … got …",
        "credentials are not shown",
        "request.headers.x-mine: expected … got …",
        "credentials are not shown",
        "request.headers.x-token: expected … got no such header",
        "credentials are not shown",
    ]


def test_a_status_that_is_not_the_code_of_the_error_is_explained(project: Project) -> None:
    hook = "    hook: login.after.password\n    without: [identity.traits.email]\n"

    said = verdict(project, f"  - name: a\n{hook}    expect: {{effect: {{client_status: 500}}}}\n")[1]

    assert said[0] == "effect.client_status: expected 500 got 400"
    assert said[1].endswith("(HTTP 400, with the error 500 in the body)")


CONFIG = """
selfservice:
  flows:
    registration:
      after:
        password:
          hooks:
            - hook: web_hook
              config: {url: 'https://a.example/', method: POST, body: 'file://w.jsonnet', response: {ignore: true}}
            - hook: web_hook
              config: {url: 'https://b.example/', method: PUT, body: 'file://w.jsonnet', response: {ignore: true}}
"""


def test_a_hook_point_that_the_config_does_not_wire_borrows_no_other_action(project: Project) -> None:
    project.write({"jsonnet-ctx.toml": 'config = "kratos.yml"\n', "kratos.yml": CONFIG})
    case = (
        "  - name: a\n    hook: registration.after.password.pre_persist\n    response: {status: 500}\n    expect: %s\n"
    )
    why = "no action of kratos.yml sends this template at registration.after.password.pre_persist"
    hint = "it is sent at registration.after.password.post_persist; or say webhook: {url, method} in the case"

    assert verdict(project, case % "{request: {method: PUT}}")[1] == [
        f"request: expected one that leaves got not known: {why}",
        hint,
    ]
    assert verdict(project, case % "{effect: {stored: true}}")[1] == [
        f'effect: expected {{"stored": true}} got not known: {why}',
        hint,
    ]
    assert verdict(project, case % "{contains: {count: 1}}")[1] == [
        f"response: expected an action that reads it got not known: {why}",
        hint,
    ]
    assert verdict(project, case.replace("    response: {status: 500}\n", "") % "{contains: {count: 1}}")[0]


def test_what_is_expected_holds_for_every_action_that_sends_the_template(project: Project) -> None:
    project.write({"jsonnet-ctx.toml": 'config = "kratos.yml"\n', "kratos.yml": CONFIG})
    case = "  - name: a\n    hook: registration.after.password.post_persist\n    expect: %s\n"
    address = "kratos.yml::registration.after.password[1]"

    assert verdict(project, case % "{request: {method: POST}}")[1] == [
        "request.method: expected POST got PUT",
        f"of {address}; template: {address} judges it alone",
    ]
    assert verdict(project, case % "{effect: {stored: true}, contains: {count: 1}}")[0]
