"""Which actions of a config send a template: those that name its file, or that hold its text."""

import os

from jsonnet_ctx.cli.output import remark
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.binding import Binding
from jsonnet_ctx.project.kratos_config import Config
from jsonnet_ctx.project.template import Template, Unreadable

_ELSEWHERE = frozenset({"remote", "template-not-found", "outside-root"})


def senders(config: Config, template: Template, points: tuple[HookPoint, ...]) -> tuple[Binding, ...]:
    """The actions that send ``template``, of those at ``points`` where any are given.

    An action that names its file comes before one that holds the same text (a ``base64://`` body). Where none
    does, the template stands in for that of the only action at ``points`` if that lies elsewhere (a URL, a file
    that is not in the project), with a remark.
    """
    here = [binding for binding in config.bindings if not points or set(points) & set(binding.hooks)]
    named = tuple(binding for binding in here if _names(binding, template, config))
    alike = named or tuple(binding for binding in here if _has_text(binding, template))
    if alike or not points:
        return alike
    return tuple(_stand_in(here, template))


def _names(binding: Binding, template: Template, config: Config) -> bool:
    if not isinstance(binding.template, Template):
        return False
    return os.path.realpath(config.root / binding.template.name) == os.path.realpath(template.name)


def _has_text(binding: Binding, template: Template) -> bool:
    return isinstance(binding.template, Template) and binding.template.text == template.text


def _stand_in(here: list[Binding], template: Template) -> list[Binding]:
    (only,) = here if len(here) == 1 else (None,)
    if only is None or not isinstance(only.template, Unreadable) or only.template.refused_at_start:
        return []
    if only.template.kind not in _ELSEWHERE:
        return []
    remark(f"note: {only.address} sends {only.template.uri}, which is not read: {template.name} stands in for it")
    return [only]
