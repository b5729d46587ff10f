"""Settings of a project: one table of options for pyproject.toml, ini keys, flags, environment and docs."""

import difflib
import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jsonnet_ctx.errors import SettingsError
from jsonnet_ctx.records import Frozen

OWN_FILE = "jsonnet-ctx.toml"
TABLE = "tool.jsonnet-ctx"


_HEADER = re.compile(r"\s*\[([^\[\]]+)\]")
_WRITTEN = re.compile(r"""(\s*)["']?([A-Za-z0-9_.-]+)["']?\s*=""")


class Option(Frozen):
    """One setting; the names of its flag, ini key and environment variable follow from ``name``.

    ``kind`` is ``string``, ``strings`` (a string or a list of them), ``integer``, ``number``,
    ``path``, ``map`` (names to strings) or ``commands`` (names to a command: a string or a list).
    """

    name: str
    kind: str
    default: Any
    help: str
    metavar: str = "VALUE"
    choices: tuple[str, ...] = ()

    @property
    def attribute(self) -> str:
        """The field of :class:`Settings`: ``check.max-examples`` is ``check_max_examples``."""
        return self.name.replace(".", "_").replace("-", "_")

    @property
    def ini_key(self) -> str:
        """The key in pytest's ini file."""
        return f"jsonnet_ctx_{self.attribute}"

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"JSONNET_CTX_{self.attribute.upper()}"

    @property
    def flag(self) -> str:
        """The command-line flag: the last part of the name."""
        return f"--{self.name.rpartition('.')[2]}"


OPTIONS: tuple[Option, ...] = (
    Option("config", "path", None, "Kratos config that wires the templates", "FILE"),
    Option("templates", "strings", (), "templates that no config wires, as glob patterns below the root", "GLOB"),
    Option(
        "kratos", "strings", (), "Kratos versions that contexts and limits follow; the newest by default", "VERSION"
    ),
    Option("identity-schema", "path", None, "identity schema that traits follow; the config's by default", "FILE"),
    Option("engine", "string", "go-jsonnet", "engine that evaluates the templates", "NAME"),
    Option(
        "fail-on",
        "string",
        "error",
        "the least severity that makes the exit code 1",
        "SEVERITY",
        ("error", "warning", "info", "never"),
    ),
    Option("baseline", "path", None, "file of known findings that are not reported again", "FILE"),
    Option("report", "strings", (), "reports to write beside standard output", "FORMAT:FILE"),
    Option("path-map", "map", {}, "folders of file:// bodies in the container, and where they lie here", "FROM=TO"),
    Option("check.select", "strings", (), "rules to run, by id or slug; all by default", "RULE"),
    Option("check.ignore", "strings", (), "rules not to run, by id or slug", "RULE"),
    Option("check.max-examples", "integer", 100, "contexts that the search adds for each binding, at most", "N"),
    Option("check.seed", "integer", 0, "seed of the fabricated contexts", "N"),
    Option("coverage.fail-under", "number", 0.0, "the least branch coverage in percent that passes", "PERCENT"),
    Option("engines", "commands", {}, "more engines: a name and the command line of its worker", "NAME=COMMAND"),
    Option(
        "contracts",
        "map",
        {},
        "what receivers take, by template or action address: a JSON Schema, or openapi.yaml#/paths/…",
        "NAME=FILE",
    ),
)


class Settings(Frozen):
    """The settings of one run; a path is absolute, ``source`` is the file they were read from."""

    root: Path
    source: Path | None
    config: Path | None
    templates: tuple[str, ...]
    kratos: tuple[str, ...]
    identity_schema: Path | None
    engine: str
    fail_on: str
    baseline: Path | None
    report: tuple[str, ...]
    path_map: Mapping[str, str]
    check_select: tuple[str, ...]
    check_ignore: tuple[str, ...]
    check_max_examples: int
    check_seed: int
    coverage_fail_under: float
    engines: Mapping[str, tuple[str, ...]]
    contracts: Mapping[str, str]


