"""Base64 as strict as Go, with Go's offsets."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.project.go_base64 import IllegalBase64, decode_base64

_ROWS = json.loads((Path(__file__).parents[2] / "fixtures/kratos/behaviours.json").read_text(encoding="utf-8"))
_OBSERVED = [
    (row["config"]["hooks"][0]["body"], row["observed"]["client_error"]["error"]["message"])
    for row in _ROWS
    if row["id"] in {"body.bad-base64", "body.base64-unpadded", "body.base64-url-alphabet"}
    and row["observed"].get("client_error")
]


@pytest.mark.parametrize(("uri", "message"), _OBSERVED)
def test_kratos_names_the_same_byte(uri: str, message: str) -> None:
    with pytest.raises(IllegalBase64) as caught:
        decode_base64(uri.removeprefix("base64://"))
    assert message == f"base64decode: {uri}: {caught.value}"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        # Offsets of Go's own test table for StdEncoding (encoding/base64 TestDecodeCorrupt).
        ("!!!!", 0), ("====", 0), ("x===", 1), ("=AAA", 0), ("A=AA", 1), ("AA=A", 2), ("AA==A", 4),
        ("AAA=AAAA", 4), ("AAAAA", 4), ("AAAAAA", 4), ("A=", 1), ("A==", 1), ("AA=", 3), ("AA==", -1),
        ("AAA=", -1), ("AAAA", -1), ("AAAAAA=", 7), ("YWJjZA=====", 8), ("A!\n", 1), ("A=\n", 1), ("", -1),
    ],
)  # fmt: skip
def test_offsets_are_those_of_go(text: str, offset: int) -> None:
    if offset == -1:
        decode_base64(text)
        return
    with pytest.raises(IllegalBase64) as caught:
        decode_base64(text)
    assert caught.value.offset == offset


@given(st.binary())
def test_whatever_is_encoded_is_decoded(data: bytes) -> None:
    assert decode_base64(base64.b64encode(data).decode()) == data


@given(st.binary(), st.integers(min_value=0))
def test_line_ends_are_skipped(data: bytes, at: int) -> None:
    text = base64.b64encode(data).decode()
    cut = at % (len(text) + 1)
    assert decode_base64(text[:cut] + "\r\n" + text[cut:] + "\n") == data


@given(st.text(alphabet="AB+/=-_ \n", max_size=12))
def test_any_text_is_decoded_or_refused_inside_it(text: str) -> None:
    try:
        decode_base64(text)
    except IllegalBase64 as error:
        offset = error.offset
    else:
        return
    assert 0 <= offset <= len(text)
