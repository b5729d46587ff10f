"""What a read should become where there is nothing to read, judged by what is done with it."""

from jsonnet_ctx.syntax.scope import Scope
from jsonnet_ctx.syntax.tree import (
    ApplyBrace,
    Array,
    Assert,
    Binary,
    Bind,
    Call,
    Dot,
    Filter,
    For,
    If,
    Index,
    Node,
    Null,
    Number,
    Object,
    ObjectAssert,
    Paren,
    Slice,
    Unary,
    Var,
    walk,
)

TEXT, LIST, OBJECT, FALSE, ZERO, NULL = "'unknown'", "[]", "{}", "false", "0", "null"

_LIST_ARGUMENTS = {
    **dict.fromkeys(("length", "sort", "set", "uniq", "reverse", "sum", "any", "all", "lines", "count"), 0),
    **dict.fromkeys(("member", "contains", "slice", "find", "avg", "maxArray", "minArray"), 0),
    **dict.fromkeys(("join", "map", "filter", "foldl", "foldr", "flatMap", "mapWithIndex", "setMember"), 1),
}
_OBJECT_ARGUMENTS = {
    **dict.fromkeys(("get", "objectHas", "objectHasAll", "objectFields", "objectFieldsAll", "objectValues"), 0),
    **dict.fromkeys(("objectKeysValues", "mergePatch", "objectRemoveKey"), 0),
    "mapWithKey": 1,
}
_NUMBER_OPERATORS = frozenset(("-", "*", "/", "<<", ">>", "&", "|", "^"))

Parents = dict[Node, Node]


def parents_of(root: Node) -> Parents:
    """The node directly above each node of a tree."""
    return {child: node for node in walk(root) for child in node.children}


def default_for(node: Node, parents: Parents, scope: Scope) -> str:
    """A Jsonnet expression to stand where ``node`` has nothing to give."""
    parent = parents.get(node)
    while isinstance(parent, Paren):
        node, parent = parent, parents.get(parent)
    if isinstance(parent, Bind) and parent.value is node and parent.params is None:
        return _for_uses(parent, parents, scope)
    return _for_place(node, parent)


def _for_uses(bind: Bind, parents: Parents, scope: Scope) -> str:
    """The first thing that is asked of a local."""
    for use in scope.uses_of.get(bind, ()):
        value = _for_use(use, parents.get(use))
        if value != TEXT:
            return value
    return TEXT


def _for_use(use: Var, parent: Node | None) -> str:
    if isinstance(parent, Dot):
        return OBJECT
    if isinstance(parent, Index) and parent.target is use:
        return LIST if isinstance(parent.key, Number) else OBJECT
    return _for_place(use, parent)


def _for_place(node: Node, parent: Node | None) -> str:
    if isinstance(parent, For) or (isinstance(parent, Slice) and parent.target is node):
        return LIST
    if isinstance(parent, Call):
        return _for_argument(node, parent)
    if isinstance(parent, Binary):
        return _for_operand(node, parent)
    if isinstance(parent, Unary):
        return FALSE if parent.operator == "!" else ZERO
    if isinstance(parent, If | Assert | ObjectAssert | Filter) and parent.condition is node:
        return FALSE
    return OBJECT if isinstance(parent, ApplyBrace) else TEXT


def _for_argument(node: Node, call: Call) -> str:
    name = call.target.name if isinstance(call.target, Dot) else ""
    place = call.positional.index(node) if node in call.positional else -1
    if _LIST_ARGUMENTS.get(name) == place:
        return LIST
    return OBJECT if _OBJECT_ARGUMENTS.get(name) == place else TEXT


def _for_operand(node: Node, binary: Binary) -> str:
    other = binary.left if binary.right is node else binary.right
    operator = binary.operator
    by_other = {Null: NULL, Number: ZERO, Object: OBJECT, Array: LIST}
    if operator in ("&&", "||"):
        return FALSE
    if operator == "in":
        return OBJECT if binary.right is node else TEXT
    return ZERO if operator in _NUMBER_OPERATORS else by_other.get(type(other), TEXT)
