"""The tree of a text, and which texts have one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from go_jsonnet_process import GoJsonnet
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonnet_programs import damaged_programs, programs, token_heaps

from jsonnet_ctx.records import values_of
from jsonnet_ctx.syntax.parser import SyntaxProblem, parse
from jsonnet_ctx.syntax.tree import (
    Binary,
    Bind,
    Call,
    Dot,
    Filter,
    For,
    If,
    Index,
    Local,
    Name,
    Named,
    Node,
    Number,
    ObjectAssert,
    ObjectField,
    ObjectLocal,
    Param,
    Paren,
    String,
    Unary,
    source,
    walk,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "jsonnet"
VERDICTS: list[tuple[str, bool]] = json.loads((FIXTURES / "verdicts.json").read_text())
PARTS = Bind | Param | For | Filter | ObjectField | ObjectLocal | ObjectAssert | Name | Named


@pytest.fixture(scope="module")
def engine() -> Iterator[GoJsonnet]:
    with GoJsonnet() as child:
        yield child


def problem_of(text: str) -> SyntaxProblem | None:
    try:
        parse(text)
    except SyntaxProblem as problem:
        return problem
    return None


def accepts(text: str) -> bool:
    return problem_of(text) is None


def shape(node: Node, base: int) -> tuple[Any, ...]:
    """A tree as plain values, with offsets counted from ``base``."""
    parts: list[Any] = [type(node).__name__, node.start - base, node.end - base]
    for value in list(values_of(node).values())[2:]:
        if isinstance(value, tuple):
            parts.append([shape(item, base) for item in value])
        else:
            parts.append(shape(value, base) if isinstance(value, Node) else value)
    return tuple(parts)


def test_a_text_is_accepted_exactly_where_the_engine_accepts_it(engine: GoJsonnet) -> None:
    wrong = [text for text, verdict in VERDICTS if accepts(text) is not verdict]
    assert wrong == []
    assert [text for text, verdict in VERDICTS if engine.accepts(text) is not verdict] == []


@settings(max_examples=150)
@given(text=st.one_of(token_heaps, programs(), damaged_programs()))
def test_the_engine_and_the_parser_agree_on_any_heap_of_tokens(engine: GoJsonnet, text: str) -> None:
    assert accepts(text) is engine.accepts(text)


@settings(max_examples=150)
@given(text=programs())
def test_the_text_of_every_expression_parses_to_the_same_tree(text: str) -> None:
    try:
        tree = parse(text)
    except SyntaxProblem:
        return
    field_names = {node.key for node in walk(tree) if isinstance(node, ObjectField) and not node.computed}
    for node in walk(tree):
        if isinstance(node, PARTS) or node in field_names:
            continue
        around = f"{{ v: local a = 1, b = 'x', c = {{}}, x = 1, z = 1, {', '.join(sorted(bound_names(tree)))}; ("
        again = parse(around + source(text, node) + ") }")
        brackets = [found for found in walk(again) if isinstance(found, Paren) and found.start == len(around) - 1]
        inner = brackets[0].inner
        assert shape(inner, inner.start) == shape(node, node.start)


def bound_names(tree: Node) -> set[str]:
    """Binds for the object locals of a tree, whose names the generator numbers."""
    names = {node.bind.name for node in walk(tree) if isinstance(node, ObjectLocal)}
    return {f"{name} = 0" for name in names} | {"unused = 0"}


@given(text=programs())
def test_children_lie_inside_their_parent_and_in_order(text: str) -> None:
    try:
        tree = parse(text)
    except SyntaxProblem:
        return
    for node in walk(tree):
        starts = [child.start for child in node.children if not isinstance(child, For | Filter)]
        assert starts == sorted(starts)
        assert all(node.start <= child.start < child.end <= node.end for child in node.children)


@given(text=st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")), token_heaps))
def test_nothing_but_a_syntax_problem_is_raised(text: str) -> None:
    found = problem_of(text)
    if found is not None:
        assert 0 <= found.offset <= len(text.encode(errors="surrogatepass"))
        assert found.message


@given(text=st.text(st.characters(categories=["Cs", "Lu", "Po"]), max_size=20))
def test_half_a_surrogate_pair_is_a_syntax_problem(text: str) -> None:
    accepts(text)


@pytest.mark.parametrize("depth", [100, 121, 5_000])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("[", "]"), ("{a: ", "}"), ("-", ""), ("if ", " then 1 else 2"), ("function(x) ", ""), ("f(", ")")],
)
def test_deep_nesting_never_exhausts_the_stack(opening: str, closing: str, depth: int) -> None:
    text = opening * depth + "1" + closing * depth
    found = problem_of(text)
    if found is None:
        assert sum(1 for _ in walk(parse(text))) > depth
    else:
        assert found.message in ("nested too deeply", "unknown variable: f")


def test_long_chains_are_not_deep() -> None:
    count = 3_000
    sums = parse("+".join(["1"] * count))
    assert sum(isinstance(node, Number) for node in walk(sums)) == count
    binds = parse("".join(f"local a{number} = {number};" for number in range(count)) + "1")
    assert sum(isinstance(node, Local) for node in walk(binds)) == count
    elses = parse("if true then 1 else " * count + "2")
    assert sum(isinstance(node, If) for node in walk(elses)) == count
    fields = parse("{a: 1}" + ".a" * count)
    assert sum(isinstance(node, Dot) for node in walk(fields)) == count


def test_spans_count_bytes() -> None:
    text = "x // é\n"
    with pytest.raises(SyntaxProblem, match="unknown variable: x"):
        parse(text)
    greeting = parse("['é', 'x']")
    assert [(node.start, node.end) for node in greeting.children] == [(1, 5), (7, 10)]


def test_a_syntax_problem_says_what_was_expected_and_where() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse("function(ctx) { a: }")
    assert caught.value.message == "expected an expression, got '}'"
    assert caught.value.offset == 19


def test_operators_bind_as_the_engine_binds_them() -> None:
    tree = parse("-1 + 2 * 3 == 4 || true")
    assert isinstance(tree, Binary)
    assert tree.operator == "||"
    equal = tree.left
    assert isinstance(equal, Binary)
    added = equal.left
    assert isinstance(added, Binary)
    assert (equal.operator, added.operator) == ("==", "+")
    assert isinstance(added.left, Unary)


def test_a_call_spans_its_tailstrict() -> None:
    text = "local f(x) = x; f(1) tailstrict"
    call = next(node for node in walk(parse(text)) if isinstance(node, Call))
    assert source(text, call) == "f(1) tailstrict"
    assert call.tailstrict


def test_a_field_and_an_index_are_told_apart() -> None:
    tree = parse("{a: 1}['a']")
    assert isinstance(tree, Index)
    assert isinstance(tree.key, String)
    assert isinstance(parse("{a: 1}.a"), Dot)


@pytest.mark.parametrize(
    ("literal", "value", "quote"),
    [
        (r"'a\n\u00e9\/'", "a\né/", "'"),
        (r'"\ud83d\ude00"', "\U0001f600", '"'),
        (r"'\ud800\u0041'", "\ufffd", "'"),
        ("@'it''s \\n'", "it's \\n", "@'"),
        ('@"a""b"', 'a"b', '@"'),
        ("|||\n  a\n   b\n\n  é\n|||", "a\n b\n\né\n", "|||"),
        ("|||-\n\ta\n|||", "a", "|||"),
        ("|||\n\n\n  a\n |||", "\n\na\n", "|||"),
    ],
)
def test_strings_have_the_value_the_engine_gives_them(engine: GoJsonnet, literal: str, value: str, quote: str) -> None:
    tree = parse(literal)
    assert isinstance(tree, String)
    assert (tree.value, tree.quote) == (value, quote)
    assert json.loads(engine.evaluate(literal)[1]) == value
