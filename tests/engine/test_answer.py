"""The file in which a user writes down the receiver's answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from jsonnet_ctx.engine.answer import Answer, load_answer
from jsonnet_ctx.errors import FileError

EXAMPLE = 'an answer looks like {"status": 200, "headers": {}, "body": "{}"}'


def written(folder: Path, content: Any) -> Path:
    path = folder / "answer.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_an_answer_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, {"status": 429, "headers": {"Retry-After": "1"}, "body": "später", "sleep": 2})
    answer = load_answer(path)
    assert answer == Answer(429, (("Retry-After", "1"),), "später".encode(), 2.0)
    assert answer.header("retry-after") == "1"


def test_an_empty_answer_is_200_with_an_empty_object(tmp_path: Path) -> None:
    assert load_answer(written(tmp_path, {})) == Answer(200, (), b"{}")


def test_nobody_listens(tmp_path: Path) -> None:
    assert load_answer(written(tmp_path, {"refused": True})).refused


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ([], "an answer is an object, not an array", EXAMPLE),
        ("null", "an answer is an object, not null", EXAMPLE),
        ({"statsu": 200}, "unknown key of an answer: 'statsu'", "did you mean status?"),
        ({"status": "200"}, 'status: "200" is not a status from 200 to 599', None),
        ({"status": True}, "status: true is not a status from 200 to 599", None),
        ({"status": 99}, "status: 99 is not a status from 200 to 599", None),
        ({"headers": []}, "headers: not an object of strings", EXAMPLE),
        ({"headers": {"a": 1}}, "headers: not an object of strings", EXAMPLE),
        ({"body": {}}, "body: an object, not a string", 'write the body as text: "body": "{\\"identity\\": {}}"'),
        ({"sleep": -1}, "sleep: -1 is not a number of seconds", None),
        ({"refused": 1}, "refused: 1 is not true or false", None),
    ],
)
def test_another_answer_is_an_error(content: Any, message: str, hint: str | None, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    with pytest.raises(FileError) as caught:
        load_answer(path)
    assert str(caught.value) == f"{path}: {message}"
    assert caught.value.hint == hint


def test_broken_json_has_a_place(tmp_path: Path) -> None:
    path = written(tmp_path, '{\n  "status" 200}')
    with pytest.raises(FileError) as caught:
        load_answer(path)
    assert str(caught.value) == f"{path}:2:12: not json: expecting ':' delimiter"


def test_what_is_no_text_file_is_an_error(tmp_path: Path) -> None:
    binary = tmp_path / "binary.json"
    binary.write_bytes(b'{"body": "\xff"}')
    messages = []
    for path in (binary, tmp_path / "none.json", tmp_path, written(tmp_path, "[" * 100_000)):
        with pytest.raises(FileError) as caught:
            load_answer(path)
        messages.append(caught.value.message)
    assert messages[:3] == ["not utf-8 at byte 10", "cannot be read: no such file or directory", "not a regular file"]
    assert messages[3].startswith("not readable json: ")
