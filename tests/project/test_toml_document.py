"""TOML: places for every key, in tables, arrays of tables and inline tables."""

import pytest

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import parse_documents

TEXT = '''\
# a comment with [brackets] = "x"
title = "x" # = [
[selfservice.flows.login]
ui_url = "http://a"

[[selfservice.flows.login.after.hooks]]
hook = "web_hook"
[selfservice.flows.login.after.hooks.config]
url = 'x'
headers = { "Content-Type" = "a", b = ["x", # a
  "y", {q=1}] }
[[selfservice.flows.login.after.hooks]]
hook = 'session'
date = 1979-05-27 07:32:00
long = """a
b = 3
"""
z.y."w.v" = 1
'''

HOOKS: Path = ("selfservice", "flows", "login", "after", "hooks")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("title",), "2:1"),
        (("selfservice",), "3:2"),
        (("selfservice", "flows", "login"), "3:1"),
        (HOOKS, "6:1"),
        ((*HOOKS, 0), "6:1"),
        ((*HOOKS, 0, "hook"), "7:1"),
        ((*HOOKS, 0, "config"), "8:1"),
        ((*HOOKS, 0, "config", "headers", "Content-Type"), "10:13"),
        ((*HOOKS, 0, "config", "headers", "b", 1), "11:3"),
        ((*HOOKS, 0, "config", "headers", "b", 2, "q"), "11:9"),
        ((*HOOKS, 1), "12:1"),
        ((*HOOKS, 1, "long"), "15:1"),
        ((*HOOKS, 1, "z", "y", "w.v"), "18:5"),
    ],
)
def test_every_key_knows_its_place(path: Path, place: str) -> None:
    (document,) = parse_documents(TEXT, "a.toml", suffix=".toml")
    assert str(document.location_of(path)) == f"a.toml:{place}"


def test_values_are_plain_and_dates_are_text() -> None:
    (document,) = parse_documents(TEXT.replace("\n", "\r\n"), "a.toml", suffix=".toml")
    hooks = document.value["selfservice"]["flows"]["login"]["after"]["hooks"]
    assert hooks[1] == {
        "hook": "session", "date": "1979-05-27T07:32:00", "long": "a\nb = 3\n", "z": {"y": {"w.v": 1}},
    }  # fmt: skip
    assert document.location_of((*HOOKS, 1)).line == 12


def _all_paths(value: object, path: Path = ()) -> list[Path]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(inner for key, item in below for inner in _all_paths(item, (*path, key)))]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "a = [[1, 2], [{b = 1}, {c = [[]]}]]\n",
        "[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\n[[a]]\n[a.c]\ny = '''q\n'q'''\n",
        '"quoted key".\'and other\' = """x\\"""" \nk = "\\"]"\n',
        "a.b.c = 1\na.b.d = true\n[e]\nf.g = -1.5e3\nt = 07:32:00\n",
        "a = { }\nb = [ ]\nc = [\n  1, # one\n  2,\n]\n",
    ],
)
def test_no_path_is_without_a_place(text: str) -> None:
    (document,) = parse_documents(text, "a.toml", suffix=".toml")
    assert [path for path in _all_paths(document.value) if document.find(path) is None] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\na = 2\n", "a.toml:2:6: is not TOML: cannot overwrite a value"),
        ("a = \n", "a.toml:1:5: is not TOML: invalid value"),
        ("é = 'ö\n", "a.toml:1:1: is not TOML: invalid statement"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, message: str) -> None:
    with pytest.raises(FileError) as caught:
        parse_documents(text, "a.toml", suffix=".toml")
    assert str(caught.value) == message
