"""Where in a template something lies that the engine gives no place for."""

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.facts import entry_point, output_fields
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem


def payload_place(text: str, path: Path) -> tuple[int, int]:
    """Line and column where the field of a payload path is made, as far as the text shows it."""
    try:
        fields = output_fields(parse(text))
    except SyntaxProblem:
        return (1, 1)
    for end in range(len(path), -1, -1):
        # The field itself, else the first below it.
        near = [field for field in fields if len(field.path) >= end and _agree(field.path, path[:end])]
        if near and (end or len(near[0].path) == 0):
            return line_column(text, min(near, key=lambda field: (len(field.path), field.span)).span[0])
    return line_column(text, 0)


def _agree(one: Path, two: Path) -> bool:
    """Whether two paths agree as far as both go; an item is any item."""
    pairs = zip(one, two, strict=False)
    return all(a == b or (_is_item(a) and _is_item(b)) for a, b in pairs)


def _is_item(part: int | str) -> bool:
    return part == "*" or isinstance(part, int)


def place_of(error: TemplateError, template: Template) -> Location:
    """The place of an error: the engine's, else the payload field's, else that of the function Kratos calls."""
    if error.location is not None:
        return error.location
    if error.payload_path:
        return Location(template.name, *payload_place(template.text, error.payload_path))
    try:
        span = entry_point(parse(template.text)).span
    except SyntaxProblem:
        return Location(template.name, 1, 1)
    return Location(template.name, *line_column(template.text, span[0]))
