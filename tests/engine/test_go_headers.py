"""Header names in Go's canonical case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.go_headers import canonical


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("x-lower-case", "X-Lower-Case"),
        ("CONTENT-TYPE", "Content-Type"),
        ("ory-webhook-request-ID", "Ory-Webhook-Request-Id"),
        ("x-1a--b-", "X-1a--B-"),
        ("x_under-score", "X_under-Score"),
        ("with space", "with space"),
        ("ünicode", "ünicode"),
        ("", ""),
    ],
)
def test_a_name_is_written_in_canonical_case(name: str, written: str) -> None:
    assert canonical(name) == written


@given(st.text())
def test_canonical_case_is_canonical(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)
