"""The story that all parts of one fabricated ctx tell: whose flow it is, when, and how it got here."""

from dataclasses import dataclass
from typing import Any

from jsonnet_ctx.context.fabricate import base64_of, hex_of, number_of, uuid_of
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.traits import trait_fields

PUBLIC_URL = "https://auth.example.org"
ADMIN_URL = "http://kratos-admin:4434"
WEBSITE_URL = "https://www.example.org/"

_FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Niklaus")
_LAST = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Allen", "Wirth")


@dataclass(frozen=True, slots=True)
class Story:
    """One way of reaching a hook point, told with one seed; ``minimal`` with as little as can be."""

    shape: Shape
    scenario: Scenario
    seed: int
    minimal: bool

    @property
    def flow_id(self) -> str:
        """The id of ctx.flow."""
        return uuid_of(self.seed, "flow")

    @property
    def other_flow_id(self) -> str:
        """The id of the flow that led here or goes on from here."""
        return uuid_of(self.seed, "other flow")

    @property
    def is_stored(self) -> bool:
        """Whether the identity is in the database already."""
        return not (self.shape.hook.flow == "registration" and self.shape.hook.persist == "pre")

    @property
    def csrf_token(self) -> str:
        """What the form shows: empty for API clients."""
        return "" if self.scenario.client == "api" else base64_of(self.seed, "csrf node", 64)

    @property
    def request_url(self) -> str:
        """The URL of the request that runs the hook."""
        return self._url(self.scenario.request_path)

    @property
    def flow_request_url(self) -> str:
        """The URL of the request that made the flow."""
        path = self.scenario.flow_path
        return self.request_url if path == "=" else self._url(path)

    def traits(self, *, before: bool = False) -> dict[str, Any]:
        """The person's traits; with ``before`` those before the profile was changed."""
        schema, by_admin = self.shape.identity_schema, self.scenario.identity == "admin"
        if schema is None:
            return self._common_traits(before=before, email_only=self.minimal or by_admin)
        from jsonnet_ctx.context.traits import example_traits

        traits = example_traits(schema, seed=self.seed, minimal=self.minimal or by_admin)
        as_sent = by_admin and (before or self.shape.hook.method != "profile")
        return traits if as_sent else materialised(traits, trait_fields(schema))

    def _common_traits(self, *, before: bool, email_only: bool) -> dict[str, Any]:
        """Kratos's own example: {email, name: {first, last}}."""
        first = _FIRST[number_of(self.seed, "first name", len(_FIRST))]
        last = _LAST[number_of(self.seed, "last name", len(_LAST))]
        email = f"{first}.{last}@example.org".lower()
        if email_only:
            return {"email": email}
        changed = before and self.shape.hook.method == "profile"
        return {"email": email, "name": {"first": first, "last": f"{last}-Byron" if changed else last}}

    def _url(self, path: str) -> str:
        origin = ADMIN_URL if path.startswith("/admin/") else PUBLIC_URL
        return origin + path.format(
            flow_id=self.flow_id,
            other_flow_id=self.other_flow_id,
            code=hex_of(self.seed, "oidc code"),
            oidc_state=hex_of(self.seed, "oidc state", 64),
            token=hex_of(self.seed, "token"),
        )


def materialised(traits: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the traits with every object that Kratos adds as ``{}`` (behaviours.json rows traits.*)."""
    full = dict(traits)
    for field in fields:
        if field.presence == "always" and field.types == ("object",) and "*" not in field.path:
            full = _with_object(full, field.path)
    return full


def _with_object(value: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    key = str(path[0])
    held = value.get(key, {} if len(path) == 1 else None)
    if not isinstance(held, dict):
        return value
    return {**value, key: _with_object(held, path[1:]) if len(path) > 1 else held}
