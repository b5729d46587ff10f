"""The layout of contexts changes how a traced run makes its objects, and nothing that comes of it."""

from typing import Any

import pytest
from evaluation import captured, template, untimed
from hypothesis import given
from hypothesis import strategies as st

from jsonnet_ctx.engine.engine import Trace
from jsonnet_ctx.engine.layout import FEWEST_CONTEXTS, Keys, layout_of
from jsonnet_ctx.engine.pool import shared_engine

LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "b c", "é"])
NAMES = st.sampled_from(["a", "b", "flow", "x.y", "a b", "é", "id", "$"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
CONTEXTS = st.lists(st.dictionaries(NAMES, VALUES, max_size=5), min_size=FEWEST_CONTEXTS, max_size=FEWEST_CONTEXTS + 4)
TEMPLATES = (
    "function(ctx) ctx",
    "function(ctx) [ctx.a.b, ctx.flow.id, ctx.a[0].b]",
    "function(ctx) [std.get(ctx, 'a'), 'b' in ctx, std.objectHas(ctx, 'flow'), std.objectFields(ctx), std.length(ctx)]",
    "function(ctx) local a = std.get(ctx, 'a', {}); if std.isObject(a) && 'b' in a then a.b else std.get(ctx, 'flow')",
    "function(ctx) [[i.id for i in ctx.a], ctx.b == ctx.a, ctx.flow { id: 1 }, std.prune(ctx)]",
)


def told(trace: Trace) -> tuple[Any, ...]:
    """What a trace says, without what it cost."""
    return untimed(trace.outcome), trace.reads, trace.tests


@given(contexts=CONTEXTS, text=st.sampled_from(TEMPLATES))
def test_many_contexts_are_read_as_each_of_them_alone(contexts: list[dict[str, Any]], text: str) -> None:
    engine = shared_engine()
    alone = [told(engine.trace(template(text), [ctx])[0]) for ctx in contexts]
    assert [told(trace) for trace in engine.trace(template(text), contexts)] == alone


@pytest.mark.parametrize("text", TEMPLATES)
def test_recorded_contexts_are_read_as_each_of_them_alone(text: str) -> None:
    engine, contexts = shared_engine(), captured(60)
    alone = [told(engine.trace(template(text), [ctx])[0]) for ctx in contexts]
    assert [told(trace) for trace in engine.trace(template(text), contexts)] == alone


def test_a_layout_names_what_the_template_can_name() -> None:
    ctx = {"flow": {"id": "1", "ui": {"x": 1}}, "identity": {"traits": {"tags": [{"n": 1}]}}, "n": 1}
    less = {"flow": {"id": "1"}, "identity": {"traits": {}}, "n": None}
    contexts = [ctx] * FEWEST_CONTEXTS + [less]
    assert layout_of(contexts, "function(ctx) [t.n for t in ctx.identity.traits.tags]") == (
        Keys((), ("flow", "identity", "n"), (), frozenset({"n"})),
        Keys(("identity",), ("traits",), (), frozenset()),
        Keys(("identity", "traits"), (), ("tags",), frozenset()),
        Keys(("identity", "traits", "tags", "*"), ("n",), (), frozenset({"n"})),
    )


@pytest.mark.parametrize(
    "contexts",
    [
        [{"a": 1}] * (FEWEST_CONTEXTS - 1),
        [{"a b": 1}] * FEWEST_CONTEXTS,
        [{f"k{n}": n} for n in range(FEWEST_CONTEXTS)],
        [{f"k{n}": n for n in range(50)}] * FEWEST_CONTEXTS,
        [{1: 1}] * FEWEST_CONTEXTS,
        [7] * FEWEST_CONTEXTS,
    ],
    ids=["few", "odd keys", "all different", "large", "numbers for keys", "no objects"],
)
def test_a_layout_leaves_out_what_would_not_pay(contexts: list[Any]) -> None:
    assert layout_of(contexts, "function(ctx) ctx.a") == ()


def test_a_layout_leaves_out_the_items_of_long_lists() -> None:
    contexts = [{"a": [{"b": 1}] * 100}] * FEWEST_CONTEXTS
    assert [keys.path for keys in layout_of(contexts, "function(ctx) ctx.a")] == [()]
