"""How fields, list items and slices are resolved: where ctx paths grow and reads are recorded."""

from jsonnet_ctx.syntax.guard import Guards, path_cases
from jsonnet_ctx.syntax.objects import ObjectRules
from jsonnet_ctx.syntax.tree import Node, Slice
from jsonnet_ctx.syntax.values import (
    ANY,
    UNKNOWN,
    At,
    Constant,
    Derived,
    Env,
    Items,
    ListOf,
    Measure,
    Never,
    Objects,
    Std,
    StdFunction,
    Test,
    Value,
    integer_of,
    one_of,
    options_of,
    paths_of,
    text_of,
)


class AccessRules(ObjectRules):
    """Follows ``.x``, ``[…]`` and ``[a:b:c]``."""

    def select(self, target: Value, key: Value, node: Node, guards: Guards) -> Value:
        """What ``target[key]`` stands for; a read of a ctx path is recorded at ``node``."""
        return one_of(
            self._selected(option, one_key, node, guards)
            for option in options_of(target)
            for one_key in options_of(key)
        )

    def _selected(self, target: Value, key: Value, node: Node, guards: Guards) -> Value:
        name, index = text_of(key), integer_of(key)
        if isinstance(target, At):
            return self._read(target, name if name is not None else index, node, guards)
        if isinstance(target, Objects):
            return self._any_field(target, guards) if name is None else self.field(target, name, guards)
        if isinstance(target, Items):
            return self._item(target, index, guards)
        if isinstance(target, Std) and name is not None:
            return StdFunction(name)
        if isinstance(target, Constant) and not isinstance(target.value, str):
            return Never()
        if isinstance(target, ListOf) and index is not None:
            self.record.list_item(index, paths_of(target), node, guards)
        return target.item if isinstance(target, ListOf) else Derived(paths_of(target) | paths_of(key))

    def _read(self, target: At, key: str | int | None, node: Node, guards: Guards) -> Value:
        path = (*target.path, ANY if key is None else key)
        kind = "field" if isinstance(key, str) else "index"
        if isinstance(key, int):
            self.record.list_item(key, (target.path,), node, guards)
        self.record.read(path, node, kind, guards, target.certain)
        return At(path, target.certain, node, guards)

    def _item(self, target: Items, index: int | None, guards: Guards) -> Value:
        if index is None:
            return one_of(self.force(item, guards) for item in target.items)
        return self.force(target.items[index], guards) if 0 <= index < len(target.items) else Never()

    def _any_field(self, target: Objects, guards: Guards) -> Value:
        slots = [slot for layer in self.fields(target, guards) for slot in layer]
        unknown = [layer for layer in target.layers if isinstance(layer, At | Derived)]
        found: list[Value] = [self.force(slot.thunk, guards | target.known) for slot in slots]
        for layer in unknown:
            if isinstance(layer, At):
                found.append(At((*layer.path, ANY), False, layer.node, layer.guards))
            else:
                found.append(layer)
        return one_of(found)

    def slice_of(self, node: Slice, env: Env, guards: Guards) -> Value:
        """What ``target[begin:stop:step]`` stands for."""
        target = self.evaluate(node.target, env, guards)
        parts = [
            None if part is None else self.evaluate(part, env, guards) for part in (node.begin, node.stop, node.step)
        ]
        bounds = [None if part is None else integer_of(part) for part in parts]
        known = all(part is None or bound is not None for part, bound in zip(parts, bounds, strict=True))
        if known and bounds[2] != 0:
            if isinstance(target, Items):
                return Items(target.items[slice(*bounds)])
            if isinstance(target, Constant) and isinstance(target.value, str):
                return Constant(target.value[slice(*bounds)])
        items, _ = self.items_of(target, guards)
        return ListOf(one_of(self.force(item, guards) for item in items)) if items else UNKNOWN

    def exists(self, target: Value, key: Value, node: Node, guards: Guards) -> Value:
        """What ``key in target`` stands for."""
        return one_of(
            self._existing(option, one_key, node, guards)
            for option in options_of(target)
            for one_key in options_of(key)
        )

    def _existing(self, target: Value, key: Value, node: Node, guards: Guards) -> Value:
        name = text_of(key)
        if isinstance(target, At):
            path = (*target.path, ANY if name is None else name)
            self.record.read(path, node, "exists", guards, target.certain)
            if name is None:
                return Derived(frozenset({path}))
            return path_test("exists", At(path))
        if isinstance(target, Constant | Items | ListOf):
            return Never()
        if isinstance(target, Objects) and name is not None:
            keys = [slot.entry.key for layer in self.fields(target, guards) for slot in layer]
            if name in keys:
                return Constant(True)
            if None not in keys and not any(isinstance(layer, At | Derived) for layer in target.layers):
                return Constant(False)
        return Derived(paths_of(target) | paths_of(key))


def path_test(kind: str, subject: At | Measure, value: str | float | bool | None = None) -> Test:
    """A boolean that tests the path of ``subject``."""
    return Test(path_cases(kind, subject.path, value), frozenset({subject.path}))
