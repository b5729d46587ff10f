"""The cases that one entry of a case file stands for: itself, or one for each row of its ``each``."""

from collections.abc import Iterator, Sequence

from jsonnet_ctx.cases.placeholders import Row, filled, has_placeholder, require_names
from jsonnet_ctx.cases.refuse import require, require_words, wrong
from jsonnet_ctx.project.entry import Entry

CASE_WORDS = (
    "name",
    "each",
    "hook",
    "kratos",
    "client",
    "fixture",
    "given",
    "without",
    "webhook",
    "response",
    "expect",
)


def rows(written: Entry, words: Sequence[str] = CASE_WORDS) -> Iterator[tuple[Entry, str]]:
    """A case as written, once for each row of its ``each``, with its name."""
    require_words(written, words, "a case")
    name = written.get("name")
    if name is None:
        raise wrong(written, "a case needs a name", hint="add name: what it shows")
    title = _title(name)
    each = written.get("each")
    if each is None:
        yield written, title
        return
    require(each, "list", "each")
    if not each.value:
        raise wrong(each, "each without a row runs nothing")
    plain = Entry(
        written.document, written.path, {key: value for key, value in written.mapping.items() if key != "each"}
    )
    listed = list(each.items())
    for row in listed:
        require(row, "object", "a row of each")
        require_names(row)
    names = {name for row in listed for name in row.mapping}
    for number, row in enumerate(listed, start=1):
        entry = Entry(written.document, written.path, filled(plain, Row(row, row.mapping, names)))
        own = entry.get("name") or entry
        yield entry, _title(own) if has_placeholder(title, names) else f"{title} {number}"


def _title(name: Entry) -> str:
    title: str = require(name, "string", "name")
    if not title.strip() or "::" in title or not title.isprintable():
        raise wrong(name, f"a case cannot be named {title!r}", hint="a name is one line without ::")
    return title
