"""The ways in which a hook point is reached, and what each of them fixes in ctx."""

from functools import cache
from typing import Any

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.catalog_file import catalog
from jsonnet_ctx.kratos.hook_point import HookPoint, hook_since
from jsonnet_ctx.kratos.versions import reaches, within
from jsonnet_ctx.records import Frozen, replace


class Scenario(Frozen):
    """One way a hook point is reached.

    ``client`` is ``api``, ``browser`` or ``spa``. ``request_path`` and ``flow_path`` are URLs
    below the public address with ``{…}`` for ids and tokens; ``flow_path`` made the flow and is
    ``=`` where that is this very request. ``transient_payload`` is ``client`` (what the client
    sent, ``{}`` when nothing), ``empty`` (always ``{}``), ``null`` or ``absent``. ``active`` and
    ``state`` are flow.active and flow.state, None where absent. ``session`` is ``new``,
    ``upgraded`` (stored, with this request's device added) or ``stored``; ``methods`` are its
    (method, aal, provider) entries. ``identity`` is ``self-service`` or ``admin`` (made through
    the admin API: traits exactly as sent). ``verified`` says whether the address was just proven,
    ``changes_traits`` whether ctx.identity has other traits than flow.identity, ``touched``
    whether its updated_at is already that of the change, ``continues`` whether the flow says that
    an unverified address is to be verified next. ``doubtful`` is a way that follows from what
    was measured at another hook point, while no capture of this one shows it: a refresh with a
    provider, and a global list whose page (context_shapes.json) says otherwise.
    """

    name: str
    client: str
    request_method: str
    request_path: str
    flow_path: str
    transient_payload: str = "absent"
    active: str | None = None
    state: str | None = None
    exchange_code: bool = False
    refresh: bool = False
    requested_aal: str = "aal1"
    session: str = "stored"
    methods: tuple[tuple[str, str, str | None], ...] = (("password", "aal1", None),)
    cookies: tuple[str, ...] = ()
    form: str | None = None
    messages: tuple[int, ...] = ()
    verified: bool = False
    changes_traits: bool = False
    touched: bool = False
    continues: bool = False
    doubtful: bool = False
    identity: str = "self-service"
    since: str | None = None
    until: str | None = None
    note: str = ""
    evidence: str = "source"

    @property
    def reached(self) -> str:
        """The way in words: its name, and what happens then as far as the note begins with that."""
        happens = self.note.partition(":")[0]
        return f"{self.name} ({happens[:1].lower()}{happens[1:]})" if happens else self.name

    @property
    def ordinary(self) -> bool:
        """Whether everybody meets it: what fails in this way alone is no error otherwise."""
        return self.identity != "admin" and not self.doubtful

    @property
    def session_aal(self) -> str:
        """The assurance level of the session: that of its strongest method."""
        return max(aal for _method, aal, _provider in self.methods)


@cache
def scenarios(hook: HookPoint, kratos: str) -> tuple[Scenario, ...]:
    """Return every way in which this version reaches the hook point; none for a version without it.

    A global hook list is reached in every way of every method of its flow, named
    ``<method>-<name>``. The last one is the first once more with an identity that an admin
    made, except where a new identity is registered or nobody is known.
    """
    if not reaches(kratos, hook_since(hook)):
        return ()
    found = tuple(
        _scenario(hook, kratos, row, method)
        for row in catalog("scenarios")
        if within(kratos, row.get("since"), row.get("until"))
        for method in _methods(hook, row)
    )
    by_admin = hook.flow != "registration" and (hook.phase == "after" or hook.flow == "settings")
    first = found[0]
    note = "The identity was made through the admin API: nested objects nobody sent are absent from its traits"
    return (
        (*found, replace(first, name=f"{first.name}-admin-identity", identity="admin", note=note))
        if by_admin
        else found
    )


def scenario_named(hook: HookPoint, kratos: str, name: str) -> Scenario:
    """Return the scenario of that name. Raises UnknownName with the nearest names."""
    ways = scenarios(hook, kratos)
    for way in ways:
        if way.name == name:
            return way
    raise UnknownName(f"scenario of {hook.id}", name, [way.name for way in ways])


def _methods(hook: HookPoint, row: dict[str, Any]) -> list[str | None]:
    family = hook.id.partition(".")[0]
    if (row["flow"], row["phase"]) != (family, hook.phase):
        return []
    if hook.method != "global" or row["methods"] == ["global"]:
        return [hook.method] if hook.method in row["methods"] else []
    return list(row["methods"])


def _scenario(hook: HookPoint, kratos: str, row: dict[str, Any], method: str | None) -> Scenario:
    prefix = f"{method}-" if hook.method == "global" and method != "global" else ""
    active = row.get("active") if reaches(kratos, row.get("active_since")) else None
    return Scenario(
        name=prefix + row["name"],
        client=row["client"],
        request_method=row["method"],
        request_path=row["path"],
        flow_path=row["flow_path"],
        transient_payload=_transient_payload(hook, kratos, row),
        active=method if active == "{method}" else active,
        state=_state(hook, kratos, row),
        exchange_code=row.get("exchange_code", False),
        refresh=row.get("refresh", False),
        requested_aal=row.get("aal", "aal1"),
        session=row.get("session", "stored"),
        methods=tuple(
            (str(method if entry[0] == "{method}" else entry[0]), entry[1], entry[2] if len(entry) > 2 else None)
            for entry in row.get("amr", [["password", "aal1"]])
        ),
        cookies=tuple(row.get("cookies", ())),
        form=row.get("form"),
        messages=tuple(row.get("messages", ())),
        verified=row.get("verified", False) or ("verified_since" in row and reaches(kratos, row["verified_since"])),
        changes_traits=row.get("changes_traits", False),
        touched=hook.persist == "post" and hook.flow == "settings" and reaches(kratos, row.get("touched_since")),
        continues=hook.persist == "post" and "continues_until" in row and within(kratos, None, row["continues_until"]),
        doubtful=hook.method in row.get("doubtful_at", ()),
        since=row.get("since"),
        until=row.get("until"),
        note=row["note"],
        evidence=row["evidence"],
    )


def _transient_payload(hook: HookPoint, kratos: str, row: dict[str, Any]) -> str:
    mode = str(row.get("transient_payload", "absent"))
    return mode if reaches(kratos, _flow_field_since(hook, "transient_payload")) else "absent"


def _state(hook: HookPoint, kratos: str, row: dict[str, Any]) -> str | None:
    if not reaches(kratos, _flow_field_since(hook, "state")):
        return None
    if hook.flow == "settings":
        return "success" if hook.persist == "post" else "show_form"
    return str(row.get("state", "choose_method"))


def _flow_field_since(hook: HookPoint, key: str) -> str | None:
    part = f"flow.{hook.flow}"
    return next(row.get("since") for row in catalog("fields") if row["part"] == part and row["key"] == key)
