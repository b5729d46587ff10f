"""Where the keys and list items of valid TOML text stand (tomllib itself keeps no positions)."""

import re
import tomllib

from jsonnet_ctx.ctx_path import Path as KeyPath

_SKIP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[ \t]*(?P<part>"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*(?P<dot>\.?)""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""+|' + r"'''.*?'''+|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'",
    re.DOTALL,
)
_BARE = re.compile(r"[^\s,\]}#]+(?: \d\d:[^\s,\]}#]+)?")


def key_offsets(text: str) -> dict[KeyPath, int]:
    """Return the character offset of every key and list item of valid TOML text."""
    return _Places(text).read()


class _Places:
    """One pass over a text; ``found`` fills up on the way."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.found: dict[KeyPath, int] = {(): 0}
        # How many [[tables]] each array of tables has so far.
        self._tables: dict[KeyPath, int] = {}

    def read(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        at = self._skip(0)
        while at < len(self._text):
            if self._text[at] == "[":
                table, at = self._header(at)
            else:
                at = self._pair(at, table)
            at = self._skip(at)
        return self.found

    def _skip(self, at: int) -> int:
        match = _SKIP.match(self._text, at)
        return match.end() if match else at

    def _header(self, at: int) -> tuple[KeyPath, int]:
        """``[a.b]`` or ``[[a.b]]``: the path that the following keys lie under."""
        is_array = self._text.startswith("[[", at)
        names, end = self._names(at + (2 if is_array else 1))
        path: KeyPath = ()
        for name, _ in names[:-1]:
            path = self._into_last((*path, name))
        path = (*path, names[-1][0])
        if is_array:
            number = self._tables.get(path, 0)
            self._tables[path] = number + 1
            self.found.setdefault(path, at)
            path = (*path, number)
        self._mark(names, path if not is_array else path[:-1], at)
        self.found[path] = at
        return path, end + (2 if is_array else 1)

    def _into_last(self, path: KeyPath) -> KeyPath:
        """A name on the way through an array of tables means its newest table."""
        count = self._tables.get(path)
        return path if count is None else (*path, count - 1)

    def _mark(self, names: list[tuple[str, int]], path: KeyPath, at: int) -> None:
        """Remember parents that only exist through a longer name."""
        for end in range(1, len(path)):
            self.found.setdefault(path[:end], names[0][1] if names else at)

    def _names(self, at: int) -> tuple[list[tuple[str, int]], int]:
        """Read ``a."b.c".d`` with the offset of each part, and where it ends."""
        names: list[tuple[str, int]] = []
        while True:
            match = _KEY.match(self._text, at)
            if match is None:
                return names, at
            part = match["part"]
            name = part if part[0] not in "\"'" else tomllib.loads(f"k={part}")["k"]
            names.append((name, match.start("part")))
            at = match.end()
            if not match["dot"]:
                return names, at

    def _pair(self, at: int, table: KeyPath) -> int:
        """``key = value`` below ``table``; returns where it ends."""
        names, end = self._names(at)
        path = table
        for name, offset in names:
            path = (*path, name)
            self.found.setdefault(path, offset)
        value_at = self._text.find("=", end) + 1
        if not names or value_at == 0:
            # Not reached for text that tomllib accepted; skip the line rather than loop.
            line_end = self._text.find("\n", at)
            return len(self._text) if line_end == -1 else line_end + 1
        return self._value(self._skip(value_at), path)

    def _value(self, at: int, path: KeyPath) -> int:
        if self._text.startswith("[", at):
            return self._items(at + 1, path)
        if self._text.startswith("{", at):
            return self._inline_table(at + 1, path)
        match = _STRING.match(self._text, at) or _BARE.match(self._text, at)
        return match.end() if match else at + 1

    def _items(self, at: int, path: KeyPath) -> int:
        index = 0
        at = self._skip(at)
        while at < len(self._text) and self._text[at] != "]":
            self.found[(*path, index)] = at
            at = self._skip(self._value(at, (*path, index)))
            if self._text.startswith(",", at):
                index += 1
                at = self._skip(at + 1)
        return at + 1

    def _inline_table(self, at: int, path: KeyPath) -> int:
        at = self._skip(at)
        while at < len(self._text) and self._text[at] != "}":
            at = self._skip(self._pair(at, path))
            if self._text.startswith(",", at):
                at = self._skip(at + 1)
        return at + 1
