"""Which expression denotes which ctx path: a template is evaluated without knowing ctx."""

from collections.abc import Callable
from functools import lru_cache

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.guard import NOTHING, Guards
from jsonnet_ctx.syntax.machine import MOST_DEPTH, Exhausted
from jsonnet_ctx.syntax.record import Record
from jsonnet_ctx.syntax.std_calls import StdRules
from jsonnet_ctx.syntax.tree import (
    ApplyBrace,
    Array,
    ArrayComp,
    Assert,
    Binary,
    Boolean,
    Call,
    Dollar,
    Dot,
    Error,
    Function,
    If,
    Import,
    Index,
    InSuper,
    Local,
    Node,
    Null,
    Number,
    Object,
    ObjectComp,
    Paren,
    Self,
    Slice,
    String,
    Super,
    Unary,
    Var,
)
from jsonnet_ctx.syntax.values import (
    ANY,
    UNKNOWN,
    At,
    Closure,
    Constant,
    Derived,
    Env,
    Items,
    ListOf,
    Never,
    Objects,
    Std,
    Value,
    cases_of,
    one_of,
    options_of,
    paths_of,
    prefix_of,
    text_of,
)

_EMPTY_ENV: Env = {}


class Resolved(Frozen):
    """What a template does with ctx; not ``complete`` where it was too much to follow to the end."""

    record: Record
    complete: bool


@lru_cache(maxsize=32)
def resolve(root: Node) -> Resolved:
    """Evaluate a template without knowing ctx: follow every branch, give up after a bounded effort."""
    resolver = _Resolver()
    try:
        resolver.run(root)
    except (Exhausted, RecursionError):
        return Resolved(resolver.record, False)
    return Resolved(resolver.record, True)


