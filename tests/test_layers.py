"""The rooms of the package: which may import which, and how big anything may grow."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "jsonnet_ctx"

# One way only: a room imports rooms of lower steps, and itself.
STEPS = [
    ("version", "ctx_path", "records"),
    ("finding",),
    ("errors",),
    ("settings",),
    ("kratos",),
    ("syntax",),
    ("project",),
    ("context",),
    ("engine",),
    ("check", "cases", "api", "strategies"),
    ("report",),
    ("pytest_plugin", "cli"),
    ("__init__", "__main__"),
]
STEP = {room: step for step, rooms in enumerate(STEPS) for room in rooms}
# The report tells findings and knows nothing of how they came about.
ONLY = {"report": {"version", "ctx_path", "records", "finding", "errors", "report"}}
# In its home a heavy package may be imported at the top of a module; elsewhere in the function that needs it.
HEAVY_HOMES: dict[str, set[str]] = {
    "pytest": {"pytest_plugin"},
    "_pytest": {"pytest_plugin"},
    "hypothesis": {
        f"context/{name}.py" for name in ("from_schema", "letters", "schema_numbers", "schema_strings", "strategies")
    },
    "yaml": {"project/yaml_values.py"},
    "click": {"cli"},
    "rich": set(),
    "deepdiff": set(),
    "jsonschema_rs": set(),
    "markdown_it": set(),
}
ENGINE_BINDINGS = {"_gojsonnet", "gojsonnet", "_jsonnet", "rjsonnet"}

FILES = sorted(path for path in PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
MODULES = {".".join(("jsonnet_ctx", *path.relative_to(PACKAGE).with_suffix("").parts)): path for path in FILES}


def named(path: Path) -> str:
    """A file as messages name it."""
    return path.relative_to(PACKAGE).as_posix()


def room_of(module: str) -> str:
    """``jsonnet_ctx.kratos.shape`` lies in ``kratos``, ``jsonnet_ctx`` in ``__init__``."""
    return module.split(".")[1] if "." in module else "__init__"


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Every module that a module imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: a relative import"
            assert node.module is not None
            for name in node.names:
                member = f"{node.module}.{name.name}"
                # A package's __init__ holds no code, so a name from a package is a module of it.
                yield member if member in MODULES or f"{member}.__init__" in MODULES else node.module


def own_imports() -> dict[str, set[str]]:
    """Module -> modules of this package that it imports."""
    return {
        module: {name for name in imports_of(TREES[path]) if name == "jsonnet_ctx" or name.startswith("jsonnet_ctx.")}
        for module, path in MODULES.items()
    }


def test_imports_go_one_way() -> None:
    wrong = []
    for module, imported in own_imports().items():
        room = room_of(module)
        for name in imported:
            other = room_of(name)
            below = STEP[other] < STEP[room] or other == room
            if not below or (room in ONLY and other not in ONLY[room]):
                wrong.append(f"{module} imports {name}")
    assert wrong == []


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {module: {name for name in names if name in MODULES} for module, names in own_imports().items()}
    while leaves := {module for module, names in graph.items() if not names & graph.keys()}:
        graph = {module: names for module, names in graph.items() if module not in leaves}
    assert sorted(graph) == [], "these modules import each other, or something that does"


def test_every_room_has_a_step() -> None:
    rooms = {room_of(module) for module in MODULES}
    assert rooms <= STEP.keys()


def test_only_the_worker_touches_an_engine_binding() -> None:
    users = {path for path in FILES if ENGINE_BINDINGS & {name.split(".")[0] for name in imports_of(TREES[path])}}
    assert users <= {PACKAGE / "engine" / "worker.py"}


def test_folders_are_one_level_deep() -> None:
    deep = [path for path in FILES if len(path.relative_to(PACKAGE).parts) > 2]
    assert deep == []


def test_a_file_fits() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert [f"{named(path)}: {count} lines" for path, count in lines.items() if count > 300] == []


def test_a_function_fits_one_look() -> None:
    functions = (
        (path, node)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    sizes = ((path, node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for path, node in functions)
    assert [f"{named(path)} {name}: {lines} lines" for path, name, lines in sizes if lines > 60] == []


def test_a_module_states_its_business_in_one_sentence() -> None:
    docstrings = {path: ast.get_docstring(tree) or "" for path, tree in TREES.items()}
    assert [named(path) for path, text in docstrings.items() if not text.split("\n\n")[0].endswith((".", "?"))] == []


def test_the_init_of_a_room_is_its_docstring() -> None:
    rooms = [path for path in FILES if path.name == "__init__.py" and path.parent != PACKAGE]
    assert [named(path) for path in rooms if len(TREES[path].body) != 1] == []


def test_heavy_packages_are_imported_where_they_are_needed() -> None:
    wrong = []
    for path, tree in TREES.items():
        top = ast.Module(body=list(_run_at_import(tree.body)), type_ignores=[])
        for name in {name.split(".")[0] for name in imports_of(top)} & HEAVY_HOMES.keys():
            if not {path.parent.name, named(path)} & HEAVY_HOMES[name]:
                wrong.append(f"{named(path)} imports {name} at the top")
    assert wrong == []


def test_names_that_say_nothing_are_not_used() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
    assert [path for path in FILES if {path.stem, path.parent.name} & empty] == []


def test_test_files_have_names_of_their_own() -> None:
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def _run_at_import(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The import statements that run when a module is imported: not those in functions or for types only."""
    for statement in body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield statement
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from _run_at_import([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from _run_at_import([*statement.body, *statement.orelse, *statement.finalbody])
        elif isinstance(statement, (ast.ClassDef, ast.With)):
            yield from _run_at_import(statement.body)
