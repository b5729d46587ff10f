"""Which binding a variable refers to."""

from hypothesis import given
from jsonnet_programs import programs

from jsonnet_ctx.syntax.parser import SyntaxProblem, parse
from jsonnet_ctx.syntax.scope import scope
from jsonnet_ctx.syntax.tree import Var, source, walk


def bindings(text: str) -> list[tuple[str, str | None]]:
    """Each variable of a text in its order, with the text of its binding."""
    tree = parse(text)
    found = scope(tree).binding_of
    in_order = [node for node in walk(tree) if isinstance(node, Var)]
    return [
        (node.name, None if (binding := found[node]) is None else source(text, binding))
        for node in sorted(in_order, key=lambda node: node.start)
    ]


def test_the_innermost_binding_counts() -> None:
    assert bindings("local a = 1; local b = a, a = 2; function(b=a) b") == [
        ("a", "a = 2"),
        ("a", "a = 2"),
        ("b", "b=a"),
    ]


def test_a_loop_variable_counts_in_the_body_and_after_its_loop() -> None:
    assert bindings("local x = 1; [x for x in [x] if x == 1 for x in [x]]") == [
        ("x", "for x in [x]"),
        ("x", "x = 1"),
        ("x", "for x in [x]"),
        ("x", "for x in [x]"),
    ]


def test_object_locals_do_not_reach_computed_names() -> None:
    assert bindings("local a = 'k'; { local a = 2, [a]: a, m(a): a }") == [
        ("a", "a = 'k'"),
        ("a", "a = 2"),
        ("a", "a"),
    ]


def test_std_is_bound_unless_the_template_binds_it() -> None:
    assert bindings("std.length(local std = 1; std)") == [("std", None), ("std", "std = 1")]


@given(text=programs())
def test_every_variable_of_a_program_is_bound(text: str) -> None:
    try:
        tree = parse(text)
    except SyntaxProblem:
        return
    found = scope(tree)
    for node in walk(tree):
        if isinstance(node, Var):
            binding = found.binding_of[node]
            assert node.name == "std" if binding is None else binding.name == node.name
            assert binding is None or node in found.uses_of[binding]
