"""Which template file a test means."""

import os
from pathlib import Path

from jsonnet_ctx.errors import SourceError, UsageError
from jsonnet_ctx.project.template import Template


def find_template(template: object, *, test_file: Path, rootdir: Path) -> Template:
    """The template a test names: a Template, or a path looked for beside the test file, then from rootdir.

    Its name in messages is the path from rootdir, where it lies below it. Raises SourceError for
    a file that is not there or cannot be read and UsageError for anything but a path.
    """
    if isinstance(template, Template):
        return template
    if not isinstance(template, str | os.PathLike):
        raise UsageError(
            f"a template is named by its path, not by {type(template).__name__}",
            hint="pass the path first and the ctx second, or ctx= alone where a marker names the template",
        )
    from jsonnet_ctx.project.template_file import load_template
    from jsonnet_ctx.records import replace

    path = find_file(Path(template), test_file=test_file, rootdir=rootdir)
    if path is None:
        folders = dict.fromkeys((test_file.parent, rootdir))
        raise SourceError(
            f"no template {os.fspath(template)!r}",
            hint=f"relative paths are looked for in {' and '.join(map(str, folders))}",
        )
    found = load_template(path)
    name = path.relative_to(rootdir).as_posix() if path.is_relative_to(rootdir) else str(path)
    return replace(found, name=name)


def find_file(path: Path, *, test_file: Path, rootdir: Path) -> Path | None:
    """The file that a path in a test means: beside the test file first, then from rootdir."""
    places = (test_file.parent / path, rootdir / path)
    return next((place for place in places if place.is_file()), None)
