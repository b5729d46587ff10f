"""Which binding a variable refers to."""

from functools import lru_cache

from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.tree import (
    ArrayComp,
    Bind,
    For,
    Function,
    Local,
    Node,
    Object,
    ObjectComp,
    ObjectField,
    ObjectLocal,
    Param,
    Var,
)

Binding = Bind | Param | For
"""What gives a variable its value; None stands for ``std``."""

_Names = dict[str, Binding]


class Scope(Frozen):
    """The binding of each variable of a tree, and the variables of each binding."""

    binding_of: dict[Var, Binding | None]
    uses_of: dict[Binding, tuple[Var, ...]]


@lru_cache(maxsize=8)
def scope(root: Node) -> Scope:
    """Bind every variable of a tree; ``std`` is bound to None unless the template binds it."""
    found: dict[Var, Binding | None] = {}
    uses: dict[Binding, list[Var]] = {}
    pending: list[tuple[Node, _Names]] = [(root, {})]
    while pending:
        node, names = pending.pop()
        if isinstance(node, Var):
            binding = names.get(node.name)
            found[node] = binding
            if binding is not None:
                uses[binding].append(node)
            continue
        inner, below = _below(node, names)
        for binding in inner.values():
            uses.setdefault(binding, [])
        pending += below
    in_order = {binding: tuple(sorted(users, key=lambda use: use.start)) for binding, users in uses.items()}
    return Scope(found, in_order)


def _below(node: Node, names: _Names) -> tuple[_Names, list[tuple[Node, _Names]]]:
    """The names that a node binds, and its children with the names that hold in them."""
    if isinstance(node, Local | Function | Bind):
        binders = node.binds if isinstance(node, Local) else node.params or ()
        bound: _Names = {binder.name: binder for binder in binders}
        return bound, [(child, {**names, **bound}) for child in node.children]
    if isinstance(node, ArrayComp):
        bound, inner, below = _through_specs(node, names)
        return bound, [*below, (node.body, inner)]
    if isinstance(node, ObjectComp):
        bound, inner, below = _through_specs(node, names)
        bound_by_members, members = _members(node, inner)
        return {**bound, **bound_by_members}, [*below, *members]
    if isinstance(node, Object):
        return _members(node, names)
    return {}, [(child, names) for child in node.children]


def _through_specs(node: ArrayComp | ObjectComp, names: _Names) -> tuple[_Names, _Names, list[tuple[Node, _Names]]]:
    bound: _Names = {}
    below: list[tuple[Node, _Names]] = []
    inner = names
    for spec in node.specs:
        below += [(child, inner) for child in spec.children]
        if isinstance(spec, For):
            # Two loops may use one name; both are bindings, the later one holds from there on.
            bound[f"{spec.start}"] = spec
            inner = {**inner, spec.name: spec}
    return bound, inner, below


def _members(node: Object | ObjectComp, names: _Names) -> tuple[_Names, list[tuple[Node, _Names]]]:
    bound: _Names = {member.bind.name: member.bind for member in node.members if isinstance(member, ObjectLocal)}
    inner = {**names, **bound}
    below: list[tuple[Node, _Names]] = []
    for member in node.members:
        if not isinstance(member, ObjectField):
            below.append((member, inner))
            continue
        params: _Names = {param.name: param for param in member.params or ()}
        bound |= {f"{member.start}.{name}": param for name, param in params.items()}
        if member.computed:
            below.append((member.key, names))
        below += [(child, {**inner, **params}) for child in (*(member.params or ()), member.value)]
    return bound, below
