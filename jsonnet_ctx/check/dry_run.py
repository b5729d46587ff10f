"""What a check would try, without searching: hook points, ways of reaching them, ctx paths and edits."""

from jsonnet_ctx.check.bases import base_contexts
from jsonnet_ctx.check.plan import Plan
from jsonnet_ctx.check.run import all_targets
from jsonnet_ctx.check.target import Target
from jsonnet_ctx.context.vary import edits_for
from jsonnet_ctx.engine.pool import shared_engine


def dry_run_text(plan: Plan, engine: str | None = None) -> str:
    """One line for each target: the base contexts, the ctx paths the template reads there, and their edits."""
    targets = all_targets(plan)
    lines = [_line(target, engine) for target in targets]
    templates = len({target.template.name for target in targets})
    return (
        "".join(f"{line}\n" for line in lines)
        + f"{_counted(templates, 'template')}, {_counted(len(targets), 'hook point')}; nothing was tried\n"
    )


def _line(target: Target, engine: str | None) -> str:
    """Base contexts are evaluated to see what is read; no edit is."""
    bases = base_contexts(target)
    worker = shared_engine(target.kratos, engine)
    traces = worker.trace(target.template, [base.ctx for base in bases], content_type=target.content_type, blame=False)
    paths = {path for trace in traces for path in trace.reads | trace.tests}
    edits = {
        repr(variation.edit)
        for base in bases
        for path in paths
        for variation in edits_for(base.shape, base.scenario, base.ctx, path, values=True)
    }
    return (
        f"{target.template.name} at {target.hook.id} (kratos {target.kratos}): {_counted(len(bases), 'base context')},"
        f" {_counted(len(paths), 'ctx path')} read, {_counted(len(edits), 'edit')} to begin with"
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
