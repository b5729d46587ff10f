"""The story that all parts of one fabricated ctx tell: whose flow it is, when, and how it got here."""

from typing import Any

from jsonnet_ctx.context.fabricate import base64_of, hex_of, number_of, uuid_of
from jsonnet_ctx.kratos.scenario import Scenario
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.records import Frozen

PUBLIC_URL = "https://auth.example.org"
ADMIN_URL = "http://kratos-admin:4434"
WEBSITE_URL = "https://www.example.org/"

_FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Niklaus")
_LAST = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Allen", "Wirth")


class Story(Frozen):
    """One way of reaching a hook point, told with one seed.

    ``traits`` are the person's, ``former_traits`` those before a settings change, ``schema_id``
    names the identity schema that they follow.
    """

    shape: Shape
    scenario: Scenario
    seed: int
    traits: dict[str, Any]
    former_traits: dict[str, Any]
    schema_id: str = "default"

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

    def _url(self, path: str) -> str:
        origin = ADMIN_URL if path.startswith("/admin/") else PUBLIC_URL
        return origin + path.format(
            flow_id=self.flow_id,
            other_flow_id=self.other_flow_id,
            code=hex_of(self.seed, "oidc code"),
            oidc_state=hex_of(self.seed, "oidc state", 64),
            token=hex_of(self.seed, "token"),
        )


def told(shape: Shape, scenario: Scenario, seed: int, *, minimal: bool, schema_id: str = "default") -> Story:
    """Return the story of one way of reaching the shape's hook point.

    Raises UsageError for an identity schema that allows no traits.
    """
    traits, former = (_traits(shape, scenario, seed, before=before, minimal=minimal) for before in (False, True))
    return Story(shape, scenario, seed, traits, former, schema_id)


def _traits(shape: Shape, scenario: Scenario, seed: int, *, before: bool, minimal: bool) -> dict[str, Any]:
    """The person's traits; nested objects nobody sent are missing from an identity of the admin API."""
    as_sent = scenario.identity == "admin" and (before or not scenario.changes_traits)
    bare = minimal or scenario.identity == "admin"
    if shape.identity_schema is None:
        return _common_traits(seed, email_only=bare, changed=before and scenario.changes_traits)
    from jsonnet_ctx.context.traits import example_traits

    return example_traits(shape.identity_schema, seed=seed, minimal=bare, materialised=not as_sent)


def _common_traits(seed: int, *, email_only: bool, changed: bool) -> dict[str, Any]:
    """Kratos's own example: {email, name: {first, last}}."""
    first = _FIRST[number_of(seed, "first name", len(_FIRST))]
    last = _LAST[number_of(seed, "last name", len(_LAST))]
    email = f"{first}.{last}@example.org".lower()
    if email_only:
        return {"email": email}
    return {"email": email, "name": {"first": first, "last": f"{last}-Byron" if changed else last}}
