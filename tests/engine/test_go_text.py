"""Values print as the engine prints them."""

import json
from typing import Any

from evaluation import rendered, template
from hypothesis import given, settings
from hypothesis import strategies as st

from jsonnet_ctx.engine.go_text import doubtful, print_json
from jsonnet_ctx.engine.pool import shared_engine

NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False, width=64)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(VALUES, max_size=8))
def test_bulk_prints_what_one_evaluation_prints(values: list[Any]) -> None:
    engine = shared_engine()
    same = template("function(ctx) ctx")
    for value, many in zip(values, engine.evaluate_many(same, values), strict=True):
        exact = rendered(engine.evaluate(same, value))
        assert rendered(many).text == exact.text
        assert json.dumps(rendered(many).payload) == json.dumps(exact.payload)


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_what_is_not_doubtful_prints_alike(value: Any) -> None:
    both = template("function(ctx) [std.manifestJsonMinified(ctx), ctx]")
    outcome = rendered(shared_engine().evaluate(both, value))
    minified = outcome.payload[0]
    if not doubtful(minified):
        assert print_json([minified, json.loads(minified)]) == outcome.text


def test_layout_and_numbers() -> None:
    value = {"a": {}, "b": [], "c": [1, [2]], "d": 0.1, "e": 1e300, "f": None, "g": True, "h": "\x7f\x9f\u2028ü"}
    assert print_json(value) == (
        '{\n   "a": { },\n   "b": [ ],\n   "c": [\n      1,\n      [\n         2\n      ]\n   ],\n'
        f'   "d": 0.10000000000000001,\n   "e": {1e300:.0f},\n   "f": null,\n   "g": true,\n'
        '   "h": "\\u007f\\u009f\u2028ü"\n}\n'
    )


def test_numbers_that_a_double_cannot_hold_are_doubtful() -> None:
    assert doubtful('{"a":9007199254740993}')
    assert doubtful("-0")
    assert doubtful('{"a":-0,"b":1}')
    assert not doubtful('{"a":0.1234567890123456,"b":"2026-01-02","c":-0.5,"d":123456789012345}')
