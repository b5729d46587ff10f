"""How calls of std members are resolved: those that test ctx, take from it, or go over lists."""

from collections.abc import Callable, Mapping, Sequence

from jsonnet_ctx.syntax.access import path_test
from jsonnet_ctx.syntax.guard import UNDECIDED, Cases, Guards, either
from jsonnet_ctx.syntax.std_lists import MOST_ITEMS, ListRules, StdCall
from jsonnet_ctx.syntax.tree import Node
from jsonnet_ctx.syntax.values import (
    ANY,
    UNKNOWN,
    At,
    Closure,
    Constant,
    Derived,
    Items,
    Layer,
    ListOf,
    Measure,
    Never,
    Objects,
    Test,
    Thunk,
    Value,
    cases_of,
    one_of,
    options_of,
    paths_of,
    text_of,
)

TYPE_TESTS = {
    "isString": "string",
    "isNumber": "number",
    "isBoolean": "boolean",
    "isObject": "object",
    "isArray": "array",
    "isFunction": "function",
    "isNull": "null",
}


class StdRules(ListRules):
    """Resolves ``std.name(…)``."""

    def call_std(
        self,
        name: str,
        arguments: Sequence[Thunk | Value],
        named: Mapping[str, Thunk | Value],
        node: Node,
        guards: Guards,
    ) -> Value:
        rule, signature, required = _RULES.get(name, (StdRules._any, (), 0))
        given = list(arguments)
        for parameter in signature[len(given) :]:
            if parameter not in named:
                break
            given.append(named[parameter])
        if len(given) < required:
            rule = StdRules._any
        if rule is StdRules._any:
            given = [*arguments, *named.values()]
        eager = given if rule is not StdRules._get else given[:2]
        values = [self.force(item, guards) for item in eager]
        return rule(self, StdCall(name, values, given, node, guards))

    def _any(self, call: StdCall) -> Value:
        """A member without a rule: it may look at everything it is given."""
        for value in call.values:
            for option in options_of(value):
                if isinstance(option, At):
                    self.record.read(option.path, call.node, "whole", call.guards | option.guards, option.certain)
                if isinstance(option, Closure):
                    self.call(option, (), {}, call.node, call.guards)
        return Derived(self.all_paths(call.values, call.guards))

    def _type_test(self, call: StdCall) -> Value:
        name = TYPE_TESTS[call.name]
        return one_of(self._typed(name, option, call.node, call.guards) for option in options_of(call.values[0]))

    def _typed(self, type_name: str, value: Value, node: Node, guards: Guards) -> Value:
        if isinstance(value, At):
            self.record.read(value.path, node, "type-test", guards, value.certain)
            self.record.type_test(value.path, type_name, node)
            return path_test("type", value, type_name)
        known = _type_of(value)
        return Test(UNDECIDED, paths_of(value)) if known is None else Constant(known == type_name)

    def _type(self, call: StdCall) -> Value:
        return one_of(self._measure(call.name, option, call.node, call.guards) for option in options_of(call.values[0]))

    def _measure(self, name: str, value: Value, node: Node, guards: Guards) -> Value:
        if isinstance(value, At):
            kind = "type-test" if name == "type" else "whole"
            self.record.read(value.path, node, kind, guards, value.certain)
            return Measure(name, value.path)
        if name == "type":
            known = _type_of(value)
            return Derived(paths_of(value)) if known is None else Constant(known)
        if isinstance(value, Items):
            return Constant(float(len(value.items)))
        if isinstance(value, Constant) and isinstance(value.value, str):
            return Constant(float(len(value.value)))
        return Derived(paths_of(value))

    def _is_empty(self, call: StdCall) -> Value:
        length = self._type(call._replace(name="length"))
        return self.compare("==", length, Constant(0.0), call.node, call.guards)

    def _get(self, call: StdCall) -> Value:
        found: list[Value] = []
        absent = False
        for target in options_of(call.values[0]):
            for key in options_of(call.values[1]):
                here = self._got(target, key, call.node, call.guards)
                absent = absent or isinstance(here, At | Never | Derived)
                found.append(here)
        if absent:
            found.append(self.force(call.given[2], call.guards) if len(call.given) > 2 else Constant(None))
        return one_of(found)

    def _got(self, target: Value, key: Value, node: Node, guards: Guards) -> Value:
        if isinstance(target, At):
            name = text_of(key)
            path = (*target.path, ANY if name is None else name)
            self.record.read(path, node, "get", guards, target.certain)
            return At(path, target.certain, node, guards)
        return self.select(target, key, node, guards)

    def _has(self, call: StdCall) -> Value:
        return self.exists(call.values[0], call.values[1], call.node, call.guards)

    def _equals(self, call: StdCall) -> Value:
        return self.compare("==", call.values[0], call.values[1], call.node, call.guards)

    def _member(self, call: StdCall) -> Value:
        """``std.member(list, x)``: a comparison of ``x`` with each item, or of each item with ``x``."""
        items, wanted = (
            (call.values[1], call.values[0]) if call.name == "setMember" else (call.values[0], call.values[1])
        )
        cases: Cases | None = None
        found, exact = self.items_of(items, call.guards)
        for item in found[:MOST_ITEMS]:
            same = cases_of(self.compare("==", wanted, self.force(item, call.guards), call.node, call.guards))
            cases = same if cases is None else either(cases, same)
        paths = self.all_paths(call.values, call.guards)
        if cases is None or not exact or len(found) > MOST_ITEMS:
            filled = path_test("nonempty", items).cases if isinstance(items, At) else UNDECIDED
            return Test((filled[0], UNDECIDED[1]), paths)
        return Test(cases, paths)

    def _affix(self, call: StdCall) -> Value:
        constant = text_of(call.values[1])
        for option in options_of(call.values[0]):
            if isinstance(option, At) and constant is not None:
                self.record.comparison(option.path, f"std.{call.name}", constant, call.node, call.guards)
        return Test(UNDECIDED, self.all_paths(call.values, call.guards))

    def _last(self, call: StdCall) -> Value:
        return call.values[-1]

    def _merge(self, call: StdCall) -> Value:
        layers: list[Layer | At | Derived] = []
        for value in call.values:
            if isinstance(value, Objects):
                layers += value.layers
            else:
                layers.append(value if isinstance(value, At | Derived) else Derived(paths_of(value)))
        return self.joined_layers(tuple(layers))

    def _ext_var(self, call: StdCall) -> Value:
        return At(()) if text_of(call.values[0]) == "ctx" else UNKNOWN

    def _split(self, call: StdCall) -> Value:
        text, separator = text_of(call.values[0]), text_of(call.values[1])
        if text is None or not separator:
            return ListOf(Derived(self.all_paths(call.values, call.guards)))
        return Items(tuple(Constant(part) for part in text.split(separator)))

    def _format(self, call: StdCall) -> Value:
        return self.formatted(call.values[0], call.values[1], "std.format", call.node, call.guards)


