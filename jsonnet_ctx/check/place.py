"""Where in a template something lies that the engine gives no place for."""

from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.engine.outcome import TemplateError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.syntax.facts import entry_point, output_fields, self_calls
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.tree import Assert, Function, Local, Name, Node, ObjectField, Paren, String, walk


def payload_place(text: str, path: Path) -> tuple[int, int]:
    """Line and column where the field of a payload path is made, as far as the text shows it.

    The field itself, else the only one of its name, else what is put into it, else a field of a name on the way,
    else the function that Kratos calls.
    """
    general = tuple("*" if isinstance(part, int) else part for part in path)
    try:
        tree = parse(text)
    except SyntaxProblem:
        return (1, 1)
    fields = {field.path: field.span for field in output_fields(tree)}
    inside = (span for at, span in fields.items() if at[: len(general)] == general and general)
    written = [node for node in walk(tree) if isinstance(node, ObjectField)]
    named = {key_name(node): (node.value.start, node.value.end) for node in written}
    last = general[-1] if general else None
    only = [named[last]] if sum(key_name(node) == last for node in written) == 1 else []
    above = (fields[general[:n]] for n in range(len(general), 0, -1) if general[:n] in fields)
    by_name = (named[part] for part in reversed(general) if part in named)
    whole = _result(tree, fields.get((), entry_point(tree).span))
    span = next((found for spans in (above, only, inside, by_name) for found in spans), whole)
    return line_column(text, span[0])


def _result(tree: Node, span: tuple[int, int]) -> tuple[int, int]:
    """Where the expression at ``span`` makes its value: behind its locals, asserts and parameters."""
    node = next((node for node in walk(tree) if (node.start, node.end) == span), None)
    while isinstance(node, Local | Assert | Function | Paren):
        node = node.inner if isinstance(node, Paren) else node.body
    return span if node is None else (node.start, node.end)


def key_name(field: ObjectField) -> str | None:
    """The name of a field that the template writes itself; None for a computed one."""
    return field.key.value if isinstance(field.key, Name | String) and not field.computed else None


def place_of(error: TemplateError, template: Template) -> Location:
    """The place of an error: the engine's, else the payload field's, else that of the function Kratos calls.

    What takes too long has no place; where one function of the template calls itself, it is there.
    """
    if error.location is not None:
        return error.location
    if error.payload_path:
        return Location(template.name, *payload_place(template.text, error.payload_path))
    try:
        tree = parse(template.text)
    except SyntaxProblem:
        return Location(template.name, 1, 1)
    calls = self_calls(tree) if error.kind == "timeout" else ()
    span = calls[0].span if len(calls) == 1 else entry_point(tree).span
    return Location(template.name, *line_column(template.text, span[0]))
