"""``jsonnet-ctx hooks``: what runs, what never does, and what is wrong in the wiring."""

from typing import Any

from harness import Project

TEMPLATE = "function(ctx) { id: ctx.identity.id }"


def config(**after: Any) -> dict[str, Any]:
    """A Kratos config with these lists below ``selfservice.flows.registration.after``."""
    methods = {name: {"enabled": True} for name in ("password", "oidc")}
    return {"selfservice": {"methods": methods, "flows": {"registration": {"after": after}}}}


def web_hook(url: str = "https://example.org/hook", body: str = "file://./a.jsonnet", **more: Any) -> dict[str, Any]:
    """One web_hook action."""
    return {"hook": "web_hook", "config": {"url": url, "method": "POST", "body": body, **more}}


def test_a_hook_that_runs_is_a_row(project: Project) -> None:
    project.write({"a.jsonnet": TEMPLATE, "kratos.json": config(password={"hooks": [web_hook(can_interrupt=True)]})})
    result = project.run("hooks", "kratos.json")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "hook point                                status     method  URL                       template   flags\n"
        "registration.after.password.pre_persist  effective  POST    https://example.org/hook  a.jsonnet"
        "  can_interrupt\n"
        "  on failure: the person sees an error 500; the identity is not stored; no webhook is sent\n"
    ).replace("hook point      ", "hook point     ", 1)


def test_the_only_config_need_not_be_named(project: Project) -> None:
    files = {"a.jsonnet": TEMPLATE, "kratos.json": config(password={"hooks": [web_hook()]})}
    found = project.write(files).run("hooks")
    assert (found.code, found.err) == (0, "note: found the kratos config kratos.json\n")
    assert found.out == project.run("hooks", "kratos.json").out

    several = project.write({"other.json": files["kratos.json"]}).run("hooks")
    assert (several.code, several.err) == (
        2,
        "error: kratos.json, other.json are kratos configs\n  hint: name one: jsonnet-ctx hooks FILE\n",
    )


def test_a_shadowed_hook_is_a_problem(project: Project) -> None:
    lists = {"hooks": [web_hook()], "password": {"hooks": [web_hook("https://example.org/b")]}, "oidc": {"hooks": []}}
    lists["oidc"] = {"hooks": [web_hook("https://example.org/c")]}
    project.write({"a.jsonnet": TEMPLATE, "kratos.json": config(**lists)})
    result = project.run("hooks", "kratos.json", "--fail-on", "info")
    assert result.code == 1
    assert "  never runs: " in result.out
    assert "JC401 shadowed-hook" in result.out
    assert project.run("hooks", "kratos.json", "--fail-on", "never").code == 0


def test_a_missing_template_is_a_problem(project: Project) -> None:
    project.write({"kratos.json": config(password={"hooks": [web_hook()]})})
    result = project.run("hooks", "kratos.json")
    assert result.code == 1
    assert "(template-not-found)" in result.out
    assert "JC407 template-not-found" in result.out


def test_json_holds_rows_and_findings(project: Project) -> None:
    project.write({"a.jsonnet": TEMPLATE, "kratos.json": config(oidc={"hooks": [web_hook(response={"ignore": True})]})})
    told = project.run("hooks", "kratos.json", "--format", "json").json()
    (row,) = told["hooks"]
    assert (told["format"], told["findings"]) == (1, [])
    assert row["hook"] == "registration.after.oidc.post_persist"
    assert row["flags"] == ["response.ignore"]
    assert row["status"] == "effective"
    assert row["address"] == "kratos.json::registration.after.oidc[0]"
    assert row["on_failure"].startswith("the person notices nothing")


def test_a_config_without_web_hooks_is_nothing_to_check(project: Project) -> None:
    project.write({"kratos.json": config()})
    result = project.run("hooks", "kratos.json")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: kratos.json has no web_hook\n")


def test_a_file_that_is_no_config_cannot_be_read(project: Project) -> None:
    project.write({"kratos.yml": "- just\n- a list\n"})
    result = project.run("hooks", "kratos.yml")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: kratos.yml")


def test_a_missing_file_is_told(project: Project) -> None:
    result = project.run("hooks", "nowhere.yml")
    assert result.code == 2
    assert "nowhere.yml" in result.err
