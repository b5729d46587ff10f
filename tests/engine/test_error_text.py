"""Error texts of the engines: message, frames and payload path."""

import pytest

from jsonnet_ctx.engine.error_text import ErrorText, parse_error, shift_back
from jsonnet_ctx.engine.outcome import Frame
from jsonnet_ctx.finding import Location

FILE = "base64://ZnVuY3Rpb24=:1:2 x"


def _parse(text: str) -> ErrorText:
    return parse_error(text, filename=FILE, name="kratos.yml")


def test_a_runtime_error_has_frames_from_the_inside_out() -> None:
    error = _parse(
        f'RUNTIME ERROR: Field does not exist: nope\n\t{FILE}:3:8-32\tobject <anonymous>\n\tField "a"\t\n'
        '\tArray element 2\t\n\tField "user"\t\n\tDuring manifestation\t\n'
    )
    assert not error.static
    assert error.message == "Field does not exist: nope"
    assert error.frames[0] == Frame(Location("kratos.yml", 3, 8), 3, 32, "object <anonymous>")
    assert [frame.name for frame in error.frames[1:]] == [
        'Field "a"',
        "Array element 2",
        'Field "user"',
        "During manifestation",
    ]
    assert error.payload_path == ("user", 2, "a")


def test_frames_of_the_standard_library_are_dropped() -> None:
    error = _parse(
        f"RUNTIME ERROR: Unexpected type null, expected object\n\t<std>:1556:8-41\tfunction <anonymous>\n"
        f"\t{FILE}:1:15-33\tfunction <anonymous>\n\tTop-level function call\t\n"
    )
    assert error.std_first
    assert error.location == Location("kratos.yml", 1, 15)
    assert len(error.frames) == 2


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("1:2", (Location("kratos.yml", 1, 2), 1, 2)),
        ("1:2-9", (Location("kratos.yml", 1, 2), 1, 9)),
        ("(1:2)-(4:5)", (Location("kratos.yml", 1, 2), 4, 5)),
    ],
)
def test_a_span_has_three_shapes(place: str, expected: tuple[Location, int, int]) -> None:
    frame = _parse(f"RUNTIME ERROR: x\n\t{FILE}:{place}\tfunction <f>\n").frames[0]
    assert (frame.location, frame.end_line, frame.end_column) == expected


def test_a_message_may_hold_lines_and_tabs() -> None:
    error = _parse(f"RUNTIME ERROR: one\n\ttwo\n\nthree\n\t{FILE}:1:1-3\t$\n\tDuring evaluation\t\n")
    assert error.message == "one\n\ttwo\n\nthree"
    assert len(error.frames) == 2


def test_a_message_may_be_empty() -> None:
    assert _parse(f"RUNTIME ERROR: \n\t{FILE}:1:1-3\t$\n").message == ""


def test_left_out_frames_are_no_frames() -> None:
    error = _parse(f"RUNTIME ERROR: x\n\t{FILE}:1:1-3\t$\n\t...\n\t{FILE}:2:1-3\t$\n\t\t\n")
    assert [frame.location and frame.location.line for frame in error.frames] == [1, 2, None]


@pytest.mark.parametrize(
    ("quoted", "name"), [('"a\\"b"', 'a"b'), ('"é"', "é"), ('"\\u2028"', "\u2028"), ('"\\x00"', "\\x00")]
)
def test_a_payload_field_may_have_any_name(quoted: str, name: str) -> None:
    assert _parse(f"RUNTIME ERROR: x\n\tField {quoted}\t\n").payload_path == (name,)


def test_a_static_error_has_a_place_and_a_message() -> None:
    error = _parse(f"{FILE}:1:20-33 Unknown variable: undefined_var\n\nfunction(ctx) {{ a: undefined_var }}\n\n")
    assert error.static
    assert error.message == "Unknown variable: undefined_var"
    assert error.location == Location("kratos.yml", 1, 20)


def test_a_static_error_in_a_string_says_its_place_once() -> None:
    assert (
        _parse(f"{FILE}:1:1-6 {FILE}:1:1-6 Unknown escape sequence\n\n'a\\q'\n\n").message == "Unknown escape sequence"
    )


def test_the_other_engine_says_static_error_first() -> None:
    error = _parse(f"STATIC ERROR: {FILE}:1:4-7: Unknown variable: ctx\n")
    assert (error.static, error.message) == (True, "Unknown variable: ctx")


def test_any_other_text_is_a_message() -> None:
    assert _parse("INTERNAL ERROR: (CRASH) boom\nmore") == ErrorText(False, "INTERNAL ERROR: (CRASH) boom")


def test_columns_of_the_first_line_move_back() -> None:
    text = (
        f"RUNTIME ERROR: at {FILE}:1:50-60\n\t{FILE}:1:50-60\ta\n\t{FILE}:(1:41)-(2:4)\tb\n"
        f"\t{FILE}:2:50-60\tc\n\tx:1:50\t\n"
    )
    assert shift_back(text, FILE, 40) == (
        f"RUNTIME ERROR: at {FILE}:1:50-60\n\t{FILE}:1:10-20\ta\n\t{FILE}:(1:1)-(2:4)\tb\n"
        f"\t{FILE}:2:50-60\tc\n\tx:1:50\t\n"
    )
