"""One evaluation, exactly as Kratos does it."""

import json
import math

import pytest
from evaluation import NAME, URI, error_of, evaluate, rendered, template

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.go_json import encode_ctx, message_size
from jsonnet_ctx.engine.outcome import Cancelled, Failed, Rendered
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.errors import UnknownName, UsageError
from jsonnet_ctx.finding import Location

FORM = "application/x-www-form-urlencoded"


def test_the_text_is_what_jsonnet_prints() -> None:
    text = rendered(evaluate("function(ctx) { b: [], a: {}, n: [0.1, 1e30, -0.0, 1e-6], s: '<>&\\u2028' }")).text
    assert text == (
        '{\n   "a": { },\n   "b": [ ],\n   "n": [\n      0.10000000000000001,\n'
        "      1000000000000000019884624838656,\n      -0,\n      9.9999999999999995e-07\n   ],\n"
        '   "s": "<>&\u2028"\n}\n'
    )


def test_the_payload_is_what_the_text_says() -> None:
    outcome = rendered(evaluate("function(ctx) { a: ctx.a, n: null }", {"a": [1, "x"]}))
    assert outcome.payload == json.loads(outcome.text) == {"a": [1, "x"], "n": None}


def test_what_it_cost_is_told() -> None:
    outcome = rendered(evaluate("function(ctx) ctx", {"a": "é"}))
    assert outcome.usage.output_bytes == len(outcome.text.encode())
    assert outcome.usage.input_bytes == message_size(URI, "function(ctx) ctx", encode_ctx({"a": "é"}))
    assert 0 < outcome.usage.seconds < 60


@pytest.mark.parametrize("text", ["{ a: 1 }", '{"a": 1}', "local f = 1; { a: f }"])
def test_a_template_that_is_no_function_ignores_the_ctx(text: str) -> None:
    assert rendered(evaluate(text)).payload == {"a": 1}


def test_the_template_is_called_by_the_uri_of_its_body() -> None:
    assert rendered(evaluate("function(ctx) std.thisFile")).payload == URI


def test_errors_name_the_template_as_the_user_does() -> None:
    error = error_of(evaluate("function(ctx) {\n  user: {\n    a: ctx.nope,\n  },\n}"))
    assert error.location == Location(NAME, 3, 8)
    assert error.payload_path == ("user", "a")
    assert error.message == "Field does not exist: nope"
    assert error.raw == (
        f"jsonnetsecure: ERROR: RUNTIME ERROR: Field does not exist: nope\n\t{URI}:3:8-16\tobject <anonymous>\n"
        '\tField "a"\t\n\tField "user"\t\n\tDuring manifestation\t\n'
    )


def test_columns_count_bytes() -> None:
    assert error_of(evaluate("function(ctx) 'é' + ctx.nope")).column == 22


@pytest.mark.parametrize("import_", ["import 'x.libsonnet'", "importstr 'a/quite/long/path/to/a/file.txt'"])
def test_imports_are_not_available(import_: str) -> None:
    error = error_of(evaluate(f"function(ctx) {{ a: {import_} }}"))
    assert error.kind == "import"
    assert error.message == f"import not available {import_.split(chr(39))[1]}"
    assert error.location == Location(NAME, 1, 20)
    assert error.payload_path == ("a",)


def test_an_import_that_nobody_needs_does_nothing() -> None:
    assert rendered(evaluate("local x = import 'x'; function(ctx) 1")).payload == 1


def test_there_are_no_external_variables() -> None:
    error = error_of(evaluate("local ctx = std.extVar('ctx'); { a: ctx.flow.id }"))
    assert (error.kind, error.message) == ("entry-point", "Undefined external variable: ctx")


def test_there_are_no_native_functions() -> None:
    assert rendered(evaluate("function(ctx) [std.native(n) for n in ['take', 'give', 'x']]")).payload == [None] * 3


def test_traces_go_nowhere() -> None:
    assert rendered(evaluate("function(ctx) std.trace('hello', { a: 1 })")).payload == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "function(ctx) error 'cancel'",
        "function(ctx) error 'cancelled because x'",
        "function(ctx) error 'cancel\\nmore'",
        "function(ctx) assert false : 'cancel'; {}",
        "function(ctx) { assert false : 'cancel' }",
        "function(ctx) { a: 1, b: error 'cancel' }",
        "function(ctx) error 'x RUNTIME ERROR: cancel y'",
    ],
)
def test_cancel_cancels_under_json_and_fails_under_a_form(text: str) -> None:
    assert isinstance(evaluate(text), Cancelled)
    assert error_of(evaluate(text, content_type=FORM)).kind in {"explicit", "assert"}


