"""Comments that take findings back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.syntax.suppress import Suppression, suppressions

TEMPLATE = """\
// jsonnet-ctx: ignore-file[JC601] the receiver is ours
# a remark
function(ctx) {
  a: ctx.a,  // jsonnet-ctx: ignore[JC101, JC203] mobile clients always send it
  # jsonnet-ctx: ignore[JC102] set by an admin

  // and another remark
  b: ctx.b.c,
  /* jsonnet-ctx: ignore[JC104] é always one
   * at least */ c: ctx.c[0],
  d: 'jsonnet-ctx: ignore[JC999] no comment',
  // jsonnet-ctx: ignore[JC105]
  e: 1, // jsonnet-ctx: ignore everything
}
"""


def test_a_comment_applies_to_its_line_the_next_code_or_the_file() -> None:
    found = [(item.rules, item.reason, item.line) for item in suppressions(TEMPLATE)]
    assert found == [
        (("JC601",), "the receiver is ours", None),
        (("JC101", "JC203"), "mobile clients always send it", 4),
        (("JC102",), "set by an admin", 8),
        (("JC104",), "é always one", 10),
        (("JC105",), "", 13),
        ((), "everything", 13),
    ]


def test_a_span_is_that_of_the_comment() -> None:
    start, end = suppressions(TEMPLATE)[3].span
    assert TEMPLATE.encode()[start:end].decode() == ("/* jsonnet-ctx: ignore[JC104] é always one\n   * at least */")


@pytest.mark.parametrize(
    ("rule", "line", "covered"),
    [("JC101", 4, True), ("JC101", 5, False), ("JC102", 4, False), ("JC101", None, False)],
)
def test_a_suppression_covers_its_rules_at_its_line(rule: str, line: int | None, covered: bool) -> None:
    assert Suppression(("JC101",), "why", 4, (0, 1)).covers(rule, line) is covered


def test_a_suppression_of_the_file_covers_every_line() -> None:
    assert Suppression(("JC101",), "why", None, (0, 1)).covers("JC101", 99)


def test_ignore_file_after_code_counts_for_its_line_only() -> None:
    (only,) = suppressions("function(ctx) 1 // jsonnet-ctx: ignore-file[JC101] late")
    assert only.line == 1


def test_a_block_comment_gives_its_reason_without_its_end() -> None:
    (only,) = suppressions("/* jsonnet-ctx: ignore[JC101] why */ 1")
    assert (only.reason, only.line) == ("why", 1)


def test_a_broken_text_keeps_the_comments_before_the_fault() -> None:
    assert len(suppressions("// jsonnet-ctx: ignore[JC201] wip\n{ ' ")) == 1


@given(text=st.text() | st.text("/*#\n'\"|@ x").map(lambda text: f"// jsonnet-ctx: ignore[JC1]{text}"))
def test_any_text_can_be_asked(text: str) -> None:
    for item in suppressions(text):
        assert item.line is None or item.line >= 1
