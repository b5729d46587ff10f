"""Kratos versions and what differs between them: limits, std members, header filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.errors import UnknownName
from jsonnet_ctx.kratos.headers import canonical, header_allowlist, pass_headers
from jsonnet_ctx.kratos.limits import limits_of
from jsonnet_ctx.kratos.std_members import std_members, std_since
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS, parse_version, reaches, within


def test_versions_are_oldest_first() -> None:
    assert VERSIONS == ("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.3.1", "v25.4.0", "v26.2.0")
    assert LATEST == "v26.2.0"


def test_a_version_can_be_written_without_its_v() -> None:
    assert parse_version("26.2.0") == parse_version("v26.2.0") == "v26.2.0"


def test_an_unknown_version_comes_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownName) as caught:
        parse_version("v1.3.2")
    assert caught.value.nearest[0] in ("v1.3.0", "v1.3.1")


def test_reaching_and_lying_within_include_the_ends() -> None:
    assert reaches("v1.3.0", "v1.3.0")
    assert reaches("v25.4.0", "v1.3.0")
    assert not reaches("v1.2.0", "v1.3.0")
    assert reaches("v1.0.0", None)
    assert within("v1.3.1", "v1.2.0", "v1.3.1")
    assert not within("v25.4.0", "v1.2.0", "v1.3.1")


def test_limits_of_the_measured_versions() -> None:
    limits = limits_of("v26.2.0")
    assert (limits.input_bytes, limits.output_bytes, limits.seconds, limits.stack_frames) == (65535, 65535, 1, 500)
    assert limits.memory_bytes == 2 * 1024**3
    assert limits_of("v1.3.1").memory_bytes is None
    assert limits_of("v1.0.0").input_bytes is None


@pytest.mark.parametrize(
    ("member", "since"),
    [("get", "v1.0.0"), ("sum", "v1.1.0"), ("trim", "v25.4.0"), ("contains", "v25.4.0"), ("isNull", None)],
)
def test_a_std_member_is_known_from_its_first_version_on(member: str, since: str | None) -> None:
    """behaviours.json rows std.std.*: v1.3.1 lacks trim and contains, no version has isNull."""
    assert std_since(member) == since
    assert (member in std_members("v1.3.1")) == (since in ("v1.0.0", "v1.1.0"))


def test_go_jsonnet_0_21_adds_25_members() -> None:
    added = std_members("v25.4.0") - std_members("v1.3.1")
    assert len(added) == 25
    assert {"sha256", "maxArray", "removeAt", "flattenDeepArray", "equalsIgnoreCase"} <= added


def test_early_versions_pass_every_header() -> None:
    assert header_allowlist("v1.2.0") is None
    headers = {"cookie": ["a=b"], "Host": ["x"], "X-A": ["1"]}
    assert pass_headers(headers, None) == {"Cookie": ["a=b"], "X-A": ["1"]}


def test_v1_3_has_a_fixed_list() -> None:
    assert header_allowlist("v1.3.1", ["X-A"]) == header_allowlist("v1.3.1")


def test_a_configured_list_replaces_the_default() -> None:
    assert header_allowlist("v26.2.0", ["x-custom-header", "AUTHORIZATION"]) == ("X-Custom-Header", "Authorization")
    assert "Authorization" not in (header_allowlist("v26.2.0") or ())


def test_v25_4_keeps_the_spelling_of_the_config() -> None:
    """measured: allow-list key case in ctx.request_headers."""
    allowlist = header_allowlist("v25.4.0", ["x-custom-header"])
    assert pass_headers({"X-Custom-Header": ["1", "2"]}, allowlist) == {"x-custom-header": ["1", "2"]}


@given(st.text(max_size=20))
def test_a_canonical_name_stays_as_it_is(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)
