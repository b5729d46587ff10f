"""The tokens of a Jsonnet text, split as go-jsonnet 0.21 splits it.

The engine has habits that the language does not know, and templates have to live with them: a run
of operator signs that ends in ``+ - ~ ! $`` is cut back to its first sign (``a&&!b`` is an error),
a blank line with a carriage return ends a text block, and there are no ``_`` in numbers.
"""

import re

from jsonnet_ctx.syntax.problem import SyntaxProblem

_KEYWORD_TEXT = "assert else error false for function if import importbin importstr in local null self super"
KEYWORDS = frozenset(f"{_KEYWORD_TEXT} tailstrict then true".split())

NAME, NUMBER, STRING, KEYWORD, SIGN, END = "name", "number", "string", "keyword", "sign", "end"

Token = tuple[str, str, int, int]
"""Kind, text, start, end. No string token has the text of a sign or keyword, so texts can be compared alone."""

_SPACE = r"(?:[ \t\r\n]+|//[^\n]*|\#[^\n]*|/\*.*?\*/)*+"
_COMMENT = re.compile(r"//[^\n]*|\#[^\n]*|/\*.*?\*/", re.DOTALL)
_NUMBER = r"(?>0|[1-9][0-9]*)(?>\.[0-9]+|(?!\.))(?>[eE][+-]?[0-9]+|(?![eE]))"
_STRING = r"""'[^'\\]*+(?:\\.[^'\\]*+)*+'|"[^"\\]*+(?:\\.[^"\\]*+)*+"|@'(?:[^']|'')*+'|@"(?:[^"]|"")*+\""""
_BLOCK = r"\|\|\|-?[ \t\r]*+\n\n*+(?P<indent>[ \t]++)[^\n]*+\n(?:\n|(?P=indent)[^\n]*+\n)*+[ \t]*+\|\|\|"
_FIRST_SIGN = r"(?!//|/\*|\|\|\|)[!$:~+\-&|^=<>*/%]"
# The limit keeps a long run of signs from being read again and again; no operator is that long.
_OPERATOR = rf"{_FIRST_SIGN}(?:(?!\|\|)[!$:~+\-&|^=<>*%]){{0,64}}+(?<![+\-~!$])|{_FIRST_SIGN}"
_TOKEN = re.compile(
    rf"({_SPACE})(?:([A-Za-z_][A-Za-z0-9_]*+|[{{}}\[\](),.;]|{_NUMBER}|{_STRING}|{_BLOCK}|{_OPERATOR})|(.))?",
    re.DOTALL,
)

_KIND = dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", NAME)
_KIND |= dict.fromkeys("0123456789", NUMBER) | dict.fromkeys("'\"@", STRING)

_EXPLAINED = (
    (re.compile(r"['\"]|@['\"]"), "unterminated string"),
    (re.compile("@"), "a verbatim string starts with @' or @\""),
    (re.compile(r"/\*"), "comment without an end"),
    (re.compile(r"\|\|\|-?[ \t\r]*+[^\n]"), "a text block needs a new line after |||"),
    (re.compile(r"\|\|\|-?[ \t\r]*+\n\n*+[^ \t]"), "a text block's first line must start with spaces"),
    (re.compile(r"\|\|\|"), "text block without an end"),
    (re.compile(r"[0-9]"), "a number ends in the middle"),
)


def tokens(text: str) -> list[Token]:
    """The tokens of ``text`` (one character for each byte), the last one of kind ``end``.

    Raises SyntaxProblem where the engine reads no token.
    """
    found: list[Token] = []
    at = 0
    for space, token, _, wrong in _TOKEN.findall(text):
        at += len(space)
        if not token:
            if wrong:
                raise SyntaxProblem(_explanation(text, at), at)
            break
        end = at + len(token)
        kind = _KIND.get(token[0], SIGN)
        if kind is NAME and token in KEYWORDS:
            kind = KEYWORD
        elif kind is SIGN and token.startswith("|||"):
            kind = STRING
        found.append((kind, token, at, end))
        at = end
    found.append((END, "", at, at))
    return found


def comments(text: str) -> list[tuple[str, int, int]]:
    """The comments of ``text`` (one character for each byte) with start and end, up to where it is no Jsonnet."""
    found: list[tuple[str, int, int]] = []
    at = 0
    for space, token, _, wrong in _TOKEN.findall(text):
        for comment in _COMMENT.finditer(space):
            found.append((comment[0], at + comment.start(), at + comment.end()))
        at += len(space) + len(token)
        if wrong:
            break
    return found


def _explanation(text: str, at: int) -> str:
    for pattern, message in _EXPLAINED:
        if pattern.match(text, at):
            return message
    return f"no token starts with {text[at]!r}"
