"""Whether a value satisfies a part of a JSON Schema, as a validator sees it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jsonnet_ctx.errors import UsageError
from jsonnet_ctx.kratos.local_schema import self_contained
from jsonnet_ctx.kratos.schema_place import Place
from jsonnet_ctx.records import Plain


class _Part(Plain):
    """Parts of a document that a value has to satisfy; the same when they are the very same objects."""

    document: dict[str, Any]
    schemas: tuple[Any, ...]
    formats: bool

    def __hash__(self) -> int:
        return hash((id(self.document), *(id(schema) for schema in self.schemas), self.formats))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Part)
            and self.document is other.document
            and self.formats == other.formats
            and len(self.schemas) == len(other.schemas)
            and all(one is two for one, two in zip(self.schemas, other.schemas, strict=True))
        )


def is_valid(place: Place, value: Any, *, formats: bool = True) -> bool:
    """Tell whether ``value`` satisfies the schema at ``place``, also in what a place leaves out (``not``, …).

    Nothing is fetched. Raises UsageError for a schema that no validator can read.
    """
    if not place.branches:
        return False
    return any(_validator(_Part(place.document, schemas, formats))(value) for schemas in place.demands)


@lru_cache(maxsize=256)
def _validator(part: _Part) -> Callable[[Any], bool]:
    import jsonschema_rs

    alone = self_contained(part.document, part.schemas)
    try:
        return jsonschema_rs.validator_for(alone, validate_formats=part.formats, offline=True).is_valid
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as problem:
        raise UsageError(f"the identity schema is not a JSON Schema: {str(problem).splitlines()[0]}") from problem
