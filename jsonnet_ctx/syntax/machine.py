"""The parts that every rule of resolving needs: evaluate, force, call, and an end to all of it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.syntax.guard import Guards
from jsonnet_ctx.syntax.record import Record
from jsonnet_ctx.syntax.tree import Node, Param
from jsonnet_ctx.syntax.values import (
    UNKNOWN,
    At,
    Closure,
    Derived,
    Either,
    Env,
    Items,
    ListOf,
    Objects,
    Slot,
    StdFunction,
    Thunk,
    Value,
    one_of,
    paths_of,
)

MOST_STEPS = 20_000
MOST_CALLS = 40
MOST_CALLS_OF_ONE = 12
MOST_DEPTH = 20
"""How deep into lists and objects the output is followed."""

MOST_PARTS = 100
"""How many items of a list and layers of an object are kept apart."""


class Exhausted(Exception):
    """A template takes more steps to resolve than it is worth."""


class Machine(ABC):
    """Evaluates without knowing ctx, lazily as the engine does, and records what it sees."""

    def __init__(self) -> None:
        self.record = Record()
        self.steps = 0
        self.thunks: list[Thunk] = []
        self.closures: list[Closure] = []
        self.objects: list[Objects] = []
        self.calls: list[Node] = []

    @abstractmethod
    def evaluate(self, node: Node, env: Env, guards: Guards) -> Value:
        """What an expression stands for. Raises Exhausted when it takes too long."""

    @abstractmethod
    def call_std(
        self,
        name: str,
        arguments: Sequence[Thunk | Value],
        named: Mapping[str, Thunk | Value],
        node: Node,
        guards: Guards,
    ) -> Value:
        """What a call of ``std.name`` stands for."""

    @abstractmethod
    def fields(self, value: Objects, guards: Guards) -> list[list[Slot]]:
        """The fields of an object, layer by layer."""

    def later(self, node: Node, env: Env, guards: Guards, params: tuple[Param, ...] | None = None) -> Thunk:
        """An expression to evaluate when it is needed."""
        thunk = Thunk(node, env, guards, params)
        self.thunks.append(thunk)
        return thunk

    def closure(self, params: tuple[Param, ...], body: Node, env: Env, guards: Guards) -> Closure:
        """A function of the template."""
        made = Closure(params, body, env, guards)
        self.closures.append(made)
        return made

    def force(self, item: Thunk | Value, guards: Guards) -> Value:
        """The value of an expression that is needed now.

        It is evaluated again where it was needed before under guards that do not all hold now, so
        that every read inside ends with the guards that hold whenever it happens.
        """
        if not isinstance(item, Thunk):
            return item
        guards = item.guards | guards
        if item.running:
            return UNKNOWN
        if item.value is not None and item.in_force is not None:
            if item.in_force <= guards:
                return item.value
            guards = item.in_force & guards
        item.in_force = guards
        item.running = True
        try:
            if item.params is not None:
                item.value = item.value or self.closure(item.params, item.node, item.env, item.guards)
            else:
                item.value = self.evaluate(item.node, item.env, guards)
        finally:
            item.running = False
        return item.value

    def call(
        self,
        function: Value,
        arguments: Sequence[Thunk | Value],
        named: Mapping[str, Thunk | Value],
        node: Node,
        guards: Guards,
    ) -> Value:
        """What a call stands for."""
        if isinstance(function, Either):
            return one_of(self.call(option, arguments, named, node, guards) for option in function.options)
        if isinstance(function, StdFunction):
            return self.call_std(function.name, arguments, named, node, guards)
        if not isinstance(function, Closure):
            return Derived(self.all_paths([*arguments, *named.values()], guards) | paths_of(function))
        function.called = True
        if len(self.calls) >= MOST_CALLS or self.calls.count(function.body) >= MOST_CALLS_OF_ONE:
            return Derived(self.all_paths([*arguments, *named.values()], guards))
        env = dict(function.env)
        for index, param in enumerate(function.params):
            if index < len(arguments):
                env[param.name] = arguments[index]
            elif param.name in named:
                env[param.name] = named[param.name]
            elif param.default is not None:
                env[param.name] = self.later(param.default, env, guards)
            else:
                env[param.name] = UNKNOWN
        self.calls.append(function.body)
        try:
            return self.evaluate(function.body, env, function.guards | guards)
        finally:
            self.calls.pop()

    def step(self) -> None:
        """Count a step. Raises Exhausted when there have been too many."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Exhausted

    def all_paths(self, items: Sequence[Thunk | Value], guards: Guards) -> frozenset[Path]:
        """The ctx paths that values are made of, containers included; evaluates what they hold."""
        found: set[Path] = set()
        seen: set[Thunk | Value] = set()
        pending: list[tuple[Thunk | Value, Guards]] = [(item, guards) for item in items]
        while pending:
            item, held = pending.pop()
            if item in seen:
                continue
            seen.add(item)
            self.step()
            value = self.force(item, held)
            found |= paths_of(value)
            if isinstance(value, Closure) and not value.called:
                self.call(value, (), {}, value.body, held)
            pending += [(part, held) for part in self._parts(value, held)]
        return frozenset(found)

    def _parts(self, value: Value, guards: Guards) -> Sequence[Thunk | Value]:
        """The values inside a value."""
        if isinstance(value, Items):
            return value.items
        if isinstance(value, ListOf):
            return (value.item,)
        if isinstance(value, Either):
            return value.options
        if not isinstance(value, Objects):
            return ()
        slots = [slot.thunk for layer in self.fields(value, guards) for slot in layer]
        return [*slots, *(layer for layer in value.layers if isinstance(layer, At | Derived))]
