"""Add a case to the text of a case file; every other character stays as it is."""

from collections.abc import Sequence
from typing import Any

from jsonnet_ctx.cases.yaml_text import block, scalar
from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location


def case_lines(words: dict[str, Any]) -> list[str]:
    """A case as an item of a list, not set in."""
    lines = list(block(words, 2))
    return [f"- {lines[0].lstrip()}", *lines[1:]]


def appended(text: str, words: dict[str, Any], name: str) -> str:
    """The text with one case more at the end of its list. Raises FileError where it has no list of cases."""
    listed = _cases_node(text)
    if listed is None:
        raise FileError("the file has no list of cases", Location(name), hint="add cases: [{name: …, expect: …}]")
    newline = "\r\n" if "\r\n" in text else "\n"
    if listed.flow_style:
        end = listed.end_mark.index - 1
        before = text[:end].rstrip()
        comma = "" if before.endswith(("[", ",")) else ","
        return f"{before}{comma} {scalar(words)}{text[end:]}"
    indent = " " * listed.start_mark.column
    lines = text.splitlines(keepends=True)
    is_last = not text[listed.end_mark.index :].strip()
    at = _end_of_list(lines, len(lines) if is_last else listed.end_mark.line, len(indent))
    added = [f"{indent}{line}{newline}" for line in case_lines(words)]
    if at and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += newline
    # A file whose cases are set apart by empty lines stays one.
    gap = [newline] if any(not line.strip() for line in lines[listed.start_mark.line : at]) else []
    return "".join([*lines[:at], *gap, *added, *lines[at:]])


def _cases_node(text: str) -> Any:
    """The list of cases in the tree of the text."""
    import yaml

    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = (value for key, value in pairs if key.value == "cases")
    return next((value for value in found if isinstance(value, yaml.SequenceNode)), None)


def _end_of_list(lines: Sequence[str], end: int, indent: int) -> int:
    """The line after the last item: what is empty, or a comment that is not set in, belongs to what follows."""
    while end and (not lines[end - 1].strip() or _is_outer_comment(lines[end - 1], indent)):
        end -= 1
    return end


def _is_outer_comment(line: str, indent: int) -> bool:
    return line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent
