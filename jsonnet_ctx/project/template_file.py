"""A template from a file, as the user names it."""

from pathlib import Path

from jsonnet_ctx.errors import FileError, SourceError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.file_text import MAX_TEMPLATE_BYTES, read_bytes
from jsonnet_ctx.project.template import Template


def load_template(path: str | Path) -> Template:
    """Read a template file; ``name`` and ``uri`` are the path as given.

    Raises SourceError for a file that cannot be read, is over 1 MiB, is no ordinary file or
    not UTF-8.
    """
    name = str(path)
    try:
        data = read_bytes(Path(path), limit=MAX_TEMPLATE_BYTES)
    except FileError as error:
        raise SourceError(str(error), hint=error.hint) from error
    text = text_of(data)
    if isinstance(text, int):
        raise SourceError(f"{name}: is not UTF-8 (byte {text})", hint="save the template as UTF-8")
    return Template(text, name, name, Location(name, 1, 1))


def text_of(data: bytes) -> str | int:
    """The text, or the offset of the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