class _Resolver(StdRules):
    """Evaluates every kind of expression."""

    def run(self, root: Node) -> None:
        """Evaluate the entry point with ctx as its argument, then what that did not reach."""
        value = self.evaluate(root, _EMPTY_ENV, NOTHING)
        for option in options_of(value):
            result, node = option, root
            if isinstance(option, Closure):
                names = [param.name for param in option.params]
                name = "ctx" if "ctx" in names or len(names) != 1 else names[0]
                node = option.body
                result = self.call(option, (), {name: At(())}, node, NOTHING)
            self._put_out(result, (), node, NOTHING)
        self._look_at_the_rest()

    def _look_at_the_rest(self) -> None:
        """Evaluate what the entry point does not reach; what is read there is not certain."""
        self.record.sure = False
        looked_at = -1
        while looked_at != (looked_at := len(self.thunks) + len(self.closures) + len(self.objects)):
            for value in list(self.objects):
                self.fields(value, NOTHING)
            for thunk in list(self.thunks):
                if thunk.value is None:
                    self.force(thunk, NOTHING)
            for closure in list(self.closures):
                if not closure.called:
                    self.call(closure, (), {}, closure.body, NOTHING)

    def evaluate(self, node: Node, env: Env, guards: Guards) -> Value:
        ended: list[Value] = []
        while True:
            self.step()
            if isinstance(node, Local):
                env = self._bound(node, env, guards)
                node = node.body
            elif isinstance(node, Paren):
                node = node.inner
            elif isinstance(node, Assert):
                guards |= self.checked(node, node.condition, node.message, env, guards)
                node = node.body
            elif isinstance(node, If):
                holds, fails = cases_of(self.evaluate(node.condition, env, guards))
                if holds is not None:
                    ended.append(self.evaluate(node.then, env, guards | holds))
                if fails is None:
                    return one_of(ended)
                if node.otherwise is None:
                    return one_of([*ended, Constant(None)])
                guards |= fails
                node = node.otherwise
            else:
                value = _RULES[type(node)](self, node, env, guards)
                return one_of([*ended, value]) if ended else value

    def _bound(self, node: Local, env: Env, guards: Guards) -> Env:
        env = dict(env)
        for bind in node.binds:
            env[bind.name] = self.later(bind.value, env, guards, bind.params)
        return env

    def variable(self, node: Var, env: Env, guards: Guards) -> Value:
        """A variable."""
        found = env.get(node.name)
        if found is None:
            return Std() if node.name == "std" else UNKNOWN
        return self.force(found, guards)

    def special(self, node: Self | Dollar, env: Env, guards: Guards) -> Value:
        """``self`` and ``$``."""
        found = env.get("self" if isinstance(node, Self) else "$", UNKNOWN)
        return self.force(found, guards)

    def of_super(self, node: Super, env: Env, guards: Guards) -> Value:
        """``super.x``."""
        key = Constant(name) if (name := getattr(node.key, "value", None)) else self.evaluate(node.key, env, guards)
        return self.select(self.force(env.get("super", UNKNOWN), guards), key, node, guards)

    def in_super(self, node: InSuper, env: Env, guards: Guards) -> Value:
        """``key in super``."""
        key = self.evaluate(node.key, env, guards)
        return self.exists(self.force(env.get("super", UNKNOWN), guards), key, node, guards)

    def array(self, node: Array, env: Env, guards: Guards) -> Value:
        """``[…]``."""
        return Items(tuple(self.later(item, env, guards) for item in node.items))

    def array_comp(self, node: ArrayComp, env: Env, guards: Guards) -> Value:
        """``[… for …]``."""
        rounds, exact = self.rounds(node.specs, env, guards)
        if exact:
            return Items(tuple(self.later(node.body, inner, held) for inner, held in rounds))
        return ListOf(one_of(self.evaluate(node.body, inner, held) for inner, held in rounds))

    def dot(self, node: Dot, env: Env, guards: Guards) -> Value:
        """``target.name``."""
        return self.select(self.evaluate(node.target, env, guards), Constant(node.name), node, guards)

    def index(self, node: Index, env: Env, guards: Guards) -> Value:
        """``target[key]``."""
        target = self.evaluate(node.target, env, guards)
        return self.select(target, self.evaluate(node.key, env, guards), node, guards)

    def call_node(self, node: Call, env: Env, guards: Guards) -> Value:
        """``target(…)``."""
        function = self.evaluate(node.target, env, guards)
        positional = [self.later(argument, env, guards) for argument in node.positional]
        named = {argument.name: self.later(argument.value, env, guards) for argument in node.named}
        return self.call(function, positional, named, node, guards)

    def apply_brace(self, node: ApplyBrace, env: Env, guards: Guards) -> Value:
        """``target {…}``."""
        target = self.evaluate(node.target, env, guards)
        added = self.evaluate(node.added, env, guards)
        return one_of(self.sum_of(one, two, node, guards) for one in options_of(target) for two in options_of(added))

    def function(self, node: Function, env: Env, guards: Guards) -> Value:
        """``function(…) …``."""
        return self.closure(node.params, node.body, env, guards)

    def error(self, node: Error, env: Env, guards: Guards) -> Value:
        """``error …``."""
        message = self.evaluate(node.message, env, guards)
        self.record.error(text_of(message), prefix_of(message), "error", node, guards)
        return Never()

    def _put_out(self, value: Value, path: Path, node: Node, guards: Guards) -> None:
        """The template's result, or a part of it, goes into the output at ``path``."""
        self.step()
        if len(path) > MOST_DEPTH:
            return
        for option in options_of(value):
            if isinstance(option, At):
                read = option.node if option.node is not None and _within(option.node, node) else node
                known = guards | option.guards
                self.record.put_out(path, (option.path,), True, read, known)
                self.record.read(option.path, read, "whole", known, option.certain)
            elif isinstance(option, Objects):
                self._put_out_object(option, path, node, guards)
            elif isinstance(option, Items):
                for index, item in enumerate(option.items):
                    self._put_out(self.force(item, guards), (*path, index), getattr(item, "node", node), guards)
            elif isinstance(option, ListOf):
                self._put_out(option.item, (*path, ANY), node, guards)
            else:
                self.record.put_out(path, paths_of(option), False, node, guards)

    def _put_out_object(self, value: Objects, path: Path, node: Node, guards: Guards) -> None:
        layers = self.fields(value, guards)
        covered = {slot.entry.key for slots in layers[1:] for slot in slots if slot.entry.operator[0] != "+"}
        for index, (layer, slots) in enumerate(zip(value.layers, layers, strict=True)):
            if isinstance(layer, At | Derived):
                self._put_out(layer, path, node, guards)
            for slot in slots:
                shown = slot.entry.operator not in ("::", "+::")
                if not shown or (index == 0 and slot.entry.key in covered):
                    continue
                held = guards | value.known | slot.entry.guards
                place = (*path, ANY if slot.entry.key is None else slot.entry.key)
                self._put_out(self.force(slot.thunk, held), place, slot.entry.node, held)


def _within(inner: Node, outer: Node) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


_RULES: dict[type[Node], Callable[..., Value]] = {
    Null: lambda resolver, node, env, guards: Constant(None),
    Boolean: lambda resolver, node, env, guards: Constant(node.value),
    Number: lambda resolver, node, env, guards: Constant(node.value),
    String: lambda resolver, node, env, guards: Constant(node.value),
    Import: lambda resolver, node, env, guards: Derived(is_text=node.keyword == "importstr"),
    Var: _Resolver.variable,
    Self: _Resolver.special,
    Dollar: _Resolver.special,
    Super: _Resolver.of_super,
    InSuper: _Resolver.in_super,
    Array: _Resolver.array,
    ArrayComp: _Resolver.array_comp,
    Object: _Resolver.make_object,
    ObjectComp: _Resolver.make_object_comp,
    Dot: _Resolver.dot,
    Index: _Resolver.index,
    Slice: _Resolver.slice_of,
    Call: _Resolver.call_node,
    ApplyBrace: _Resolver.apply_brace,
    Unary: _Resolver.unary,
    Binary: _Resolver.binary,
    Function: _Resolver.function,
    Error: _Resolver.error,
}
