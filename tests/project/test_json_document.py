"""JSON: strict, and every key and item with its place."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import parse_documents
from jsonnet_ctx.project.json_document import key_offsets

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def test_every_key_and_item_knows_its_line_and_column() -> None:
    text = '{ "a": [1, {"b": null, "c": []}],\n  "é": {}, "d": {"f": [[], [2]]}}'
    (document,) = parse_documents(text, "a.json", suffix=".json")
    paths: list[Path] = [("a",), ("a", 0), ("a", 1, "c"), ("é",), ("d",), ("d", "f", 1, 0)]
    places = [str(document.location_of(path)).removeprefix("a.json:") for path in paths]
    assert places == ["1:3", "1:9", "1:24", "2:3", "2:13", "2:30"]


_NO_KEY = "is not JSON: expecting property name enclosed in double quotes"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('{\n  // x\n  "a": 1}', f"a.json:2:3: {_NO_KEY}", "JSON has no comments"),
        ("{'a': 1}", f"a.json:1:2: {_NO_KEY}", "JSON strings are written with double quotes"),
        ('{"a": NaN}', "a.json: is not JSON: NaN is not a JSON number", None),
        ("", "a.json:1:1: is not JSON: expecting value", None),
        ("[" * 100_000, "a.json: is nested too deeply", None),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(FileError) as caught:
        parse_documents(text, "a.json", suffix=".json")
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_a_comma_before_the_closing_bracket_gets_a_hint() -> None:
    with pytest.raises(FileError) as caught:
        parse_documents('{"a": 1,}', "a.json", suffix=".json")
    assert caught.value.hint == "remove the comma before the closing bracket"


def test_of_equal_keys_the_last_counts() -> None:
    (document,) = parse_documents('{"a": 1,\n "a": 2}', "a.json", suffix=".json")
    assert document.value == {"a": 2}
    assert document.location_of(("a",)).line == 2


def _paths(value: object, path: Path = ()) -> list[Path]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in _paths(item, (*path, key)))]


@given(_VALUES, st.sampled_from([None, 1]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_exactly_the_paths_of_the_value_have_a_place(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    offsets = key_offsets(text)
    assert set(offsets) == set(_paths(value))
    for path, offset in offsets.items():
        if path and isinstance(path[-1], str):
            assert json.JSONDecoder(strict=False).raw_decode(text, offset)[0] == path[-1]
