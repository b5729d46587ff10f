"""The public functions: evaluate a template over a ctx as Kratos does."""

import os
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any

from jsonnet_ctx.engine.engine import Engine
from jsonnet_ctx.engine.outcome import Outcome
from jsonnet_ctx.engine.pool import shared_engine
from jsonnet_ctx.finding import Location
from jsonnet_ctx.kratos.hook_point import select_hook_points
from jsonnet_ctx.kratos.versions import LATEST, parse_version
from jsonnet_ctx.project.template import Template
from jsonnet_ctx.project.template_file import load_template

INLINE = "<inline>"
_FILE_SUFFIXES = (".jsonnet", ".libsonnet", ".json")

TemplateLike = Template | str | os.PathLike[str]


def evaluate(
    template: TemplateLike,
    ctx: Mapping[str, Any],
    *,
    hook: str | None = None,
    kratos: str | None = None,
    content_type: str = "application/json",
) -> Outcome:
    """Evaluate once, exactly as Kratos does; a template that fails is a ``Failed``, no exception.

    ``template``: see :func:`template_of`. ``hook`` says where ``ctx`` comes from; it is checked,
    not needed, since a ctx is all that a template sees. ``kratos`` chooses the std members and
    limits (default: the newest version known). ``content_type`` is the request's: under a form
    content type the output must be flat and ``error "cancel"`` is a failure.

    Raises UnknownName for a hook or version that is none, SourceError for a template that cannot
    be read, EngineError where no engine starts.
    """
    return _engine(hook, kratos).evaluate(template_of(template), dict(ctx), content_type=content_type)


def evaluate_many(
    template: TemplateLike,
    contexts: Iterable[Mapping[str, Any]],
    *,
    hook: str | None = None,
    kratos: str | None = None,
    content_type: str = "application/json",
) -> list[Outcome]:
    """Evaluate over many contexts, one outcome each in their order; the same results, much faster.

    Arguments and errors are those of :func:`evaluate`. Contexts on which the template fails are
    run again one by one, so that every failure is told as Kratos would.
    """
    plain = [dict(ctx) for ctx in contexts]
    return _engine(hook, kratos).evaluate_many(template_of(template), plain, content_type=content_type)


def template_of(template: TemplateLike) -> Template:
    """The template that is meant.

    A :class:`Template` is itself and a path object is a file. A text is a path when it ends in
    ``.jsonnet``, ``.libsonnet`` or ``.json``, and Jsonnet otherwise: this does not depend on
    which files exist, and no Jsonnet function ends so.

    Raises SourceError where the file cannot be read.
    """
    if isinstance(template, Template):
        return template
    if isinstance(template, str) and not template.endswith(_FILE_SUFFIXES):
        return inline_template(template)
    return load_template(pathlib.Path(template))


def inline_template(text: str, name: str = INLINE) -> Template:
    """A template from text alone, called ``name`` in messages."""
    return Template(text=text, name=name, uri=name, location=Location(name, 1, 1))


def _engine(hook: str | None, kratos: str | None) -> Engine:
    """The engine of this process for a version; an unknown hook or version is told before it starts."""
    if hook is not None:
        select_hook_points(hook)
    return shared_engine(parse_version(kratos) if kratos else LATEST)
