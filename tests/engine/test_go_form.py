"""Form bodies as Go's url.Values writes them."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.go_form import encode_form


def test_all_but_the_unreserved_characters_are_escaped() -> None:
    assert encode_form({"q": "az09-_.~ +&=/?%'\"*()!ü😀"}) == (
        b"q=az09-_.~+%2B%26%3D%2F%3F%25%27%22%2A%28%29%21%C3%BC%F0%9F%98%80"
    )


def test_keys_are_sorted_by_their_bytes_and_null_is_empty() -> None:
    assert encode_form({"b": "1", "ü": "2", "B": None, "a b": "3"}) == b"B=&a+b=3&b=1&%C3%BC=2"


def test_keys_beyond_the_basic_plane_sort_after_all_others() -> None:
    assert encode_form({"😀": "1", "\uffee": "2"}) == b"%EF%BF%AE=2&%F0%9F%98%80=1"


@pytest.mark.parametrize("payload", [None, {}])
def test_nothing_is_an_empty_body(payload: object) -> None:
    assert encode_form(payload) == b""


@pytest.mark.parametrize("payload", ["x", [], 1, {"a": 1}, {"a": ["b"]}, {"a": True}])
def test_anything_else_is_no_form(payload: object) -> None:
    with pytest.raises(TypeError, match="not a form"):
        encode_form(payload)


@given(st.dictionaries(st.text(), st.text()))
def test_a_receiver_reads_the_same_values_back(payload: dict[str, str]) -> None:
    encoded = encode_form(payload).decode("ascii")
    assert dict(parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded))) == payload
