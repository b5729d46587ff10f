"""How object literals, comprehensions and sums of objects are resolved."""

from collections.abc import Iterable, Iterator

from jsonnet_ctx.syntax.guard import NOTHING, Guards
from jsonnet_ctx.syntax.machine import MOST_PARTS, Machine
from jsonnet_ctx.syntax.tree import (
    Filter,
    For,
    If,
    Member,
    Name,
    Node,
    Null,
    Object,
    ObjectAssert,
    ObjectComp,
    ObjectField,
    ObjectLocal,
    Paren,
    String,
)
from jsonnet_ctx.syntax.values import (
    ANY,
    UNKNOWN,
    At,
    Constant,
    Derived,
    Entry,
    Env,
    Items,
    Layer,
    ListOf,
    Objects,
    Slot,
    Thunk,
    Value,
    cases_of,
    one_of,
    options_of,
    paths_of,
    prefix_of,
    text_of,
)

MOST_ROUNDS = 32
"""How many rounds of a comprehension are looked at one by one."""


class ObjectRules(Machine):
    """Makes objects and finds their fields."""

    def make_object(self, node: Object, env: Env, guards: Guards) -> Value:
        """An object literal."""
        return self.joined_layers((self._layer(node.members, env, guards),))

    def make_object_comp(self, node: ObjectComp, env: Env, guards: Guards) -> Value:
        """An object comprehension: a layer for each round."""
        rounds, _ = self.rounds(node.specs, env, guards)
        return self.joined_layers(tuple(self._layer(node.members, inner, held) for inner, held in rounds))

    def joined_layers(self, layers: tuple[Layer | At | Derived, ...]) -> Objects:
        """An object of these layers, the last one on top."""
        made = Objects(layers[-MOST_PARTS:])
        self.objects.append(made)
        return made

    def _layer(self, members: tuple[Member, ...], env: Env, guards: Guards) -> Layer:
        entries = []
        for member in members:
            if type(member) is not ObjectField:
                continue
            held = guards
            for key, known in self._keys(member, env, guards):
                held = guards | known
                entries.append(Entry(key, member.operator, member.value, member.params, held))
        binds = tuple(member.bind for member in members if type(member) is ObjectLocal)
        asserts = tuple(member for member in members if type(member) is ObjectAssert)
        return Layer(env, binds, asserts, tuple(entries), guards)

    def _keys(self, member: ObjectField, env: Env, guards: Guards) -> Iterator[tuple[str | None, Guards]]:
        """The names a field may have (None for one that is not known), and what is known where it has it."""
        key = member.key
        if isinstance(key, Name | String) and not member.computed:
            yield key.value, NOTHING
            return
        while isinstance(key, Paren):
            key = key.inner
        known: Guards | None = NOTHING
        if isinstance(key, If) and (key.otherwise is None or isinstance(key.otherwise, Null)):
            known = cases_of(self.evaluate(key.condition, env, guards))[0]
            key = key.then
        if known is None:
            return
        for value in options_of(self.evaluate(key, env, guards | known)):
            if not (isinstance(value, Constant) and value.value is None):
                yield text_of(value), known

    def rounds(self, specs: Iterable[For | Filter], env: Env, guards: Guards) -> tuple[list[tuple[Env, Guards]], bool]:
        """The rounds of a comprehension with what is known in each; whether they are exactly these."""
        found = [(env, guards)]
        exact = True
        for spec in specs:
            following: list[tuple[Env, Guards]] = []
            for inner, held in found:
                if isinstance(spec, For):
                    items, sure = self.items_of(self.evaluate(spec.values, inner, held), held)
                    exact = exact and sure
                    following += [({**inner, spec.name: item}, held) for item in items]
                    continue
                cases = cases_of(self.evaluate(spec.condition, inner, held))
                exact = exact and None in cases
                if cases[0] is not None:
                    following.append((inner, held | cases[0]))
            exact = exact and len(following) <= MOST_ROUNDS
            found = following[:MOST_ROUNDS]
        return found, exact

    def items_of(self, value: Value, guards: Guards) -> tuple[list[Thunk | Value], bool]:
        """The items of a list, one by one where they are known; else items that stand for all of them."""
        if isinstance(value, Items):
            return list(value.items), True
        found: list[Thunk | Value] = []
        for option in options_of(value):
            if isinstance(option, Items):
                found += option.items
            elif isinstance(option, ListOf):
                found.append(option.item)
            elif isinstance(option, At):
                found.append(At((*option.path, ANY), option.certain, option.node, option.guards))
            elif not isinstance(option, Constant):
                found.append(Derived(paths_of(option)))
        return found, False

    def fields(self, value: Objects, guards: Guards) -> list[list[Slot]]:
        """The fields of an object, layer by layer; its asserts are checked, as when a field is first read."""
        if value.slots is not None:
            return value.slots
        value.slots = []
        asserts: list[tuple[ObjectAssert, Env]] = []
        for index, layer in enumerate(value.layers):
            slots: list[Slot] = []
            value.slots.append(slots)
            if not isinstance(layer, Layer):
                continue
            env: Env = {**layer.env, "self": value, "super": Objects(value.layers[:index])}
            env.setdefault("$", value)
            for bind in layer.locals:
                env[bind.name] = self.later(bind.value, env, layer.guards, bind.params)
            for entry in layer.entries:
                slots.append(Slot(entry, self.later(entry.node, env, entry.guards, entry.params)))
            asserts += [(check, env) for check in layer.asserts]
        for check, env in asserts:
            value.known |= self.checked(check, check.condition, check.message, env, guards | value.known)
        return value.slots

    def checked(self, node: Node, condition: Node, message: Node | None, env: Env, guards: Guards) -> Guards:
        """Evaluate an assert; what is known after it."""
        holds, fails = cases_of(self.evaluate(condition, env, guards))
        said: Value = Constant("Assertion failed") if message is None else UNKNOWN
        if message is not None:
            said = self.evaluate(message, env, guards | (fails or NOTHING))
        self.record.error(text_of(said), prefix_of(said), "assert", node, guards | (fails or NOTHING))
        return holds or NOTHING

    def field(self, value: Objects, name: str, guards: Guards) -> Value:
        """The field of an object: from its topmost layer that has it, or from what is not known."""
        found: list[Value] = []
        layers = self.fields(value, guards)
        held = guards | value.known
        for layer, slots in zip(reversed(value.layers), reversed(layers), strict=True):
            if isinstance(layer, At):
                found.append(At((*layer.path, name), False, layer.node, layer.guards))
            elif isinstance(layer, Derived):
                found.append(layer)
            for slot in reversed(slots):
                if slot.entry.key in (name, None):
                    found.append(self.force(slot.thunk, held))
                if slot.entry.key == name and slot.entry.operator[0] != "+":
                    return one_of(found)
        return one_of(found)
