"""The receiver's answer to a webhook, and the file in which a user writes one down."""

import json
import stat
from pathlib import Path
from typing import Any

from jsonnet_ctx.errors import FileError, UnknownName
from jsonnet_ctx.finding import Location
from jsonnet_ctx.records import Frozen

_MAX_FILE = 16 * 1024 * 1024
_KEYS = ("status", "headers", "body", "sleep", "refused")


class Answer(Frozen):
    """What the receiver answers to one request; without any, it answers 200 with ``{}``.

    ``sleep`` is how long it takes in seconds (Kratos gives up an attempt after 30), ``refused``
    says that nobody listens: the connection is refused and the rest does not count.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b"{}"
    sleep: float = 0.0
    refused: bool = False

    def header(self, name: str) -> str | None:
        """Return the value of a header (name in any case), None where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def load_answer(path: str | Path) -> Answer:
    """Read ``{"status": 200, "headers": {}, "body": "…"}``; every key may be left out.

    ``sleep`` (seconds) and ``refused`` (a boolean) are understood too. Raises FileError for a
    file that cannot be read or says something else.
    """
    where = str(path)
    document = _read(Path(path), where)
    if not isinstance(document, dict):
        raise FileError(f"an answer is an object, not {_type(document)}", Location(where), hint=_example())
    for key in document:
        if key not in _KEYS:
            unknown = UnknownName("key of an answer", key, _KEYS)
            raise FileError(unknown.message, Location(where), hint=unknown.hint or _example())
    return Answer(
        status=_status(document.get("status", 200), where),
        headers=_headers(document.get("headers", {}), where),
        body=_body(document.get("body", "{}"), where),
        sleep=_sleep(document.get("sleep", 0), where),
        refused=_refused(document.get("refused", False), where),
    )


def _read(path: Path, where: str) -> Any:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileError("not a regular file", Location(where))
        if status.st_size > _MAX_FILE:
            raise FileError(f"{status.st_size} bytes are too many for an answer (at most {_MAX_FILE})", Location(where))
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"cannot be read: {(error.strerror or str(error)).lower()}", Location(where)) from None
    except UnicodeDecodeError as error:
        raise FileError(f"not utf-8 at byte {error.start}", Location(where)) from None
    except json.JSONDecodeError as error:
        place = Location(where, error.lineno, error.colno)
        raise FileError(f"not json: {error.msg[:1].lower()}{error.msg[1:]}", place, hint=_example()) from None
    except (RecursionError, ValueError) as error:
        raise FileError(f"not readable json: {str(error).lower()}", Location(where), hint=_example()) from None


def _status(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 200 <= value <= 599:
        raise FileError(f"status: {_shown(value)} is not a status from 200 to 599", Location(where))
    return value


def _headers(value: object, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise FileError("headers: not an object of strings", Location(where), hint=_example())
    return tuple(value.items())


def _body(value: object, where: str) -> bytes:
    if not isinstance(value, str):
        message = f"body: {_type(value)}, not a string"
        raise FileError(message, Location(where), hint='write the body as text: "body": "{\\"identity\\": {}}"')
    return value.encode(errors="replace")


def _sleep(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise FileError(f"sleep: {_shown(value)} is not a number of seconds", Location(where))
    return float(value)


def _refused(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise FileError(f"refused: {_shown(value)} is not true or false", Location(where))
    return value


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _type(value: object) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def _example() -> str:
    return 'an answer looks like {"status": 200, "headers": {}, "body": "{}"}'