@pytest.mark.parametrize("what", ["'Cancel'", "' cancel'", "'please cancel'", "{ a: 'cancel' }"])
def test_what_only_looks_like_cancel_fails(what: str) -> None:
    assert error_of(evaluate(f"function(ctx) error {what}")).kind == "explicit"


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON", "text/plain", " "])
def test_another_content_type_fails_before_anything_is_evaluated(content_type: str) -> None:
    error = error_of(evaluate("function(ctx) error 'cancel'", content_type=content_type))
    assert error.kind == "content-type"
    assert error.raw == "invalid config - incorrect Content-Type for request with body"


def test_an_empty_content_type_counts_as_json_from_v25_4_0_on() -> None:
    assert isinstance(evaluate("function(ctx) 1", content_type="", kratos="v25.4.0"), Rendered)
    assert error_of(evaluate("function(ctx) 1", content_type="", kratos="v1.3.1")).kind == "content-type"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{ n: 1, s: 'x' }", "json: cannot unmarshal number into Go value of type string"),
        ("{ a: ['b'] }", "json: cannot unmarshal array into Go value of type string"),
        ("{ a: {} }", "json: cannot unmarshal object into Go value of type string"),
        ("{ a: true, b: 1 }", "json: cannot unmarshal bool into Go value of type string"),
        ("'abc'", "json: cannot unmarshal string into Go value of type map[string]string"),
        ("[]", "json: cannot unmarshal array into Go value of type map[string]string"),
        ("1.5", "json: cannot unmarshal number into Go value of type map[string]string"),
    ],
)
def test_a_form_is_an_object_of_strings(value: str, words: str) -> None:
    error = error_of(evaluate(f"function(ctx) {value}", content_type=FORM))
    assert (error.kind, error.message) == ("form-shape", words)


@pytest.mark.parametrize("value", ["{ a: null, b: 'x' }", "null", "{}"])
def test_nulls_are_fine_in_a_form(value: str) -> None:
    assert isinstance(evaluate(f"function(ctx) {value}", content_type=FORM), Rendered)


def test_the_message_may_have_65535_bytes_and_not_one_more() -> None:
    text = "function(ctx) std.length(ctx.x)"
    room = 65_535 - message_size(URI, text, encode_ctx({"x": ""}))
    assert rendered(evaluate(text, {"x": "a" * room})).usage.input_bytes == 65_535
    error = error_of(evaluate(text, {"x": "a" * (room + 1)}))
    assert error.kind == "input-too-large"
    assert error.message == "ctx and template make a message of 65536 bytes, over the limit of 65535"


def test_v1_0_0_has_no_limit_on_the_message() -> None:
    assert (
        rendered(evaluate("function(ctx) std.length(ctx.x)", {"x": "a" * 200_000}, kratos="v1.0.0")).payload == 200_000
    )


def test_the_output_may_have_65535_bytes_and_not_one_more() -> None:
    assert rendered(evaluate("function(ctx) { a: std.repeat('x', 65520) }")).usage.output_bytes == 65_535
    assert error_of(evaluate("function(ctx) { a: std.repeat('x', 65521) }")).kind == "output-too-large"


def test_the_stack_has_500_frames() -> None:
    recursion = "local f(n) = if n == 0 then 0 else 1 + f(n - 1); function(ctx) { a: f(%d) }"
    assert rendered(evaluate(recursion % 496)).payload == {"a": 496}
    assert error_of(evaluate(recursion % 497)).kind == "stack"


@pytest.mark.parametrize("odd", [math.nan, math.inf, {1, 2}, b"x"])
def test_a_ctx_that_json_cannot_hold_is_no_question(odd: object) -> None:
    with pytest.raises(UsageError, match=r"^the ctx cannot be written as JSON: "):
        evaluate("function(ctx) 1", {"a": odd})


def test_a_ctx_that_holds_itself_is_no_question() -> None:
    ctx: dict[str, object] = {}
    ctx["self"] = ctx
    with pytest.raises(UsageError):
        evaluate("function(ctx) 1", ctx)


def test_half_a_surrogate_pair_becomes_what_go_makes_of_it() -> None:
    assert rendered(evaluate("function(ctx) ctx.a", {"a": "x\ud800y"})).payload == "x\ufffdy"


def test_an_unknown_version_has_nearest_names() -> None:
    with pytest.raises(UnknownName):
        Engine("v26.2.1")


def test_an_engine_has_a_name_and_a_version() -> None:
    assert shared_engine().label.startswith("go-jsonnet 0.")


def test_a_closed_engine_starts_again() -> None:
    with Engine() as engine:
        first = engine.evaluate(template("function(ctx) 1"), {})
    again = engine.evaluate(template("function(ctx) 1"), {})
    engine.close()
    assert isinstance(first, Rendered)
    assert isinstance(again, Rendered)


def test_a_template_with_a_lone_surrogate_is_a_failure_not_an_accident() -> None:
    assert isinstance(evaluate("function(ctx) '\ud800'"), Failed | Rendered)
