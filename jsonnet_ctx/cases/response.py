"""``response``: what the receiver answers, as the case file or a file beside it says."""

import json
import pathlib

from jsonnet_ctx.cases.refuse import placed, require, require_words, wrong
from jsonnet_ctx.engine.answer import Answer, load_answer
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.project.entry import Entry

WORDS = ("status", "headers", "body", "sleep", "refused")


def read_answers(entry: Entry, folder: pathlib.Path) -> tuple[Answer, ...]:
    """The answers to each request in turn: an object or a file, or a list of them.

    ``{status, headers, body, sleep, refused}``, each may be left out; a body that is no text is
    sent as JSON. Raises FileError.
    """
    if isinstance(entry.value, list):
        return tuple(answer for item in entry.items() for answer in read_answers(item, folder))
    if isinstance(entry.value, str):
        try:
            return (load_answer(folder / entry.value),)
        except JsonnetCtxError as error:
            raise placed(entry, error) from error
    require_words(entry, WORDS, "response")
    return (_answer(entry),)


def _answer(entry: Entry) -> Answer:
    words = dict(entry.fields())
    status = require(words["status"], "whole number", "response.status") if "status" in words else 200
    if not 200 <= status <= 599:
        raise wrong(words["status"], f"response.status: {status} is not a status from 200 to 599")
    sleep = require(words["sleep"], "number", "response.sleep") if "sleep" in words else 0
    if sleep < 0:
        raise wrong(words["sleep"], f"response.sleep: {sleep} is not a number of seconds")
    headers: dict[str, str] = {}
    if "headers" in words:
        require(words["headers"], "object", "response.headers")
        headers = {name: require(child, "string", f"the header {name}") for name, child in words["headers"].fields()}
    body = entry.mapping.get("body", {})
    text = body if isinstance(body, str) else json.dumps(body)
    refused = require(words["refused"], "boolean", "response.refused") if "refused" in words else False
    return Answer(status, tuple(headers.items()), text.encode(errors="replace"), float(sleep), refused)