def load_settings(
    root: str | Path, *, flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings below ``root``: flag, then environment, then file, then default.

    The file is ``jsonnet-ctx.toml``, or else the table ``[tool.jsonnet-ctx]`` of pyproject.toml.
    ``flags`` maps option names to values; None and empty ones are not given. Paths of flags and
    variables are relative to the working directory, those of a file to its folder. Raises
    SettingsError for unknown keys (with the nearest), wrong types and broken TOML.
    """
    folder = Path(root).absolute()
    source, table = _read_table(folder)
    variables = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    given = _flat(table, source)
    for option in OPTIONS:
        flag = (flags or {}).get(option.name)
        if flag not in (None, (), [], {}):
            values[option.attribute] = _value(option, flag, f"flag {option.flag}", Path.cwd())
        elif option.variable in variables:
            text = _from_text(option, variables[option.variable])
            values[option.attribute] = _value(option, text, f"environment variable {option.variable}", Path.cwd())
        elif option.name in given:
            where = f"{_named(source, option.name)}: {option.name}"
            values[option.attribute] = _value(option, given[option.name], where, folder)
        else:
            values[option.attribute] = option.default
    values["engine"] = _with_command(values["engine"], values["engines"])
    return Settings(folder, source, **values)


def _with_command(engine: str, engines: Mapping[str, tuple[str, ...]]) -> str:
    """The engine, with the command line that starts it (``name=command``) where the settings say one."""
    return f"{engine}={shlex.join(engines[engine])}" if engine in engines else engine


def _read_table(folder: Path) -> tuple[Path | None, dict[str, Any]]:
    own, shared = folder / OWN_FILE, folder / "pyproject.toml"
    if own.is_file():
        return own, _read_toml(own)
    if shared.is_file():
        tool = _read_toml(shared).get("tool", {})
        table = tool.get("jsonnet-ctx") if isinstance(tool, dict) else None
        if table is not None:
            if not isinstance(table, dict):
                raise SettingsError(f"{shared.name}: {TABLE} must be a table, not {_kind_of(table)}")
            return shared, table
    return None, {}


def _read_toml(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path.name}: {str(error)[:1].lower()}{str(error)[1:]}") from error


def _flat(table: Mapping[str, Any], source: Path | None) -> dict[str, Any]:
    """The table with ``check = {seed = 1}`` as ``check.seed``; refuses keys that no option has."""
    names = {option.name for option in OPTIONS}
    groups = {name.partition(".")[0] for name in names if "." in name}
    found: dict[str, Any] = {}
    for key, value in table.items():
        if key in groups:
            if not isinstance(value, dict):
                raise SettingsError(f"{_named(source, key)}: {key} must be a table, not {_kind_of(value)}")
            known = {name.partition(".")[2] for name in names if name.startswith(f"{key}.")}
            _refuse_unknown(value, known, source, f"{key}.")
            found |= {f"{key}.{inner}": item for inner, item in value.items()}
        else:
            _refuse_unknown([key], {name for name in names if "." not in name} | groups, source)
            found[key] = value
    return found


def _refuse_unknown(keys: Iterable[str], known: set[str], source: Path | None, group: str = "") -> None:
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key.replace("_", "-"), sorted(known), n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(known))}"
            inside = f"{group.removesuffix('.')}: " if group else ""
            raise SettingsError(f"{_named(source, group + key)}: {inside}unknown key {key!r}", hint=hint)


def _from_text(option: Option, text: str) -> Any:
    """What a variable's text means: lists are separated by commas, maps are ``from=to``."""
    if option.kind == "strings":
        return [part.strip() for part in text.split(",") if part.strip()]
    if option.kind in ("map", "commands"):
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        return {name.strip(): value.strip() for name, _, value in pairs}
    if option.kind in ("integer", "number"):
        try:
            return int(text) if option.kind == "integer" else float(text)
        except ValueError:
            return text
    return text


def _value(option: Option, value: Any, where: str, folder: Path) -> Any:
    """The value as Settings holds it; SettingsError where its type is wrong."""
    read, wanted = _KINDS[option.kind]
    made = read(value)
    if made is None:
        raise SettingsError(f"{where} must be {wanted}, not {_kind_of(value)}")
    if option.choices and made not in option.choices:
        raise SettingsError(f"{where} must be one of {', '.join(option.choices)}, not {made!r}")
    return folder / made if isinstance(made, Path) else made


def _strings(value: Any) -> tuple[str, ...] | None:
    items = (value,) if isinstance(value, str) else value
    is_list = isinstance(items, (list, tuple)) and all(isinstance(item, str) for item in items)
    return tuple(items) if is_list else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
    return float(value) if is_number else None


def _map(value: Any) -> dict[str, str] | None:
    is_map = isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values())
    return dict(value) if is_map else None


def _commands(value: Any) -> dict[str, tuple[str, ...] | None] | None:
    if not isinstance(value, Mapping):
        return None
    commands = {name: _strings(item) for name, item in value.items()}
    return None if None in commands.values() else commands


# What each kind of option becomes (None where the value is of a wrong type), and its name in messages.
_KINDS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "path": (lambda value: Path(value) if isinstance(value, (str, Path)) else None, "a path"),
    "string": (lambda value: value if isinstance(value, str) else None, "a string"),
    "strings": (_strings, "a string or a list of strings"),
    "integer": (
        lambda value: value if type(value) is int and value >= 0 else None,
        "a whole number from 0",
    ),
    "number": (_number, "a number from 0"),
    "map": (_map, "a table of strings"),
    "commands": (_commands, "a table of commands (a string or a list of strings)"),
}


def _kind_of(value: Any) -> str:
    names = {dict: "a table", list: "a list", str: f"{value!r}", bool: "a boolean", type(None): "nothing"}
    return names.get(type(value), f"{value!r}")


def _named(source: Path | None, key: str) -> str:
    """The file and the place of a key in it (``check.seed``), where it is written the usual way."""
    if source is None:
        return "settings"
    table = "" if source.name == OWN_FILE else f"{TABLE}."
    inside = ""
    for number, line in enumerate(source.read_text(encoding="utf-8-sig").splitlines(), start=1):
        header = _HEADER.match(line)
        inside = f"{header[1]}." if header else inside
        written = _WRITTEN.match(line)
        names = (f"{inside}{written[2]}", inside.removesuffix(".")) if written else (inside.removesuffix("."),)
        if f"{table}{key}" in names:
            column = len((written[1] if written else "").encode()) + 1
            return f"{source.name}:{number}:{column}"
    return source.name
