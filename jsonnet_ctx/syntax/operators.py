"""How operators are resolved: conditions that become guards, comparisons, texts put together."""

import operator as python_operator
from collections.abc import Callable, Sequence
from typing import Any

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.syntax.access import AccessRules, path_test
from jsonnet_ctx.syntax.guard import NOTHING, UNDECIDED, Cases, Guards, both, either, negated
from jsonnet_ctx.syntax.machine import MOST_PARTS
from jsonnet_ctx.syntax.tree import Binary, Node, Unary
from jsonnet_ctx.syntax.values import (
    At,
    Constant,
    Derived,
    Env,
    Items,
    ListOf,
    Measure,
    Never,
    Objects,
    Test,
    Value,
    cases_of,
    one_of,
    options_of,
    paths_of,
    prefix_of,
)

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": python_operator.lt,
    ">": python_operator.gt,
    "<=": python_operator.le,
    ">=": python_operator.ge,
}
_LONGEST_TEXT = 10_000
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": python_operator.add,
    "-": python_operator.sub,
    "*": python_operator.mul,
}


class OperatorRules(AccessRules):
    """Resolves unary and binary operators."""

    def unary(self, node: Unary, env: Env, guards: Guards) -> Value:
        """``!x``, ``-x``, ``+x``, ``~x``."""
        value = self.evaluate(node.operand, env, guards)
        if node.operator == "!":
            return Test(negated(cases_of(value)), paths_of(value))
        if isinstance(value, Constant) and isinstance(value.value, float) and node.operator in "+-":
            return Constant(-value.value if node.operator == "-" else value.value)
        return Derived(paths_of(value))

    def binary(self, node: Binary, env: Env, guards: Guards) -> Value:
        """``left operator right``; a long chain of operators is no deep recursion."""
        chain = [node]
        while isinstance(chain[-1].left, Binary):
            chain.append(chain[-1].left)
        value = self.evaluate(chain[-1].left, env, guards)
        for step in reversed(chain):
            value = self._combined(step, value, env, guards)
        return value

    def _combined(self, node: Binary, left: Value, env: Env, guards: Guards) -> Value:
        if node.operator in ("&&", "||"):
            return self._logic(node, left, env, guards)
        right = self.evaluate(node.right, env, guards)
        if node.operator == "in":
            return self.exists(right, left, node, guards)
        if node.operator in ("==", "!=") or node.operator in _ORDER:
            return self.compare(node.operator, left, right, node, guards)
        if node.operator == "+":
            return one_of(self.sum_of(one, two, node, guards) for one in options_of(left) for two in options_of(right))
        if node.operator == "%" and (isinstance(left, Constant | Derived) and _is_text(left)):
            return self.formatted(left, right, "%", node, guards)
        return self._arithmetic(node.operator, left, right)

    def _logic(self, node: Binary, left: Value, env: Env, guards: Guards) -> Value:
        cases = cases_of(left)
        goes_on = cases[0] if node.operator == "&&" else cases[1]
        if goes_on is None:
            return left
        right = self.evaluate(node.right, env, guards | goes_on)
        joined = (both if node.operator == "&&" else either)(cases, cases_of(right))
        return Test(joined, paths_of(left) | paths_of(right))

    def compare(self, operator: str, left: Value, right: Value, node: Node, guards: Guards) -> Value:
        """A comparison, each way it may come out."""
        return one_of(
            self._compared(operator, one, two, node, guards) for one in options_of(left) for two in options_of(right)
        )

    def _compared(self, operator: str, left: Value, right: Value, node: Node, guards: Guards) -> Value:
        if isinstance(right, At | Measure) and not isinstance(left, At | Measure):
            return self._compared(_MIRRORED.get(operator, operator), right, left, node, guards)
        if isinstance(left, At):
            return self._path_compared(operator, left, right, node, guards)
        if isinstance(left, Measure) and isinstance(right, Constant):
            if left.kind == "type" and operator == "==" and isinstance(right.value, str):
                self.record.type_test(left.path, right.value, node)
            return _measured(operator, left, right.value)
        if isinstance(left, Constant) and isinstance(right, Constant):
            return _folded(operator, left.value, right.value)
        return Test(UNDECIDED, self.all_paths((left, right), guards))

    def _path_compared(self, operator: str, left: At, right: Value, node: Node, guards: Guards) -> Value:
        self.record.read(left.path, node, "compare", guards, left.certain)
        if isinstance(right, Constant):
            self.record.comparison(left.path, operator, right.value, node, guards)
        if operator not in ("==", "!="):
            return Test(UNDECIDED, paths_of(left) | paths_of(right))
        paths = paths_of(left) | self.all_paths((right,), guards)
        equal: Cases
        if isinstance(right, Constant):
            if right.value is None:
                equal = negated(path_test("not-null", left).cases)
            elif right.value == "":
                equal = negated(path_test("nonempty", left).cases)
            else:
                equal = path_test("compare", left, right.value).cases
        elif _is_empty(right):
            equal = negated(path_test("nonempty", left).cases)
        else:
            equal = UNDECIDED
        return Test(equal if operator == "==" else negated(equal), paths)

    def sum_of(self, left: Value, right: Value, node: Node, guards: Guards) -> Value:
        """``left + right`` for one way that each may come out."""
        if isinstance(left, Never) or isinstance(right, Never):
            return Never()
        if _is_text(left) or _is_text(right):
            return self._text_sum(left, right, node, guards)
        if isinstance(left, Objects) or isinstance(right, Objects):
            return self.joined_layers((*_layers(left), *_layers(right)))
        if isinstance(left, Items) and isinstance(right, Items):
            both_lists = (*left.items, *right.items)
            if len(both_lists) <= MOST_PARTS:
                return Items(both_lists)
        if isinstance(left, Items | ListOf) or isinstance(right, Items | ListOf):
            items = [*self.items_of(left, guards)[0], *self.items_of(right, guards)[0]]
            return ListOf(one_of(self.force(item, guards) for item in items))
        return self._arithmetic("+", left, right)

    def _text_sum(self, left: Value, right: Value, node: Node, guards: Guards) -> Value:
        if isinstance(left, Constant) and isinstance(right, Constant) and _is_text(left) and _is_text(right):
            text = left.value + right.value
            return Constant(text) if len(text) <= _LONGEST_TEXT else Derived(is_text=True)
        paths = self.all_paths((left, right), guards)
        if placed := self._placed((left, right), guards):
            self.record.concatenation(placed, "+", node, guards)
        prefix = prefix_of(left)
        return Derived(paths, prefix + prefix_of(right) if isinstance(left, Constant) else prefix, True)

    def formatted(self, pattern: Value, given: Value, operator: str, node: Node, guards: Guards) -> Value:
        """Text made by ``%`` or ``std.format``."""
        paths = self.all_paths((pattern, given), guards)
        by_name = isinstance(pattern, Constant) and isinstance(pattern.value, str) and "%(" in pattern.value
        if (placed := self._placed((given,), guards)) and not by_name:
            self.record.concatenation(placed, operator, node, guards)
        return Derived(paths, prefix_of(pattern).partition("%")[0], True)

    def _placed(self, values: Sequence[Value], guards: Guards) -> frozenset[Path]:
        """The ctx paths that stand in a text as they are: the values themselves, or the items of a list of them."""
        items = [item for value in values if isinstance(value, Items) for item in value.items]
        known = [*values, *(option for item in items for option in options_of(self.force(item, guards)))]
        return frozenset(value.path for value in known if isinstance(value, At))

    def _arithmetic(self, operator: str, left: Value, right: Value) -> Value:
        function = _ARITHMETIC.get(operator)
        if function is not None and isinstance(left, Constant) and isinstance(right, Constant):
            one, two = left.value, right.value
            if isinstance(one, float) and isinstance(two, float):
                return Constant(function(one, two))
        return Derived(paths_of(left) | paths_of(right))


