"""The message that Kratos sends to its evaluator: what it holds and how long it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.go_json import encode_ctx, kratos_message, message_size, quoted_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("plain", 5),
        ('say "x"', 9),
        ("a\\b", 4),
        ("<>&", 18),
        ("\n\r\t\b\f", 10),
        ("\x00\x1f", 12),
        ("\x7f", 1),
        ("é€😀", 9),
        ("\u2028\u2029", 12),
    ],
)
def test_a_string_has_the_size_that_go_gives_it(text: str, size: int) -> None:
    assert quoted_size(text) == size


def _as_go(text: str) -> str:
    """``json.Marshal`` of a string, written from Go's documentation: Python's form and the HTML escapes."""
    quoted = json.dumps(text, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        quoted = quoted.replace(character, f"\\u{ord(character):04x}")
    return quoted


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_sizes_are_those_of_the_written_string(text: str) -> None:
    assert quoted_size(text) == len(_as_go(text).encode()) - 2


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=5))
def test_the_size_of_the_message_is_that_of_the_message(snippet: str, name: str) -> None:
    ctx_text = encode_ctx({"<a>": 'é"\u2028'})
    name, snippet = (text.encode("utf-8", "replace").decode() for text in (name, snippet))
    written = json.loads(kratos_message(name, snippet, ctx_text)[:-1])
    members = (
        f'{{"Filename":{_as_go(written["Filename"])},"Snippet":{_as_go(written["Snippet"])},'
        f'"TLACodes":[{{"Key":"ctx","Value":{_as_go(written["TLACodes"][0]["Value"])}}}],'
        '"TLAVars":null,"ExtCodes":null,"ExtVars":null}'
    )
    assert message_size(name, snippet, ctx_text) == len(members.encode())


def test_a_ctx_is_written_without_html_escapes_and_ends_a_line() -> None:
    assert encode_ctx({"a": "<&>é", "b": [None, True, 1.5]}) == '{"a":"<&>é","b":[null,true,1.5]}\n'


def test_line_separators_are_escaped_in_the_ctx() -> None:
    assert encode_ctx("\u2028\u2029") == '"\\u2028\\u2029"\n'
