"""Paths below ctx, written the same way everywhere: ``flow.transient_payload["a.b"].items[0]``."""

import json
import re

Path = tuple[str | int, ...]

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_SEGMENT = re.compile(r'(?:^|\.)(?P<name>[A-Za-z0-9_-]+)|\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]')


def format_path(path: Path) -> str:
    """Write a path: plain segments dotted, list items ``[0]``, anything else ``["a.b"]``."""
    text = ""
    for segment in path:
        if isinstance(segment, int):
            text += f"[{segment}]"
        elif _PLAIN.fullmatch(segment):
            text += f".{segment}" if text else segment
        else:
            text += f"[{json.dumps(segment, ensure_ascii=False)}]"
    return text


def parse_path(text: str) -> Path:
    """Read a path as :func:`format_path` writes it. Raises ValueError that names the place where reading stopped."""
    path: list[str | int] = []
    at = 0
    while at < len(text):
        match = _SEGMENT.match(text, at)
        if match is None:
            raise ValueError(f"not a ctx path: {text!r} (stopped at {text[at:]!r})")
        if match["name"] is not None:
            path.append(match["name"])
        elif match["index"] is not None:
            path.append(int(match["index"]))
        else:
            path.append(json.loads(match["quoted"]))
        at = match.end()
    if not path:
        raise ValueError("an empty ctx path")
    return tuple(path)


def parse_ctx_path(text: str) -> Path:
    """Read a path that starts below ctx. Raises ValueError as :func:`parse_path` does, and where ``ctx`` is written."""
    path = parse_path(text)
    if path[0] == "ctx":
        raise ValueError(f"paths start below ctx: write {format_path(path[1:]) or 'what stands below it'}, not {text}")
    return path