def _is_text(value: Value) -> bool:
    if isinstance(value, Constant):
        return isinstance(value.value, str)
    return isinstance(value, Derived) and value.is_text


def _is_empty(value: Value) -> bool:
    return (isinstance(value, Items) and not value.items) or (
        isinstance(value, Objects)
        and all(not isinstance(layer, At | Derived) and not layer.entries for layer in value.layers)
    )


def _layers(value: Value) -> tuple[Any, ...]:
    if isinstance(value, Objects):
        return value.layers
    return (value,) if isinstance(value, At | Derived) else (Derived(paths_of(value)),)


def _measured(operator: str, measure: Measure, constant: Any) -> Value:
    """``std.type(x) == 'string'`` and ``std.length(x) > 0``."""
    if measure.kind == "type":
        cases: Cases = path_test("type", measure, constant).cases if operator in ("==", "!=") else UNDECIDED
        return Test(negated(cases) if operator == "!=" else cases, paths_of(measure))
    filled = path_test("nonempty", measure).cases
    if not isinstance(constant, float):
        return Test(UNDECIDED, paths_of(measure))
    at_zero, at_one = _holds(operator, 0.0, constant), _holds(operator, 1.0, constant)
    if operator == "!=" and constant != 0:
        cases = (NOTHING, filled[0])
    elif operator in (">", ">=", "==") and not at_zero:
        # `> 3` holds for filled lists alone, but where it does not hold the list may be filled too.
        cases = (filled[0], filled[1] if at_one and operator != "==" else NOTHING)
    elif at_zero != at_one:
        cases = filled if at_one else negated(filled)
    else:
        cases = UNDECIDED
    return Test(cases, paths_of(measure))


def _holds(operator: str, left: float, right: float) -> bool:
    if operator in ("==", "!="):
        return (left == right) is (operator == "==")
    return _ORDER[operator](left, right)


def _folded(operator: str, left: Any, right: Any) -> Value:
    if operator in ("==", "!="):
        same = type(left) is type(right) and left == right
        return Constant(same is (operator == "=="))
    if type(left) is type(right) and isinstance(left, str | float):
        return Constant(_ORDER[operator](left, right))
    return Test(UNDECIDED)
