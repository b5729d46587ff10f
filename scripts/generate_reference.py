"""Write the pages of docs/reference: commands, case files, settings, pytest, hook points, rules, error kinds.

Run as ``python scripts/generate_reference.py``; a test fails while the pages do not match the code.
"""

import ast
import inspect
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

import click

from jsonnet_ctx.cases.file_schemas import file_schema
from jsonnet_ctx.check.rules import RULES
from jsonnet_ctx.cli.error_kinds import KINDS
from jsonnet_ctx.cli.main import PROGRAM, cli
from jsonnet_ctx.cli.verbs import VERBS
from jsonnet_ctx.kratos.hook_point import hook_config_path, hook_note, hook_points, hook_since
from jsonnet_ctx.pytest_plugin import case_items, fixtures, marker
from jsonnet_ctx.pytest_plugin.options import CHOSEN, flag_of
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


CASE_TABLES = (
    ("A case file", "`*.cases.yaml`, collected by pytest and run by `jsonnet-ctx test`.", ()),
    ("A case", "The items of `cases`; a case needs a name and says what it expects.", ("case",)),
    ("expect", "`cancelled` and `failed` can also be the whole of it: `expect: cancelled`.", ("expect",)),
    (
        "A path below expect.paths",
        "What holds for the value at a payload path; `not` turns matchers round.",
        ("matchers",),
    ),
    ("failed", "", ("expect", "failed")),
    ("request", "Of the action that the settings' config or `webhook` names.", ("expect", "request")),
    ("effect", "What the person, the identity and the receiver get of it.", ("expect", "effect")),
    ("under", "Both are inclusive.", ("expect", "under")),
    ("response", "What the receiver answers; a list has one for each request.", ("response",)),
    ("webhook", "The words of `config` of an action in kratos.yml.", ("webhook",)),
)
IN_PAGES = """## In a Markdown page

Below a `jsonnet` block, these blocks are cases of it ([how to](../how-to/markdown.md)):

| block | holds |
| --- | --- |
| `yaml case` | the words of a case, and `ctx` or `identity-schema`; `name` is the heading above by default |
| `json ctx HOOK` | the ctx of a case, or a fixture that names its hook point itself |
| `json payload` | the payload that the case above expects |
"""


def case_files() -> str:
    """The words of case files, from their JSON Schema."""
    schema = file_schema("case")
    head = "# Case files\n\n`jsonnet-ctx schema case` prints the JSON Schema that these tables come from.\n"
    return "\n".join((head, *(_case_table(schema, *table) for table in CASE_TABLES), IN_PAGES))


def _case_table(schema: dict[str, Any], title: str, note: str, path: tuple[str, ...]) -> str:
    node = schema["definitions"][path[0]] if path else schema
    for name in path[1:]:
        node = _object(node)["properties"][name]
    node = _object(node)
    rows = ["| word | takes | meaning |", "| --- | --- | --- |"]
    for word, value in node["properties"].items():
        whole = _resolved(schema, value)
        needed = " (needed)" if word in node.get("required", ()) else ""
        cells = (f"`{word}`{needed}", _takes(schema, whole), whole.get("description", ""))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join((f"## {title}\n", *((f"{note}\n",) if note else ()), *rows)) + "\n"


def _object(node: dict[str, Any]) -> dict[str, Any]:
    """The node itself or the one of its alternatives that has properties."""
    return node if "properties" in node else next(one for one in node["anyOf"] if "properties" in one)


def _resolved(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A node with what it refers to; its own words count before those."""
    if "$ref" not in node:
        return node
    other = _resolved(schema, schema["definitions"][node["$ref"].rpartition("/")[2]])
    return other | {key: value for key, value in node.items() if key != "$ref"}


def _takes(schema: dict[str, Any], node: dict[str, Any]) -> str:
    """The types of a node in words."""
    if "enum" in node:
        return ", ".join(f"`{one}`" for one in node["enum"])
    if "const" in node:
        return str(node["const"]).lower()
    if "anyOf" in node:
        # A pattern stands for the placeholder of an `each` row, which every word takes.
        parts = [_takes(schema, _resolved(schema, one)) for one in node["anyOf"] if "pattern" not in one]
        return " or ".join(dict.fromkeys(part for part in parts if part))
    if node.get("type") == "array":
        items = _takes(schema, _resolved(schema, node.get("items", {})))
        plural = {"string": "strings", "object": "objects"}.get(items, items)
        return f"list of {plural}" if items else "list"
    types = node.get("type", "any value" if not node.keys() - {"description"} else "")
    return " or ".join(types) if isinstance(types, list) else str(types)


def pytest_page() -> str:
    """The plugin's fixtures, marker, flags and ini keys."""
    lines = ["# pytest", "", "The plugin is there once the package is installed.", "", "## Fixtures"]
    for name, said in _fixtures():
        lines += ["", f"### {name}", "", said]
    lines += ["", "## Marker", "", f"`@pytest.mark.{marker.LINE.partition(':')[0]}`", ""]
    lines += [marker.LINE.partition(": ")[2], "", "## Options", ""]
    lines += ["| flag | ini key | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{flag_of(one)}` | `{one.ini_key}` | {one.help.replace('|', 'or')} |" for one in CHOSEN]
    lines += [f"| `{case_items.FLAG}` | | write the snapshots of cases |", "", "## What is collected", ""]
    lines += [f"- `*{suffix}`: [case files](cases.md)" for suffix in case_items.SUFFIXES]
    lines += [f"- `*{suffix}`: pages with [cases](../how-to/markdown.md)" for suffix in case_items.PAGES]
    return "\n".join(lines) + "\n"


def _fixtures() -> Iterator[tuple[str, str]]:
    """The name and docstring of every fixture function, from the text: pytest wraps the functions themselves."""
    for node in ast.parse(inspect.getsource(fixtures)).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            said = ast.get_docstring(node) or ""
            yield node.name, said.replace(":func:", "").replace("``", "`")


PAGES = {
    "commands.md": commands,
    "cases.md": case_files,
    "pytest.md": pytest_page,
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
