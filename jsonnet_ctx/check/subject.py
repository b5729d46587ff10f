"""What the rules on text look at: one template, parsed, with the targets that it is bound to."""

from collections.abc import Iterable

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.ctx_path import Path, format_path
from jsonnet_ctx.finding import Finding, Location, Severity
from jsonnet_ctx.kratos.field import Field
from jsonnet_ctx.kratos.headers import canonical
from jsonnet_ctx.kratos.shape import Shape
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.records import Frozen
from jsonnet_ctx.syntax.parser import parse
from jsonnet_ctx.syntax.position import line_column
from jsonnet_ctx.syntax.problem import SyntaxProblem
from jsonnet_ctx.syntax.reads import Read, ctx_reads
from jsonnet_ctx.syntax.tree import Node


class Subject(Frozen):
    """One template with its tree, its reads of ctx, its targets and what ctx can hold at each of them."""

    template: Template
    tree: Node
    reads: tuple[Read, ...]
    targets: tuple[Target, ...]
    shapes: tuple[Shape, ...]

    def field(self, path: Path) -> Field | None:
        """What is known about a ctx path at the first target that can have it; None when none can."""
        return next(iter(self.fields(path)), None)

    def fields(self, path: Path) -> tuple[Field, ...]:
        """What is known about a ctx path at each target that can have it."""
        found = (shape.field(_concrete(path)) for shape in self.shapes)
        return tuple(field for field in found if field is not None)

    def nearest(self, path: Path) -> str | None:
        """The real path that comes closest to one that is never there."""
        if path[0] == "request_headers" and len(path) == 2 and isinstance(path[1], str):
            name, passed = canonical(path[1]), self.targets[0].headers
            spelled = [name] if passed is None else [real for real in passed if canonical(real) == name]
            return next((format_path((path[0], real)) for real in spelled if real != path[1]), None)
        found = self.shapes[0].nearest(path)
        return found[0] if found else None

    def finding(
        self,
        rule: tuple[str, str],
        severity: Severity,
        message: str,
        span: tuple[int, int],
        *,
        path: Path | None = None,
        hint: str | None = None,
    ) -> Finding:
        """A finding of ``rule`` (id and slug) at a byte span of the template."""
        line, column = line_column(self.template.text, span[0])
        source = self.template.text.split("\n")[line - 1]
        end = min(column - 1 + span[1] - span[0], len(source.encode()))
        return Finding(
            rule=rule[0],
            slug=rule[1],
            severity=severity,
            message=message,
            location=Location(self.template.name, line, column),
            hint=hint,
            hooks=tuple(dict.fromkeys(target.hook.id for target in self.targets)),
            kratos=tuple(dict.fromkeys(target.kratos for target in self.targets)),
            path=format_path(path) if path else None,
            template=self.template.name,
            source=source,
            underline=(column - 1, max(end, column)),
            subject="" if path else message,
        )


def subjects_of(targets: Iterable[Target]) -> tuple[Subject, ...]:
    """One subject for each template that our parser can read; the engine tells of the others."""
    grouped: dict[tuple[str, str], list[Target]] = {}
    for target in targets:
        grouped.setdefault((target.template.name, target.template.digest), []).append(target)
    found = []
    for group in grouped.values():
        template = group[0].template
        try:
            tree, reads = parse(template.text), ctx_reads(template.text)
        except SyntaxProblem:
            continue
        found.append(Subject(template, tree, reads, tuple(group), tuple(target.shape() for target in group)))
    return tuple(found)


def _concrete(path: Path) -> Path:
    """A path with any item of a list as its first."""
    return tuple(0 if part == "*" else part for part in path)
