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
    general = tuple("*" if isinstance(part, int) else part for part in path)
    try:
        fields = {field.path: field.span for field in output_fields(parse(text))}
    except SyntaxProblem:
        return (1, 1)
    span = next((fields[general[:n]] for n in range(len(general), -1, -1) if general[:n] in fields), (0, 0))
    return line_column(text, span[0])


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
