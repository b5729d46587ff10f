"""``jsonnet-ctx ctx``: contexts from the command line."""

from harness import Project


def test_a_ctx_is_pretty_json(project: Project) -> None:
    result = project.run("ctx", "login.after.password")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith('{\n  "flow": {\n    "id": "')
    assert result.json()["session"]["active"] is True


def test_the_same_seed_gives_the_same_ctx(project: Project) -> None:
    one, again, other = (project.run("ctx", "login.before", "--seed", seed).out for seed in ("1", "1", "2"))
    assert one == again != other


def test_given_and_without_edit_the_ctx(project: Project) -> None:
    result = project.run(
        "ctx",
        "registration.after.oidc.post_persist",
        "--given",
        'flow.transient_payload={"a=b": 1}',
        "--given",
        'flow.transient_payload["c=d"]=[null]',
        "--without",
        "identity.traits.name",
    )
    assert result.err == ""
    assert result.json()["flow"]["transient_payload"] == {"a=b": 1, "c=d": [None]}
    assert "name" not in result.json()["identity"]["traits"]


def test_count_prints_one_json_line_each(project: Project) -> None:
    contexts = project.run("ctx", "login.before", "--count", "3", "--seed", "5").json_lines()
    assert len({ctx["flow"]["id"] for ctx in contexts}) == 3
    assert contexts[0] == project.run("ctx", "login.before", "--seed", "5").json()


def test_minimal_holds_less(project: Project) -> None:
    full, minimal = (project.run("ctx", "login.before", *more).out for more in ((), ("--minimal",)))
    assert len(minimal) < len(full)


def test_the_client_decides_the_flow_type(project: Project) -> None:
    assert project.run("ctx", "login.before", "--client", "browser").json()["flow"]["type"] == "browser"


def test_a_prefix_takes_the_later_stage_and_says_so(project: Project) -> None:
    result = project.run("ctx", "registration.after.oidc")
    assert result.err == (
        "note: registration.after.oidc is 2 hook points; took registration.after.oidc.post_persist"
        " (pin it: --hook registration.after.oidc.post_persist)\n"
    )
    assert result.json()["identity"]["id"] != "00000000-0000-0000-0000-000000000000"


def test_quiet_keeps_notes_back(project: Project) -> None:
    assert project.run("ctx", "registration.after.oidc", "-q").err == ""


def test_an_older_version_has_no_session_after_login(project: Project) -> None:
    assert "session" not in project.run("ctx", "login.after.password", "--kratos", "v1.1.0").json()


def test_the_schema_of_a_hook_point_accepts_its_contexts(project: Project) -> None:
    import jsonschema_rs

    schema = project.run("ctx", "login.after.password", "--schema").json()
    validator = jsonschema_rs.validator_for(schema)
    for ctx in project.run("ctx", "login.after.password", "--count", "3").json_lines():
        assert list(validator.iter_errors(ctx)) == []


def test_traits_follow_the_identity_schema(project: Project) -> None:
    traits = {"type": "object", "properties": {"nick": {"type": "string", "minLength": 3}}, "required": ["nick"]}
    project.write({"identity.schema.json": {"properties": {"traits": traits}}})
    ctx = project.run("ctx", "login.after.password", "--identity-schema", "identity.schema.json").json()
    assert list(ctx["identity"]["traits"]) == ["nick"]


def test_schema_goes_with_nothing_that_makes_one_ctx(project: Project) -> None:
    result = project.run("ctx", "login.before", "--schema", "--minimal")
    assert result.code == 2
    assert result.err.startswith("error: --schema describes every ctx of a hook point, the other options make one\n")


def test_a_value_that_is_no_json_is_told_with_the_quoted_text(project: Project) -> None:
    result = project.run("ctx", "login.after.password", "--given", "identity.traits.email=ann@example.org")
    assert result.code == 2
    assert "hint: a text needs quotes: --given 'identity.traits.email=\"ann@example.org\"'" in result.err


def test_a_given_without_value_is_told(project: Project) -> None:
    result = project.run("ctx", "login.after.password", "--given", "identity.traits")
    assert result.code == 2
    assert result.err.startswith("error: --given identity.traits: not PATH=JSON\n")


def test_nan_is_no_json(project: Project) -> None:
    result = project.run("ctx", "login.after.password", "--given", "identity.traits.age=NaN")
    assert result.code == 2
    assert "NaN is no JSON number" in result.err


def test_a_path_that_cannot_be_there_is_refused(project: Project) -> None:
    result = project.run("ctx", "registration.after.password.post_persist", "--given", "transient_payload={}")
    assert result.code == 2
    assert "flow.transient_payload" in result.err


def test_the_result_can_go_to_a_file(project: Project) -> None:
    result = project.run("ctx", "login.before", "--output", "ctx.json")
    assert (result.code, result.out) == (0, "")
    assert project.read("ctx.json").startswith("{\n")


def test_a_file_that_cannot_be_written_is_told(project: Project) -> None:
    result = project.run("ctx", "login.before", "--output", "no/such/ctx.json")
    assert result.code == 2
    assert result.err.startswith("error: cannot write no/such/ctx.json: no such file or directory\n")
