"""Jsonnet for hypothesis: programs in which every name is bound, and heaps of tokens that mostly are no programs."""

from random import Random

from hypothesis import strategies as st

_ATOMS = (
    "a b c null true false 0 1.5e-3 12 self $ super.a super['b'] std std.length 'x' \"y\" '' 'é\\n' "
    "\"\\u00e9\\ud83d\\ude00\" @'it''s' @\"a\\b\""
)
ATOMS = _ATOMS.split()
BLOCKS = ("|||\n  one\n   two\n\n  é\n|||", "|||-\n\tx\n|||")
_OPERATORS = "|| && | ^ & == != < > <= >= in << >> + - * / %"
OPERATORS = _OPERATORS.split()
SPACES = ("", " ", "\n", " // note é\n", " # x\n", "/* é\n */")
SPECS = ("for b in {}", "for b in {} if {}", "for a in {} for b in {}", "for a in {} if {} for b in {} if {} if {}")
PARAMS = ("", "a", "a={},", "x, b={}")
FIELDS = (
    "f{n}: {}",
    "'g{n}'+: {}",
    "[{}]:: {}",
    "h{n}({params})::: {}",
    "local l{n} = {}",
    "local m{n}({params}) = {}",
    "assert {} : {}",
    "assert {}",
)
PATTERNS = (
    "({s}{}{s})",
    "{} {op} {}",
    "({}){s}{op}{s}({})",
    "({} {op} {}) {op} {}",
    "!{}",
    "-{}",
    "+ ~{}",
    "({}).a",
    "({})[{}]",
    "({})[{}:{}]",
    "({})[::{}]",
    "({})[:{}:]",
    "({})()",
    "({})({}, {})",
    "a({}, x={},)",
    "b({}) tailstrict",
    "({}) {object}",
    "if {} then {} else {}",
    "if {} then {}",
    "local a = {}; {}",
    "local a({params}) = {}, z = {}; {}",
    "function({params}) {}",
    "assert {}; {}",
    "assert {} : {}; {}",
    "error {}",
    "[]",
    "[{}, {},]",
    "[{} {specs}]",
    "{{[{}]: {} {specs}}}",
    "({}) in super",
    "import 'x'",
    "importstr @'y'",
    "{object}",
)


class Writer:
    """Writes expressions of a limited size."""

    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.left = size
        self.number = 0

    def expression(self) -> str:
        self.left -= 1
        if self.left <= 0 or self.random.random() < 0.2:
            return self.random.choice(ATOMS) if self.random.random() < 0.9 else self.random.choice(BLOCKS)
        return self.filled(self.random.choice(PATTERNS))

    def filled(self, pattern: str) -> str:
        parts = {
            "op": self.random.choice(OPERATORS),
            "s": self.random.choice(SPACES),
            "params": self.random.choice(PARAMS) if "{params}" in pattern else "",
            "specs": self.random.choice(SPECS) if "{specs}" in pattern else "",
            "object": self.object() if "{object}" in pattern else "",
            "n": str(self.number),
        }
        for name in ("params", "specs"):
            pattern = pattern.replace(f"{{{name}}}", parts[name])
        holes = pattern.replace("{{", "").count("{}")
        return pattern.format(*(self.expression() for _ in range(holes)), **parts)

    def object(self) -> str:
        fields = []
        for _ in range(self.random.randint(0, 3)):
            self.number += 1
            fields.append(self.filled(self.random.choice(FIELDS)))
        return "{" + ", ".join(fields) + "}"


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program whose expressions lie inside an object; a few are refused for what they say, not how."""
    writer = Writer(draw(st.randoms(use_true_random=True)), draw(st.integers(2, 25)))
    return f"{{ v: local a = 1, b = 'x', c = {{}}, x = 1, z = 1; ({writer.expression()}) }}"


_TOKENS = (
    "a b c x self super $ std null true false if then else local function assert error import importstr for in "
    "tailstrict ( ) [ ] { } , ; . : :: ::: +: + - * / % ! ~ = == != < > <= >= && || & | ^ << >> 0 1 2.5 1e3 'a' "
    "\"b\" @'c' ||| // # /* */ ' \" @ \\ é 1_0"
)
TOKENS = _TOKENS.split()
_SPACED = [token + space for token in TOKENS for space in ("", " ", "\n")]
token_heaps = st.lists(st.sampled_from(_SPACED), max_size=14).map("".join)


@st.composite
def damaged_programs(draw: st.DrawFn) -> str:
    """A program with one stretch of it cut out, doubled or replaced by a token."""
    text = draw(programs())
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 6)))
    put = draw(st.sampled_from(["", text[start:end] * 2, *TOKENS]))
    return text[:start] + put + text[end:]
