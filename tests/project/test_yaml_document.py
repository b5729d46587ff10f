"""YAML: data with places, duplicate keys, merges, and files that mean harm."""

import contextlib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import parse_documents


def _read(text: str) -> object:
    return parse_documents(text, "a.yml")[0].value


def _refusal(text: str) -> tuple[str, str | None]:
    with pytest.raises(FileError) as caught:
        parse_documents(text, "a.yml")
    return str(caught.value), caught.value.hint


def test_every_key_and_item_knows_its_line_and_column() -> None:
    (document,) = parse_documents("a:\n  - x: 1\n  - é: {y: 2}\n", "a.yml")
    places = [str(document.location_of(path)) for path in [("a",), ("a", 0), ("a", 0, "x"), ("a", 1, "é", "y")]]
    assert places == ["a.yml:1:1", "a.yml:2:5", "a.yml:2:5", "a.yml:3:10"]


def test_a_missing_path_is_answered_with_its_parent() -> None:
    (document,) = parse_documents("a:\n  b: 1\n", "a.yml")
    assert str(document.location_of(("a", "b", "c", 3))) == "a.yml:2:3"


def test_windows_line_ends_and_comments_do_not_move_lines() -> None:
    (document,) = parse_documents("# hi\r\na: 1 # b\r\n\r\nb:\r\n  c: 2\r\n", "a.yml")
    assert document.value == {"a": 1, "b": {"c": 2}}
    assert str(document.location_of(("b", "c"))) == "a.yml:5:3"


def test_odd_line_ends_do_not_move_lines() -> None:
    (document,) = parse_documents("a: 'x\u2028y\x85z'\nb: 1\n", "a.yml")
    assert str(document.location_of(("b",))) == "a.yml:2:1"


def test_scalars_are_those_of_yaml_1_2() -> None:
    text = "{a: yes, b: on, c: true, d: 0o17, e: 1e3, f: 12:30:45, g: 2001-01-01, h: ~, i: '.inf', j: '1e3', k: 0x1F}"
    assert _read(text) == {
        "a": "yes", "b": "on", "c": True, "d": 15, "e": 1000.0, "f": "12:30:45",
        "g": "2001-01-01", "h": None, "i": ".inf", "j": "1e3", "k": 31,
    }  # fmt: skip


def test_numbers_of_yaml_1_1_are_those_that_kratos_reads() -> None:
    assert _read("{a: 017, b: 1_000, c: 0b1, d: 01067, f: -0x1F}") == {
        "a": 15, "b": 1000, "c": 1, "d": 567, "f": -31,
    }  # fmt: skip


@pytest.mark.parametrize("number", [".inf", "-.INF", ".nan", "1e400", "-1.5e999", "9" * 400, "9" * 5000])
def test_a_number_that_json_cannot_hold_is_refused_at_its_place(number: str) -> None:
    said = f"a number of {len(number)} digits is one" if number.isdigit() else f"{number} is a number"

    assert _refusal(f"a: 1\nb: [x, {number}]\n") == (
        f"a.yml:2:8: {said} that JSON cannot hold",
        "put it in quotes where text is meant",
    )
    assert _read(f"a: '{number}'\n") == {"a": number}


def test_a_tag_of_a_number_on_other_text_leaves_the_text() -> None:
    assert _read("a: !!float x\nb: !!int y\n") == {"a": "x", "b": "y"}


def test_anchors_and_merge_keys_are_followed() -> None:
    text = "base: &b {x: 1, y: 1}\nother: &o {y: 2, z: 2}\nall:\n  <<: [*b, *o]\n  x: 3\n"
    assert _read(text) == {"base": {"x": 1, "y": 1}, "other": {"y": 2, "z": 2}, "all": {"x": 3, "y": 1, "z": 2}}


def test_a_merged_key_is_located_where_it_was_written() -> None:
    (document,) = parse_documents("base: &b\n  x: 1\nall:\n  <<: *b\n", "a.yml")
    assert str(document.location_of(("all", "x"))) == "a.yml:2:3"


def test_every_document_is_read_and_empty_ones_are_left_out() -> None:
    values = [document.value for document in parse_documents("---\n---\na: 1\n---\nb: 2\n", "a.yml")]
    assert {"a": 1} in values
    assert {"b": 2} in values


def test_an_empty_file_is_null() -> None:
    assert _read("# nothing\n") is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yml:3:1: duplicate key 'a'", "it is first given in line 1"),
        (
            "a:\n\t- b\n",
            "a.yml:2:1: is not YAML: found character that cannot start any token",
            "YAML is indented with spaces, not tabs",
        ),
        ("a: *b\n", "a.yml:1:4: is not YAML: found undefined alias", "quote the value when the * is text"),
        (
            "a: b: c\n",
            "a.yml:1:5: is not YAML: mapping values are not allowed in this context",
            "quote the value, or check the indentation of this line",
        ),
        (
            "a: {{ .Values.x }}\n",
            "a.yml:1:5: a key must be a plain value, not a list or mapping",
            "a template of a YAML file (Helm, Go) must be rendered first; quote a value that begins with {",
        ),
        ("a: &x [*x]\n", "a.yml:1:4: an alias refers to the value it lies in", None),
        ("a: &x {<<: &y {<<: *x}}\n", "a.yml:1:4: an alias refers to the value it lies in", None),
        ("a: {<<: 1}\n", "a.yml:1:9: << merges mappings only", None),
        (
            "a: !!python/object/apply:os.system [ls]\n",
            "a.yml:1:4: the tag !!python/object/apply:os.system is not data",
            None,
        ),
        ("é: \x01\n", "a.yml:1:5: is not YAML: the character U+0001 is not allowed", None),
        ("[" * 5000, "a.yml:1:201: is nested more than 200 levels deep", None),
        ("- " * 5000 + "x", "a.yml:1:401: is nested more than 200 levels deep", None),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, hint: str | None) -> None:
    assert _refusal(text) == (message, hint)


def test_a_bomb_of_aliases_is_refused_before_it_expands() -> None:
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 30)]
    message, _ = _refusal("\n".join(lines))
    assert message == "a.yml:6:5: aliases expand to more than 1,000,000 values"


def test_a_ladder_of_merges_is_read_in_one_go() -> None:
    lines = ["l0: &l0 {a: 1}"] + [f"l{n}: &l{n} {{<<: [*l{n - 1}, *l{n - 1}]}}" for n in range(1, 60)]
    value = _read("\n".join(lines))
    assert isinstance(value, dict)
    assert value["l59"] == {"a": 1}


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
@settings(max_examples=100, deadline=None)
def test_what_pyyaml_writes_is_read_back(value: object) -> None:
    assert _read(yaml.safe_dump(value)) == value


@given(st.text(alphabet="ab:-[]{},&*<#|>'\"\n \t!?%@", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(FileError):
        parse_documents(text, "a.yml")
