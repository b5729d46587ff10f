"""Which hook points a template fits, and which Jsonnet is none of our business."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jsonnet_ctx.check.fit import fitting_hooks, is_other_surface, looks_like_a_web_hook
from jsonnet_ctx.kratos.hook_point import hook_points
from jsonnet_ctx.kratos.versions import LATEST, VERSIONS


def fits(text: str, kratos: str = LATEST) -> set[str]:
    """The ids of the hook points that a template fits."""
    return {hook.id for hook in fitting_hooks(text, kratos)}


def test_a_read_of_a_session_fits_where_there_is_one() -> None:
    hooks = fits("function(ctx) { id: ctx.session.id }")
    assert "login.after.password" in hooks
    assert "verification.after" not in hooks


def test_a_template_that_reads_nothing_is_for_registration() -> None:
    assert {hook.partition(".")[0] for hook in fits("function(ctx) {}")} == {"registration"}


def test_a_template_that_is_no_jsonnet_is_for_registration() -> None:
    assert fits("function(ctx) {") == fits("function(ctx) {}")


def test_where_nothing_fits_the_nearest_are_taken() -> None:
    assert fits("function(ctx) { a: ctx.nowhere, id: ctx.session.id }") == fits("function(ctx) { id: ctx.session.id }")


@pytest.mark.parametrize("kratos", VERSIONS)
def test_only_hook_points_of_the_version_fit(kratos: str) -> None:
    known = {hook.id for hook in hook_points(kratos)}
    assert fits("function(ctx) { id: ctx.identity.id }", kratos)
    assert fits("function(ctx) { id: ctx.identity.id }", kratos) <= known


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("local claims = std.extVar('claims'); { identity: { traits: {} } }", "an OIDC claims mapper"),
        ("local session = std.extVar('session'); { claims: {} }", "a session tokenizer"),
        ("function(ctx) { claims: ctx.flow.id }", None),
        ("local c = std.extVar('claims'), ctx = std.extVar('ctx'); {}", None),
        ("function(ctx) {", None),
    ],
)
def test_other_surfaces_are_told_by_the_variables_they_read(text: str, surface: str | None) -> None:
    assert is_other_surface(text) == surface


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    assert looks_like_a_web_hook(text) in (True, False)
    assert fitting_hooks(text, LATEST)
