"""Cold starts: the command line, the import of the package and the pytest plugin."""

import sys
import tempfile
from pathlib import Path

from benchmarks.templates import LIGHT
from benchmarks.timing import Row, cold

EXAMPLE = Path(__file__).parents[1] / "fixtures" / "activate"
_JSONNET_CTX = (sys.executable, "-m", "jsonnet_ctx.cli.start")
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "test_empty.py")


def command_rows(rounds: int) -> list[Row]:
    """What a start costs, beside a bare Python and a pytest run without the plugin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text("[tool.jsonnet-ctx]\n[tool.pytest.ini_options]\n", encoding="utf-8")
        (folder / "webhook.jsonnet").write_text(LIGHT, encoding="utf-8")
        (folder / "test_empty.py").write_text("def test_empty():\n    pass\n", encoding="utf-8")
        check = (*_JSONNET_CTX, "check", "webhook.jsonnet", "--hook", "login.after.password", "--fail-on", "never")
        times = cold(
            {
                "python": ((sys.executable, "-c", ""), folder),
                "import": ((sys.executable, "-c", "import jsonnet_ctx"), folder),
                "check": (check, folder),
                "example": ((*_JSONNET_CTX, "check", "--config", "kratos.yml"), EXAMPLE),
                "pytest": (_PYTEST, folder),
                "pytest without": ((*_PYTEST, "-p", "no:jsonnet_ctx"), folder),
            },
            rounds,
            folder / "compiled",
        )
    bare, one = times["python"], times["check"]
    plain = times["pytest without"]["processor"]
    return [
        Row("bare python", bare["wall"] * 1e3, unit="ms"),
        Row("cold check of one file", one["wall"] * 1e3, "<= 100", "ms"),
        Row("cold check of one file, processor time", one["processor"] * 1e3, unit="ms"),
        Row("cold check of one file against bare python, processor time", one["processor"] / bare["processor"]),
        Row("running example, as make check runs it", times["example"]["wall"], "<= 1", "s"),
        Row("running example, processor time", times["example"]["processor"], unit="s"),
        Row("import jsonnet_ctx against bare python, processor time", times["import"]["processor"] / bare["processor"]),
        Row(
            "pytest run that uses none of it, against one without the plugin",
            times["pytest"]["processor"] / plain,
            "<= 1.1",
        ),
    ]
