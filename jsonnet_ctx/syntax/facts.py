"""What rules on template text ask about a template: each function returns one kind of fact with byte spans."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.guard import Guards
from jsonnet_ctx.syntax.record import (
    Comparison,
    Concatenation,
    ErrorText,
    ListItem,
    OutputField,
    ReadAt,
    Span,
    TypeTest,
)
from jsonnet_ctx.syntax.resolve import resolve
from jsonnet_ctx.syntax.scope import scope
from jsonnet_ctx.syntax.tree import (
    Bind,
    Call,
    Dot,
    Function,
    Import,
    Index,
    Local,
    Name,
    Node,
    Number,
    ObjectField,
    Param,
    Paren,
    String,
    Unary,
    Var,
    walk,
)

LARGEST_EXACT_INTEGER = 2**53


class Use(NamedTuple):
    """Something that is used by its name at a span."""

    name: str
    span: Span


class EntryPoint(Frozen):
    """How a template starts: whether it is a function, and the parameters (name, has a default) of it."""

    is_function: bool
    params: tuple[tuple[str, bool], ...] = ()
    span: Span = (0, 0)


def std_uses(tree: Node) -> tuple[Use, ...]:
    """The std members that a template names (``std.get``, ``std['get']``), called or not."""
    bindings = scope(tree).binding_of
    found: list[Use] = []
    for node in walk(tree):
        if isinstance(node, Dot | Index) and isinstance(node.target, Var) and node.target.name == "std":
            if bindings[node.target] is not None:
                continue
            if isinstance(node, Dot):
                found.append(Use(node.name, _span(node)))
            elif isinstance(node.key, String):
                found.append(Use(node.key.value, _span(node)))
    return tuple(found)


def imports(tree: Node) -> tuple[Use, ...]:
    """The paths of ``import``, ``importstr`` and ``importbin``."""
    return tuple(Use(node.path.value, _span(node)) for node in walk(tree) if isinstance(node, Import))


def ext_vars(tree: Node) -> tuple[Use, ...]:
    """The names given to ``std.extVar``."""
    return tuple(_string_arguments(tree, "extVar"))


def native_calls(tree: Node) -> tuple[Use, ...]:
    """The names given to ``std.native``."""
    return tuple(_string_arguments(tree, "native"))


def _string_arguments(tree: Node, member: str) -> Iterator[Use]:
    callees = {use.span for use in std_uses(tree) if use.name == member}
    for node in walk(tree):
        if isinstance(node, Call) and _span(node.target) in callees:
            arguments = [*node.positional, *(named.value for named in node.named)]
            if arguments and isinstance(arguments[0], String):
                yield Use(arguments[0].value, _span(node))


def error_texts(tree: Node) -> tuple[ErrorText, ...]:
    """The messages of ``error`` and ``assert``, with what is known where they are raised."""
    return tuple(sorted(resolve(tree).record.errors.values(), key=lambda fact: fact.span))


def comparisons(tree: Node) -> tuple[Comparison, ...]:
    """Each ctx path that is compared with a constant, by an operator or a std function such as ``std.startsWith``."""
    return tuple(sorted(resolve(tree).record.comparisons.values(), key=lambda fact: (fact.span, repr(fact.constant))))


def null_comparisons(tree: Node) -> tuple[Comparison, ...]:
    """Each ctx path that is compared with null, perhaps where its absence was meant; ``guards`` tell."""
    return tuple(fact for fact in comparisons(tree) if fact.constant is None and fact.operator in ("==", "!="))


def type_tests(tree: Node) -> tuple[TypeTest, ...]:
    """Each ctx path that is asked for its type outside of helper functions, which may be for other values too.

    One that stands behind a ``!`` is left out.
    """
    functions = {_span(node) for node in walk(tree) if getattr(node, "params", None) is not None}
    others = functions - {entry_point(tree).span}
    turned = {_span(_inside(node.operand)) for node in walk(tree) if isinstance(node, Unary) and node.operator == "!"}
    return tuple(
        test
        for test in sorted(resolve(tree).record.type_tests, key=lambda test: (test.span, test.type_name))
        if test.span not in turned and not any(start <= test.span[0] < end for start, end in others)
    )


def _inside(node: Node) -> Node:
    while isinstance(node, Paren):
        node = node.inner
    return node


def concatenations(tree: Node) -> tuple[Concatenation, ...]:
    """Text put together from ctx paths (``'x' + ctx.a``, ``'%s' % ctx.a``); a sum of sums is several."""
    return tuple(sorted(resolve(tree).record.concatenations.values(), key=lambda fact: fact.span))


def list_items(tree: Node) -> tuple[ListItem, ...]:
    """Items of lists read by number (``list[0]``), in lists of ctx or lists made from ctx."""
    return tuple(sorted(resolve(tree).record.list_items.values(), key=lambda fact: fact.span))


def whole_uses(tree: Node) -> tuple[ReadAt, ...]:
    """Ctx paths placed in the output as they are, or given to a std member; ``()`` is ctx itself."""
    reads = resolve(tree).record.reads.values()
    return tuple(sorted((read for read in reads if read.kind == "whole"), key=lambda fact: (fact.span, str(fact.path))))


def output_fields(tree: Node) -> tuple[OutputField, ...]:
    """The values of the output that can be followed, with the ctx paths they are made of."""
    return tuple(sorted(resolve(tree).record.output.values(), key=lambda fact: (fact.span, str(fact.path))))


def string_literals(tree: Node) -> tuple[str, ...]:
    """The distinct strings of a template that are values: no field names, no import paths."""
    return tuple(dict.fromkeys(use.name for use in string_uses(tree)))


def field_names(tree: Node) -> tuple[str, ...]:
    """The distinct names of the fields that a template writes itself, computed ones left out."""
    keys = (node.key for node in walk(tree) if isinstance(node, ObjectField) and not node.computed)
    names = (key.value for key in keys if isinstance(key, Name | String))
    return tuple(dict.fromkeys(names))


def string_uses(tree: Node) -> tuple[Use, ...]:
    """The string literals of a template that are values, with their spans: no field names, no import paths."""
    names = {node.key for node in walk(tree) if isinstance(node, ObjectField) and not node.computed}
    paths = {node.path for node in walk(tree) if isinstance(node, Import)}
    return tuple(
        Use(node.value, _span(node))
        for node in walk(tree)
        if isinstance(node, String) and node not in names and node not in paths
    )


def separators(tree: Node) -> tuple[str, ...]:
    """The distinct strings that the template splits text at."""
    splits = {use.span for use in std_uses(tree) if use.name.startswith("split")}
    calls = (node for node in walk(tree) if isinstance(node, Call) and _span(node.target) in splits)
    given = (argument for call in calls for argument in call.positional[1:2])
    return tuple(dict.fromkeys(node.value for node in given if isinstance(node, String) and node.value))


def self_calls(tree: Node) -> tuple[Use, ...]:
    """Where a local function of the template names itself."""
    uses = scope(tree).uses_of
    functions = (node for node in walk(tree) if isinstance(node, Bind) and node.params is not None)
    within = (use for bind in functions for use in uses.get(bind, ()) if bind.start <= use.start < bind.end)
    return tuple(Use(use.name, _span(use)) for use in sorted(within, key=lambda use: use.start))


def named_strings(tree: Node) -> tuple[tuple[str, Use], ...]:
    """String literals with the name they are given: ``token: 'abc'``, ``local token = 'abc'``, ``token='abc'``."""
    found: list[tuple[str, Use]] = []
    for node in walk(tree):
        name = node.key.value if isinstance(node, ObjectField) and isinstance(node.key, Name | String) else None
        name = getattr(node, "name", None) if name is None else name
        value = getattr(node, "value", None) or getattr(node, "default", None)
        if name is not None and isinstance(value, String):
            found.append((name, Use(value.value, _span(value))))
    return tuple(found)


def large_numbers(tree: Node) -> tuple[Use, ...]:
    """Whole numbers beyond 2^53, from where on not every one can be held; ``1e30`` is meant to be about right."""
    return tuple(
        Use(node.text, _span(node))
        for node in walk(tree)
        if isinstance(node, Number) and node.text.isdecimal() and int(node.text) > LARGEST_EXACT_INTEGER
    )


def entry_point(tree: Node) -> EntryPoint:
    """What Kratos calls: the function that a template evaluates to, as far as the text shows it.

    A name at the end of the template is followed to the local that it means.
    """
    node = tree
    locals_: dict[str, Bind] = {}
    while isinstance(node, Local | Paren | Var):
        if isinstance(node, Local):
            locals_ |= {bind.name: bind for bind in node.binds}
            node = node.body
        elif isinstance(node, Paren):
            node = node.inner
        elif (bind := locals_.pop(node.name, None)) is None:
            break
        elif bind.params is not None:
            return _function(bind.params, (bind.start, bind.end))
        else:
            node = bind.value
    return _function(node.params, _span(node)) if isinstance(node, Function) else EntryPoint(False, (), _span(node))


def _function(params: Iterable[Param], span: Span) -> EntryPoint:
    return EntryPoint(True, tuple((param.name, param.default is not None) for param in params), span)


def guards_at(tree: Node, span: Span) -> Guards:
    """What is known about ctx where the read at ``span`` happens; empty where nothing is read there."""
    guards = [read.guards for read in resolve(tree).record.reads.values() if read.span == span]
    return frozenset.intersection(*guards) if guards else frozenset()


def read_paths(tree: Node) -> frozenset[Path]:
    """Every ctx path that is read or tested."""
    return frozenset(read.path for read in resolve(tree).record.reads.values())


def _span(node: Node) -> Span:
    return (node.start, node.end)
