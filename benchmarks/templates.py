"""The templates that are measured, and the contexts they are measured over."""

from typing import Any

LIGHT = "function(ctx) { id: ctx.identity.id, email: ctx.identity.traits.email }"

REALISTIC = """\
// Tells the CRM about a new person; every optional field is guarded.
local at(o, path, default) =
  std.foldl(function(acc, key) if std.isObject(acc) && std.objectHas(acc, key) then acc[key] else default, path, o);
local text(value) = if std.isString(value) then value else std.toString(value);
local header(ctx, name) =
  local values = at(ctx, ['request_headers', name], []);
  if std.isArray(values) && std.length(values) > 0 then values[0] else '';
function(ctx)
  local traits = at(ctx, ['identity', 'traits'], {});
  local payload = at(ctx, ['flow', 'transient_payload'], {});
  local email = at(traits, ['email'], null);
  local verified = [
    address.value
    for address in at(ctx, ['identity', 'verifiable_addresses'], [])
    if std.get(address, 'verified', false)
  ];
  if email == null then error 'cancel: nobody to write to' else {
    id: ctx.identity.id,
    schema: at(ctx, ['identity', 'schema_id'], 'default'),
    email: std.asciiLower(email),
    domain: std.split(email, '@')[1],
    name: std.join(' ', [text(traits[part]) for part in ['first_name', 'last_name'] if part in traits]),
    provider: at(payload, ['oidc_provider'], 'unknown'),
    campaign: at(payload, ['campaign', 'id'], null),
    newsletter: at(payload, ['newsletter'], false) == true,
    verified: verified,
    user_agent: header(ctx, 'User-Agent'),
    language: std.split(header(ctx, 'Accept-Language') + ',', ',')[0],
    type: if std.objectHas(ctx.flow, 'type') then ctx.flow.type else 'browser',
    source: std.join('/', ['kratos', ctx.flow.id]),
  }
"""


def context(number: int) -> dict[str, Any]:
    """A ctx of about 2 KB as registration.after hooks get it; ``number`` makes it different from the next."""
    identity = f"0b5a3f7e-6a52-4a5f-9d3b-{number:012d}"
    email = f"ann.{number}@example.org"
    address = {
        "id": identity,
        "value": email,
        "verified": number % 2 == 0,
        "via": "email",
        "status": "completed",
        "created_at": "2026-01-02T03:04:05.678901Z",
        "updated_at": "2026-01-02T03:04:05.678901Z",
    }
    return {
        "flow": {
            "id": identity,
            "type": "api",
            "expires_at": "2026-01-02T04:04:05.678901Z",
            "issued_at": "2026-01-02T03:04:05.678901Z",
            "request_url": "https://auth.example.org/self-service/registration/api?return_to=https://example.org/",
            "active": "password",
            "ui": {"action": f"https://auth.example.org/self-service/registration?flow={identity}", "method": "POST"},
            "transient_payload": {"oidc_provider": "google", "campaign": {"id": number}, "newsletter": True},
        },
        "identity": {
            "id": identity,
            "schema_id": "person",
            "schema_url": "https://auth.example.org/schemas/cGVyc29u",
            "state": "active",
            "traits": {"email": email, "first_name": "Ann", "last_name": "Example", "age": number},
            "verifiable_addresses": [address],
            "recovery_addresses": [{key: address[key] for key in ("id", "value", "via", "created_at", "updated_at")}],
            "metadata_public": None,
            "created_at": "2026-01-02T03:04:05.678901Z",
            "updated_at": "2026-01-02T03:04:05.678901Z",
            "organization_id": None,
        },
        "request_headers": {
            "Accept": ["application/json"],
            "Accept-Encoding": ["gzip, deflate, br"],
            "Accept-Language": ["de-CH,de;q=0.9,en;q=0.8"],
            "Content-Length": ["212"],
            "Content-Type": ["application/json"],
            "User-Agent": ["Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"],
        },
        "request_method": "POST",
        "request_url": f"https://auth.example.org/self-service/registration?flow={identity}",
        "request_cookies": {},
    }
