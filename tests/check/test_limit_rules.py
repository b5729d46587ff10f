"""Which sizes a client can reach that the evaluator does not take, and from where on."""

from typing import Any

import pytest
from harness import Project

TEMPLATE = "function(ctx) ctx.flow.id\n"
REST = (
    " exceeds the evaluator's 65,535 (each of < > and & counts six): the hook fails, or kratos sends an empty body"
    " as a success"
)


def _schema(**bio: Any) -> dict[str, Any]:
    traits = {"email": {"type": "string", "format": "email"}, "bio": {"type": "string", **bio}}
    return {"type": "object", "properties": {"traits": {"type": "object", "properties": traits}}}


def _told(project: Project, hook: str, *more: str) -> list[dict[str, Any]]:
    project.write({"t.jsonnet": TEMPLATE})
    report = project.run("check", "t.jsonnet", "--hook", hook, "--format", "json", *more).json()
    return [finding for finding in report["findings"] if finding["slug"] == "over-limit"]


def test_a_payload_of_the_client_is_told_with_the_size_that_is_too_much(project: Project) -> None:
    (finding,) = _told(project, "login.after.password")
    assert finding["path"] == "flow.transient_payload"
    room = int(finding["message"].partition("about ")[2].partition(" bytes")[0].replace(",", ""))
    assert finding["message"] == f"a client that sends more than about {room:,} bytes in transient_payload{REST}"
    outcomes = []
    # The size is that of the largest way to get here, a native client is not.
    for size in (room - 100, room + 3000):
        given = f'flow.transient_payload={{"x": "{"a" * size}"}}'
        result = project.run(
            "eval", "t.jsonnet", "--hook", "login.after.password", "--given", given, "--format", "json"
        )
        outcomes.append(result.json()["outcome"])
    assert outcomes == ["rendered", "failed"]


def test_a_version_without_a_limit_tells_nothing(project: Project) -> None:
    assert _told(project, "login.after.password", "--kratos", "v1.0.0") == []


def test_traits_are_told_where_no_payload_can_come(project: Project) -> None:
    project.write({"s.json": _schema()})
    (finding,) = _told(project, "settings.after.profile", "--identity-schema", "s.json")
    assert finding["path"] == "identity.traits"
    assert finding["message"].startswith("a person whose traits take more than about 19,")
    assert finding["message"].endswith(REST)


@pytest.mark.parametrize("bio", [{"maxLength": 100}, {"enum": ["short"]}])
def test_traits_that_the_schema_keeps_short_are_not_told(project: Project, bio: dict[str, Any]) -> None:
    project.write({"s.json": _schema(**bio)})
    assert _told(project, "settings.after.profile", "--identity-schema", "s.json") == []


def test_traits_without_a_schema_are_not_told(project: Project) -> None:
    assert _told(project, "settings.after.profile") == []
