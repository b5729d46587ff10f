"""go-jsonnet in a process of its own, to judge which texts it accepts and what they come to."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

_CHILD = """
import json, sys
import _gojsonnet
for line in sys.stdin:
    job = json.loads(line)
    try:
        answer = [True, _gojsonnet.evaluate_snippet("t.jsonnet", job["text"], tla_codes=job["tla"])]
    except RuntimeError as error:
        answer = [False, str(error)]
    print(json.dumps(answer), flush=True)
"""


class GoJsonnet:
    """A child that evaluates texts; started by exec, since a fork of it hangs."""

    def __init__(self) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.close()
        self.child.wait(10)
        self.child.stdout.close()

    def evaluate(self, text: str, ctx: Any = None) -> tuple[bool, str]:
        """Whether the text renders, and the output or the error; ``ctx`` goes in as the argument of that name."""
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        tla = {} if ctx is None else {"ctx": json.dumps(ctx)}
        self.child.stdin.write(json.dumps({"text": text, "tla": tla}) + "\n")
        self.child.stdin.flush()
        rendered, said = json.loads(self.child.stdout.readline())
        return bool(rendered), str(said)

    def accepts(self, text: str) -> bool:
        """Whether the engine starts to evaluate the text, however that ends."""
        rendered, said = self.evaluate(text)
        return rendered or said.startswith("RUNTIME ERROR")
