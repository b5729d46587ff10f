"""Whether a ctx of a target can hold a path at all."""

from jsonnet_ctx.check.target import Target
from jsonnet_ctx.ctx_path import Path
from jsonnet_ctx.kratos.headers import canonical


def is_possible(target: Target, path: Path | None) -> bool:
    """Whether the path can be there: the shape has it, and a header passes the allow-list under that spelling."""
    if path is None:
        return True
    if path[0] == "request_headers" and len(path) > 1:
        names = target.headers
        name = path[1]
        return isinstance(name, str) and (canonical(name) == name if names is None else name in names)
    return target.shape().field(path) is not None
