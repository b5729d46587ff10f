"""Write the pages of docs/reference that follow from the code: commands, error kinds, rules, hook points, settings.

Run as ``python scripts/generate_reference.py``; a test fails while the pages do not match the code.
"""

import inspect
import pathlib
import sys

import click

from jsonnet_ctx.check.rules import RULES
from jsonnet_ctx.cli.error_kinds import KINDS
from jsonnet_ctx.cli.main import PROGRAM, cli
from jsonnet_ctx.cli.verbs import VERBS
from jsonnet_ctx.kratos.hook_point import hook_config_path, hook_note, hook_points, hook_since
from jsonnet_ctx.settings import OPTIONS

KEPT = "\b\n"
FOLDER = pathlib.Path(__file__).parents[1] / "docs" / "reference"


def commands() -> str:
    """Every verb's help and options; not laid out by click, so that its version does not matter."""
    context = click.Context(cli)
    parts = [f"# Commands\n\n{_text(cli)}\n"]
    for name in VERBS:
        command = cli.get_command(context, name)
        assert command is not None, name
        arguments = "".join(
            f" {param.human_readable_name}" for param in command.params if isinstance(param, click.Argument)
        )
        options = [_option(param) for param in command.params if isinstance(param, click.Option)]
        table = "\n".join(["| option | meaning |", "| --- | --- |", *options])
        parts.append(f"## {PROGRAM} {name}{arguments}\n\n{_text(command)}\n\n{table}\n")
    return "\n".join(parts)


def _text(command: click.Command) -> str:
    """The help text; what click keeps as it is (a paragraph that begins with \\b) as a code block."""
    paragraphs = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(
        f"```text\n{text.removeprefix(KEPT).lstrip()}\n```" if text.startswith(KEPT) else text for text in paragraphs
    )


def _option(option: click.Option) -> str:
    choices = "|".join(option.type.choices) if isinstance(option.type, click.Choice) else ""
    value = "" if option.is_flag else f" {option.metavar or choices}"
    cell = f"`{', '.join(option.opts)}{value}`"
    return "| " + " | ".join(text.replace("|", "\\|") for text in (cell, option.help or "")) + " |"


def errors() -> str:
    """What each error kind means, where it comes from and what mends it."""
    head = "# Error kinds\n\nThe `kind` of a failed evaluation. `jsonnet-ctx explain KIND` prints the same.\n"
    pages = (
        f"## {kind}\n\n{page.meaning}\n\n- cause: {page.cause}\n- fix: {page.fix}\n" for kind, page in KINDS.items()
    )
    return "\n".join((head, *pages))


def rules() -> str:
    """Every rule's page."""
    head = "# Rules\n\nWhat `jsonnet-ctx check` reports. `jsonnet-ctx explain RULE` prints the same.\n"
    return "\n".join((head, *(f"## {rule.id} {rule.slug}\n\n{rule.page}\n" for rule in RULES)))


def hooks() -> str:
    """Every hook point, where it is configured, and since which version."""
    lines = ["# Hook points", "", "`jsonnet-ctx explain HOOK` prints what `ctx` holds there.", ""]
    lines += ["| hook point | since | config |", "| --- | --- | --- |"]
    lines += [f"| `{hook.id}` | {hook_since(hook)} | `{hook_config_path(hook)}` |" for hook in hook_points()]
    for hook in hook_points():
        lines += ["", f"## {hook.id}", "", hook_note(hook)]
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Every setting, by all its names."""
    lines = ["# Settings", "", "In `[tool.jsonnet-ctx]` of pyproject.toml, or in jsonnet-ctx.toml without the heading."]
    lines += ["A flag counts before a variable, a variable before the file, the file before the default.", ""]
    lines += ["| key | variable | pytest ini key | default | meaning |", "| --- | --- | --- | --- | --- |"]
    for option in OPTIONS:
        default = "" if option.default in (None, (), {}) else f"`{option.default}`"
        names = f"| `{option.name}` | `{option.variable}` | `{option.ini_key}` |"
        lines.append(f"{names} {default} | {option.help.replace('|', 'or')} |")
    return "\n".join(lines) + "\n"


PAGES = {
    "commands.md": commands,
    "errors.md": errors,
    "rules.md": rules,
    "hook-points.md": hooks,
    "settings.md": settings,
}


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")


if __name__ == "__main__":
    main()
