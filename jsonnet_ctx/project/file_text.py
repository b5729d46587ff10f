"""Reading a user's file: ordinary, small enough and UTF-8, or one FileError that says what it is instead."""

import os
import stat
from pathlib import Path

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
"""The largest config, case file, fixture or identity schema that is read."""

MAX_TEMPLATE_BYTES = 1024 * 1024
"""The largest template that is read; the evaluator's own message limit is far below."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


def read_bytes(path: Path, *, limit: int = MAX_DOCUMENT_BYTES, name: str | None = None) -> bytes:
    """Return the bytes of an ordinary file of at most ``limit`` bytes; errors call it ``name``.

    Raises FileError for a missing file, a directory, a FIFO or device (never opened for
    reading: that could block) and a file over the limit.
    """
    where = Location(name or str(path))
    try:
        # O_NONBLOCK: opening a FIFO that nobody writes to would wait for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        if path.is_dir():
            raise FileError("is a directory", where, hint="name a file inside it") from error
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(f"cannot be read: {reason.lower()}", where) from error
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise FileError("is a directory", where, hint="name a file inside it")
        if not stat.S_ISREG(mode):
            raise FileError("is not an ordinary file (a FIFO, device or socket)", where, hint="name an ordinary file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            # One byte more than allowed: the file may grow while it is read.
            data = file.read(limit + 1)
    finally:
        os.close(handle)
    if len(data) > limit:
        raise FileError(f"is larger than {limit:,} bytes", where, hint="split it or name the right file")
    return data


def read_text(path: Path, *, limit: int = MAX_DOCUMENT_BYTES, name: str | None = None) -> str:
    """Return the text of an ordinary UTF-8 file without its byte order mark.

    Raises FileError as :func:`read_bytes` does, and with line and column for bytes that are not
    UTF-8.
    """
    return decode_text(read_bytes(path, limit=limit, name=name), name or str(path))


def decode_text(data: bytes, name: str) -> str:
    """Return UTF-8 bytes as text without a byte order mark; FileError with the place otherwise."""
    if data.startswith(_WIDE_BOMS):
        raise FileError("is UTF-16, not UTF-8", Location(name, 1, 1), hint="save the file as UTF-8")
    body = data.removeprefix(_BOM)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        message = f"is not UTF-8: byte 0x{body[error.start]:02x} at offset {error.start}"
        raise FileError(message, Location(name, line, column), hint="save the file as UTF-8") from error
