"""JSON as Go reads it, with Go's words for what is wrong."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.go_decode import GoJsonError, read_json
from jsonnet_ctx.errors import UsageError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def words(text: str | bytes, *, stream: bool = False) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(GoJsonError) as caught:
        read_json(data, stream=stream)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "unexpected end of JSON input"),
        (" \n", "unexpected end of JSON input"),
        ('{"a"', "unexpected end of JSON input"),
        ('"abc', "unexpected end of JSON input"),
        ("OK", "invalid character 'O' looking for beginning of value"),
        ("nope", "invalid character 'o' in literal null (expecting 'u')"),
        ("trUe", "invalid character 'U' in literal true (expecting 'u')"),
        ("fals", "invalid character ' ' in literal false (expecting 'e')"),
        ("{} x", "invalid character 'x' after top-level value"),
        ("01", "invalid character '1' after top-level value"),
        ("{a: 1}", "invalid character 'a' looking for beginning of object key string"),
        ('{"a": 1,}', "invalid character '}' looking for beginning of object key string"),
        ('{"a" 1}', "invalid character '1' after object key"),
        ('{"a": 1 "b"}', "invalid character '\"' after object key:value pair"),
        ("[1 2]", "invalid character '2' after array element"),
        ("[1,]", "invalid character ']' looking for beginning of value"),
        ("-", "invalid character ' ' in numeric literal"),
        ("-x", "invalid character 'x' in numeric literal"),
        ("1.", "invalid character ' ' after decimal point in numeric literal"),
        ("1e+", "invalid character ' ' in exponent of numeric literal"),
        ("[1ex]", "invalid character 'x' in exponent of numeric literal"),
        ('"\n"', r"invalid character '\n' in string literal"),
        ('"\x01"', r"invalid character '\x01' in string literal"),
        (r'"\x"', "invalid character 'x' in string escape code"),
        (r'"\u12G4"', r"invalid character 'G' in \u hexadecimal character escape"),
        ("'a'", r"invalid character '\'' looking for beginning of value"),
        ("\\", r"invalid character '\\' looking for beginning of value"),
        ("ä", "invalid character 'Ã' looking for beginning of value"),
        (b"\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value"),
        (b"\x80", r"invalid character '\u0080' looking for beginning of value"),
        ("<html>", "invalid character '<' looking for beginning of value"),
    ],
)
def test_go_says_what_is_wrong(text: str | bytes, said: str) -> None:
    assert words(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "EOF"),
        ("  ", "EOF"),
        ("{", "unexpected EOF"),
        ("tru", "unexpected EOF"),
        ("[x", "invalid character 'x' looking for beginning of value"),
    ],
)
def test_a_stream_ends_early_in_other_words(text: str, said: str) -> None:
    assert words(text, stream=True) == said


def test_a_stream_leaves_what_follows_the_first_value() -> None:
    assert read_json(b'{"a": 1} rubbish', stream=True) == {"a": 1}


def test_depth_is_limited_as_in_go() -> None:
    assert words("[" * 10_001) == "exceeded max depth"
    with pytest.raises(UsageError, match="nests too deep to be read"):
        read_json(b"[" * 9_000 + b"]" * 9_000)


def test_numbers_of_any_length_are_read() -> None:
    assert read_json(b"9" * 5_000) == float("inf")


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    assert read_json(b'"\xff"') == "\ufffd"


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_what_is_json_is_read(value: Any, indent: int | None, stream: bool) -> None:
    assert read_json(json.dumps(value, indent=indent).encode(), stream=stream) == value


@given(st.text(alphabet='{}[]":,.-+0123456789truefalsn\\ \n', max_size=20))
def test_go_and_python_agree_on_what_is_json(text: str) -> None:
    try:
        ours = read_json(text.encode())
    except GoJsonError:
        with pytest.raises(ValueError):  # noqa: PT011 - json's own error has no fixed words
            json.loads(text)
    else:
        assert ours == json.loads(text)


@given(st.binary(max_size=30), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, stream: bool) -> None:
    with contextlib.suppress(GoJsonError):
        read_json(data, stream=stream)
