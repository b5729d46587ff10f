"""How std members that go over lists and objects are resolved."""

from collections.abc import Sequence
from typing import NamedTuple

from jsonnet_ctx.syntax.guard import UNDECIDED, Guards, both, either
from jsonnet_ctx.syntax.operators import OperatorRules
from jsonnet_ctx.syntax.tree import Node
from jsonnet_ctx.syntax.values import (
    ANY,
    UNKNOWN,
    At,
    Constant,
    Derived,
    Items,
    ListOf,
    Objects,
    Test,
    Thunk,
    Value,
    cases_of,
    one_of,
    options_of,
    paths_of,
)

MOST_ITEMS = 32


class StdCall(NamedTuple):
    """A call of ``std.name``: its arguments as ``given`` and, where they are needed, their ``values``."""

    name: str
    values: Sequence[Value]
    given: Sequence[Thunk | Value]
    node: Node
    guards: Guards


class ListRules(OperatorRules):
    """Folds, maps, filters, and the keys and values of objects."""

    def std_fold(self, call: StdCall) -> Value:
        """``foldl`` and ``foldr``, item by item where the list is known."""
        items, exact = self.items_of(call.values[1], call.guards)
        result = call.values[2]
        if exact and len(items) <= MOST_ITEMS:
            for item in items if call.name == "foldl" else reversed(items):
                pair = (result, item) if call.name == "foldl" else (item, result)
                result = self.call(call.values[0], pair, {}, call.node, call.guards)
            return result
        for item in items:
            rounds = one_of((result, UNKNOWN))
            pair = (rounds, item) if call.name == "foldl" else (item, rounds)
            result = one_of((result, self.call(call.values[0], pair, {}, call.node, call.guards)))
        return result

    def std_map(self, call: StdCall) -> Value:
        """``map``, ``mapWithIndex`` and ``flatMap``."""
        items, exact = self.items_of(call.values[1], call.guards)
        made: list[Value] = []
        for index, item in enumerate(items[:MOST_ITEMS]):
            number = Constant(float(index)) if exact else UNKNOWN
            arguments = (number, item) if call.name == "mapWithIndex" else (item,)
            made.append(self.call(call.values[0], arguments, {}, call.node, call.guards))
        if call.name == "flatMap":
            return ListOf(
                one_of(self.force(item, call.guards) for value in made for item in self.items_of(value, call.guards)[0])
            )
        return Items(tuple(made)) if exact and len(items) <= MOST_ITEMS else ListOf(one_of(made))

    def std_filter(self, call: StdCall) -> Value:
        """``filter`` and ``filterMap``; what the filter found out holds for what it keeps."""
        kept: list[Value] = []
        items, _ = self.items_of(call.values[-1], call.guards)
        for item in items[:MOST_ITEMS]:
            known = cases_of(self.call(call.values[0], (item,), {}, call.node, call.guards))[0]
            if known is None:
                continue
            value = self.force(item, call.guards | known)
            kept.append(
                self.call(call.values[1], (value,), {}, call.node, call.guards | known)
                if call.name == "filterMap"
                else value
            )
        return ListOf(one_of(kept))

    def std_keys(self, call: StdCall) -> Value:
        """``objectFields`` and ``objectFieldsAll``."""
        target = call.values[0]
        if isinstance(target, Objects):
            slots = [slot for layer in self.fields(target, call.guards) for slot in layer]
            opaque = any(isinstance(layer, At | Derived) for layer in target.layers)
            names = dict.fromkeys(slot.entry.key for slot in slots)
            if not opaque and None not in names:
                return Items(tuple(Constant(key) for key in sorted(key for key in names if key is not None)))
        return ListOf(Derived(paths_of(target)))

    def std_values(self, call: StdCall) -> Value:
        """``objectValues`` and ``objectValuesAll``."""
        return ListOf(one_of(self._each(option, call.node, call.guards) for option in options_of(call.values[0])))

    def _each(self, target: Value, node: Node, guards: Guards) -> Value:
        if isinstance(target, At):
            return At((*target.path, ANY), target.certain, node, guards)
        return self.select(target, UNKNOWN, node, guards)

    def std_map_with_key(self, call: StdCall) -> Value:
        """``mapWithKey``."""
        made = [
            self.call(
                call.values[0],
                (Derived(paths_of(option)), self._each(option, call.node, call.guards)),
                {},
                call.node,
                call.guards,
            )
            for option in options_of(call.values[1])
        ]
        return Derived(self.all_paths(made, call.guards))

    def std_reverse(self, call: StdCall) -> Value:
        """``reverse``."""
        items, exact = self.items_of(call.values[0], call.guards)
        return (
            Items(tuple(reversed(items))) if exact else ListOf(one_of(self.force(item, call.guards) for item in items))
        )

    def std_quantified(self, call: StdCall) -> Value:
        """``any`` and ``all``."""
        items, exact = self.items_of(call.values[0], call.guards)
        cases = [cases_of(self.force(item, call.guards)) for item in items]
        paths = self.all_paths(call.values, call.guards)
        if not exact or not cases:
            return Test(UNDECIDED, paths)
        joined = cases[0]
        for case in cases[1:]:
            joined = (both if call.name == "all" else either)(joined, case)
        return Test(joined, paths)