def _type_of(value: Value) -> str | None:
    """The type of a value of the template, as ``std.type`` names it."""
    if isinstance(value, Constant):
        kinds = {bool: "boolean", float: "number", str: "string", type(None): "null"}
        return kinds[type(value.value)]
    if isinstance(value, Derived):
        return "string" if value.is_text else None
    kinds_of_values = ((Objects, "object"), (Items | ListOf, "array"), (Closure, "function"), (Test, "boolean"))
    return next((name for kind, name in kinds_of_values if isinstance(value, kind)), None)


_Rule = Callable[[StdRules, StdCall], Value]

_RULES: dict[str, tuple[_Rule, tuple[str, ...], int]] = {
    "get": (StdRules._get, ("o", "f", "default", "inc_hidden"), 2),
    "objectHas": (StdRules._has, ("o", "f"), 2),
    "objectHasAll": (StdRules._has, ("o", "f"), 2),
    "objectHasEx": (StdRules._has, ("o", "fname", "hidden"), 2),
    "type": (StdRules._type, ("x",), 1),
    "length": (StdRules._type, ("x",), 1),
    "isEmpty": (StdRules._is_empty, ("str",), 1),
    "equals": (StdRules._equals, ("a", "b"), 2),
    "primitiveEquals": (StdRules._equals, ("a", "b"), 2),
    "member": (StdRules._member, ("arr", "x"), 2),
    "contains": (StdRules._member, ("arr", "elem"), 2),
    "setMember": (StdRules._member, ("x", "arr"), 2),
    "startsWith": (StdRules._affix, ("a", "b"), 2),
    "endsWith": (StdRules._affix, ("a", "b"), 2),
    "foldl": (StdRules.std_fold, ("func", "arr", "init"), 3),
    "foldr": (StdRules.std_fold, ("func", "arr", "init"), 3),
    "map": (StdRules.std_map, ("func", "arr"), 2),
    "flatMap": (StdRules.std_map, ("func", "arr"), 2),
    "mapWithIndex": (StdRules.std_map, ("func", "arr"), 2),
    "mapWithKey": (StdRules.std_map_with_key, ("func", "obj"), 2),
    "filter": (StdRules.std_filter, ("func", "arr"), 2),
    "filterMap": (StdRules.std_filter, ("filter_func", "map_func", "arr"), 3),
    "objectFields": (StdRules.std_keys, ("o",), 1),
    "objectFieldsAll": (StdRules.std_keys, ("o",), 1),
    "objectValues": (StdRules.std_values, ("o",), 1),
    "objectValuesAll": (StdRules.std_values, ("o",), 1),
    "any": (StdRules.std_quantified, ("arr",), 1),
    "all": (StdRules.std_quantified, ("arr",), 1),
    "reverse": (StdRules.std_reverse, ("arr",), 1),
    "prune": (StdRules._last, ("a",), 1),
    "trace": (StdRules._last, ("str", "rest"), 2),
    "mergePatch": (StdRules._merge, ("target", "patch"), 2),
    "extVar": (StdRules._ext_var, ("x",), 1),
    "split": (StdRules._split, ("str", "c"), 2),
    "format": (StdRules._format, ("str", "vals"), 2),
    **dict.fromkeys(TYPE_TESTS, (StdRules._type_test, ("v",), 1)),
}
