"""What every node of a Jsonnet tree has, and the way through a tree."""

from collections.abc import Iterator

from jsonnet_ctx.records import Plain


class Node(Plain):
    """Anything with a place in the text; ``children`` are in the order of the text."""

    start: int
    end: int

    @property
    def children(self) -> "tuple[Node, ...]":
        """The nodes directly below this one, in the order of the text."""
        found: list[Node] = []
        names = self._names
        for name in names[2:]:
            part = getattr(self, name)
            if isinstance(part, Node):
                found.append(part)
            elif isinstance(part, tuple):
                found += part
        return tuple(found)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text; deep trees are fine."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(current.children))


def source(text: str, node: Node) -> str:
    """What the node was read from; ``text`` is the whole text, as given to the parser."""
    return text[node.start : node.end] if text.isascii() else text.encode()[node.start : node.end].decode()
