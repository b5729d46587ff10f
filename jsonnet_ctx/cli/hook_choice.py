"""One hook point where a name means several, or nobody named any; the choice is always told."""

from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.kratos.hook_point import HookPoint


def first_of(points: tuple[HookPoint, ...], name: str) -> HookPoint:
    """The hook point of a name; of several an after hook that is not pre-persist, with a remark.

    Where a name means both persist stages the later one is taken: the stage of an action without
    can_interrupt and response.parse.
    """
    if len(points) == 1:
        return points[0]
    chosen = next((point for point in points if point.phase == "after" and point.persist != "pre"), points[0])
    remark(f"note: {name} is {len(points)} hook points; took {chosen.id} (pin it: --hook {chosen.id})")
    return chosen


def fitting_hook(text: str, kratos: str) -> HookPoint:
    """The first after hook whose ctx holds what a template reads, with a remark on how to pin it."""
    from jsonnet_ctx.check.fit import fitting_hooks

    chosen = fitting_hooks(text, kratos)[0]
    remark(f"note: no --hook given; took {chosen.id}, which the template's reads fit (pin it: --hook {chosen.id})")
    return chosen
