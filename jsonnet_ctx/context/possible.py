"""Whether Kratos could put a value at a path of a ctx, and why not."""

import difflib
import math
from collections.abc import Sequence
from typing import Any

from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.headers import canonical
from jsonnet_ctx.kratos.schema_branch import type_of
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.kratos.traits import below_traits, trait_allows

_A = {"object": "an object", "array": "a list", "integer": "a number", "null": "null"}


def require_possible(
    shape: Shape, ctx: dict[str, Any], path: Path, value: Any, headers: Sequence[str] | None = None
) -> None:
    """Refuse a value that cannot be at ``path`` of this ctx.

    ``headers`` are the names that the allow-list passes, None for all. Raises UsageError that
    names the path, the hook point and the version, with the nearest real paths as hint.
    """
    _require_plain(path, value)
    _require_cookies_allowed(shape, ctx, path, value)
    _require_below(shape, path, value, headers)


def _require_below(shape: Shape, path: Path, value: Any, headers: Sequence[str] | None) -> None:
    field = shape.field(path)
    if field is None:
        raise _never(shape, path)
    if path[0] == "request_headers" and len(path) > 1 and headers is not None and path[1] not in headers:
        raise _filtered(shape, str(path[1]), headers)
    below = below_traits(path)
    if below and not isinstance(value, dict) and not trait_allows(shape.identity_schema, path, value):
        raise UsageError(f"the identity schema does not allow {value!r} at {format_path(path)}")
    if field.is_open and not (below and isinstance(value, dict)):
        return
    _require_type(shape, path, field, value)
    if isinstance(value, dict):
        for key, item in value.items():
            _require_below(shape, (*path, key), item, headers)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _require_below(shape, (*path, index), item, headers)


def _require_type(shape: Shape, path: Path, field: Field, value: Any) -> None:
    kind = "number" if type_of(value) == "integer" else type_of(value)
    allowed = (*field.types, "null") if field.nullable else field.types
    if field.is_open:
        return
    if kind not in allowed:
        raise UsageError(
            f"{format_path(path)} cannot be {_A.get(kind, f'a {kind}')} {_where(shape)}",
            hint=f"it is {' or '.join(_A.get(name, f'a {name}') for name in allowed)}",
        )
    if field.enum and isinstance(value, str) and value not in field.enum:
        raise UsageError(
            f"{format_path(path)} cannot be {value!r} {_where(shape)}",
            hint=f"it is {' or '.join(map(repr, field.enum))}",
        )


def _never(shape: Shape, path: Path) -> UsageError:
    absent = shape.absence(path)
    traits = below_traits(path)
    if absent is None and traits and shape.identity_schema is not None:
        message = f"the identity schema has no trait {format_path(traits)}"
    else:
        reason = f": {absent.note[:1].lower()}{absent.note[1:]}" if absent is not None and absent.note else ""
        message = f"{format_path(path)} cannot be {_where(shape)}{reason}"
    nearest = shape.nearest(path)
    hint = f"did you mean {' or '.join(nearest)}?" if nearest else None
    if hint is None and absent is None and not traits:
        tops = dict.fromkeys(str(field.path[0]) for field in shape.fields)
        hint = f"a path begins with {', '.join(tops)}; what a client sends is below flow.transient_payload"
        hint = hint if shape.field(("flow", "transient_payload")) else hint.partition(";")[0]
    return UsageError(message, hint=hint)


def _filtered(shape: Shape, name: str, headers: Sequence[str]) -> UsageError:
    message = f"request_headers.{name} cannot be {_where(shape)}: the header is not on the allow-list"
    near = [canonical(name)] if canonical(name) in headers else difflib.get_close_matches(name, headers, n=3)
    return UsageError(message, hint=f"did you mean {' or '.join(near)}?" if near else None)


def _require_cookies_allowed(shape: Shape, ctx: dict[str, Any], path: Path, value: Any) -> None:
    """API clients that submit with a cookie are refused before any hook runs (behaviours.md section 11)."""
    flow = ctx.get("flow")
    is_api = isinstance(flow, dict) and flow.get("type") == "api" and ctx.get("request_method") == "POST"
    if path[0] == "request_cookies" and (len(path) > 1 or value) and is_api and shape.hook.phase == "after":
        raise UsageError(
            f"request_cookies cannot hold anything {_where(shape)}: kratos refuses a cookie from an api client",
            hint="take the browser or spa client",
        )


def _require_plain(path: Path, value: Any) -> None:
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            stack += [*part.keys(), *part.values()]
            plain = all(isinstance(key, str) for key in part)
        elif isinstance(part, list):
            stack += part
            plain = True
        else:
            plain = part is None or isinstance(part, str | int) or (isinstance(part, float) and math.isfinite(part))
        if not plain:
            raise UsageError(f"not a JSON value at {format_path(path)}: {part!r}")


def _where(shape: Shape) -> str:
    return f"at {shape.hook} (kratos {shape.kratos})"
