"""One plain value for a place of a JSON Schema: quick, real-looking, and honest about being unsure."""

from collections.abc import Iterable
from math import ceil, floor
from typing import Any

from jsonnet_ctx.context.likely import Person, likely_number, likely_text
from jsonnet_ctx.kratos.schema_branch import Branch, branch_types, listed, strings
from jsonnet_ctx.kratos.schema_place import Place, item_schemas, property_schemas
from jsonnet_ctx.kratos.schema_valid import is_valid
from jsonnet_ctx.records import Plain

MAX_DEPTH = 16
_HARD = ("oneOf", "if", "not", "dependencies", "dependentSchemas", "dependentRequired", "contains", "propertyNames")
_PREFERRED = ("object", "string", "integer", "number", "boolean", "array", "null")


class Example(Plain):
    """Makes values for one person; ``unsure`` turns true when a value may miss what its schema demands.

    ``minimal`` leaves out optional keys, but with ``objects`` not the objects that Kratos adds as ``{}``;
    ``choice`` says which of several alternatives to take first.
    """

    person: Person
    minimal: bool = False
    objects: bool = True
    choice: int = 0
    unsure: bool = False
    _above: tuple[Any, ...] = ()

    def of(self, place: Place, name: str = "", depth: int = 0) -> Any:
        """Return a value for ``place``, which stands under the key ``name``."""
        if not place.branches:
            self.unsure = True
            return None
        branch = place.branches[self.choice % len(place.branches)]
        self.unsure |= any(word in part for part in branch for word in _HARD)
        fixed = _fixed(branch)
        if fixed is not None:
            return fixed[0]
        types = branch_types(branch)
        kind = next(kind for kind in _PREFERRED if kind in types and (kind != "object" or len(types) < 7))
        if kind == "object":
            return self._object(place, branch, depth)
        if kind == "array":
            return self._array(place, branch, name, depth)
        value, sure = self._scalar(kind, branch, name)
        return value if sure else self._searched(Place(place.document, (branch,)), value)

    def _scalar(self, kind: str, branch: Branch, name: str) -> tuple[Any, bool]:
        """A value of a JSON type, and whether it is known to fit."""
        if kind == "string":
            return self._string(branch, name)
        if kind in {"integer", "number"}:
            return self._number(branch, name, whole=kind == "integer")
        return (None if kind == "null" else bool(self.person.number(name, 2))), True

    def _searched(self, place: Place, value: Any) -> Any:
        """``value`` if it fits after all, else one that a search finds."""
        if is_valid(place, value):
            return value
        from jsonnet_ctx.context.from_schema import smallest

        return smallest(place)

    def _object(self, place: Place, branch: Branch, depth: int) -> dict[str, Any]:
        self.unsure |= any("minProperties" in part or "maxProperties" in part for part in branch)
        required = {key for part in branch for key in strings(part.get("required"))}
        named = (key for part in branch for key in part.get("properties") or {} if isinstance(key, str))
        made: dict[str, Any] = {}
        above, self._above = self._above, (*self._above, *branch)
        for key in dict.fromkeys((*named, *sorted(required))):
            child = Place(place.document, (property_schemas(branch, key),))
            added = self.objects and child.types == ("object",)
            wanted = key in required or (self._fresh(child) and (added or not self.minimal))
            if wanted:
                made[key] = self._below(child, key, depth)
        self._above = above
        return made

    def _fresh(self, child: Place) -> bool:
        """Whether an optional place can hold something and does not lead back to what holds it."""
        parts = [part for branch in child.branches for part in branch]
        return bool(child.branches) and not any(part is one for part in parts for one in self._above)

    def _array(self, place: Place, branch: Branch, name: str, depth: int) -> list[Any]:
        least = _limit(branch, "minItems", max, 0)
        wanted = max(least, 0 if self.minimal else 1)
        count = min(wanted, _limit(branch, "maxItems", min, wanted))
        self.unsure |= count > 1 or count < least or any(_is_tuple(part) for part in branch)
        child = Place(place.document, (item_schemas(branch),))
        if count > least and not self._fresh(child):
            return []
        return [self._below(child, name, depth) for _ in range(count)]

    def _below(self, child: Place, name: str, depth: int) -> Any:
        if depth > MAX_DEPTH:
            self.unsure = True
            return None
        return self.of(child, name, depth + 1)

    def _string(self, branch: Branch, name: str) -> tuple[str, bool]:
        form = next((part["format"] for part in branch if isinstance(part.get("format"), str)), None) or _via(branch)
        text = likely_text(name, form, self.person)
        least, most = _limit(branch, "minLength", max, 0), _limit(branch, "maxLength", min, len(text))
        fitted = text.ljust(int(least), "x")[: max(int(most), 0)] if not least <= len(text) <= most else text
        patterned = any("pattern" in part for part in branch)
        return fitted, len(fitted) >= least and not patterned and (form is None or fitted == text)

    def _number(self, branch: Branch, name: str, *, whole: bool) -> tuple[int | float, bool]:
        low, high = _limit(branch, "minimum", max, None), _limit(branch, "maximum", min, None)
        above, below = _limit(branch, "exclusiveMinimum", max, None), _limit(branch, "exclusiveMaximum", min, None)
        value: int | float = likely_number(name, self.person)
        least = max((n for n in (low, None if above is None else floor(above) + 1) if n is not None), default=value)
        most = min((n for n in (high, None if below is None else ceil(below) - 1) if n is not None), default=value)
        value = max(min(value, most), least)
        value = ceil(value) if whole else value
        odd = any("multipleOf" in part or isinstance(part.get("exclusiveMinimum"), bool) for part in branch)
        return value, least <= value and (value <= most or high is below is None) and not odd


def _fixed(branch: Branch) -> tuple[Any] | None:
    """The first value that all ``enum`` and ``const`` of a branch allow, in a tuple; None without any."""
    lists = [[part["const"]] if "const" in part else listed(part.get("enum")) for part in branch]
    lists = [values for values in lists if values]
    if not lists:
        return None
    common = [value for value in lists[0] if all(_among(value, values) for values in lists[1:])]
    return ((common or lists[0])[0],)


def _is_tuple(part: dict[str, Any]) -> bool:
    return isinstance(part.get("items"), list) or "prefixItems" in part


def _among(value: Any, values: Iterable[Any]) -> bool:
    return any(type(one) is type(value) and one == value for one in values)


def _via(branch: Branch) -> str | None:
    """What the Kratos extension says a string is: an address to verify or recover by."""
    for part in branch:
        extension = part.get("ory.sh/kratos")
        for word in ("verification", "recovery"):
            mark = extension.get(word) if isinstance(extension, dict) else None
            via = mark.get("via") if isinstance(mark, dict) else None
            if via in {"email", "sms", "phone"}:
                return "email" if via == "email" else "tel"
    return None


def _limit(branch: Branch, word: str, pick: Any, default: Any) -> Any:
    found = [
        part[word] for part in branch if isinstance(part.get(word), int | float) and not isinstance(part[word], bool)
    ]
    return pick(found) if found else default
