"""Examples of what rules find: templates in fixtures/rules and in the rules' own pages, checked in this process."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jsonnet_ctx.check.plan import Request, plan
from jsonnet_ctx.check.rules import RULES
from jsonnet_ctx.check.run import check
from jsonnet_ctx.finding import Finding
from jsonnet_ctx.kratos.hook_point import parse_hook_point
from jsonnet_ctx.kratos.versions import LATEST
from jsonnet_ctx.project.binding import IdentitySchema
from jsonnet_ctx.project.identity_schema import load_identity_schema

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
_NAMES = "hook|kratos|content-type|contract"
_WORDS = re.compile(rf"(?P<word>{_NAMES}): (?P<value>.*?)(?= (?:{_NAMES}): |$)")
_BLOCK = re.compile(r"^\*\*(?P<verdict>bad|good)\*\* (?P<words>.*)\n\n(?P<code>(?: {4}.*\n|\n)+)", re.MULTILINE)
_MARK = re.compile(r"  // (?P<rule>JC\d{3})$")


@dataclass(frozen=True)
class Example:
    """A template that a rule finds something in (``bad``) or that no rule does (``good``)."""

    rule: str
    verdict: str
    name: str
    text: str
    hook: str
    kratos: str = LATEST
    content_type: str | None = None
    contract: str | None = None
    schema: Path = FIXTURES / "identity.schema.json"

    def __str__(self) -> str:
        return f"{self.rule}-{self.verdict}-{self.name}"

    @property
    def lines(self) -> list[int]:
        """The lines marked with a trailing ``// JC101`` where the rule is to find something."""
        marks = ((number, _MARK.search(line)) for number, line in enumerate(self.text.splitlines(), 1))
        return [number for number, mark in marks if mark is not None and mark["rule"] == self.rule]


def examples_of_files(verdict: str) -> list[Example]:
    """The examples in fixtures/rules; the first line says hook, version, Content-Type and contract.

    The identity schema is the nearest identity.schema.json upwards.
    """
    templates = sorted(FIXTURES.glob(f"*/{verdict}/*.jsonnet"))
    return [_example_of(path, verdict) for path in templates if not (path.parent / "kratos.yml").exists()]


def examples_of_pages(verdict: str) -> list[Example]:
    """The blocks in the rules' docstrings; the line above says hook, version, Content-Type and contract.

    An e-mail address is optional in their identity schema.
    """
    return [example for rule in RULES for example in _blocks(rule.id, rule.page) if example.verdict == verdict]


def found_in(example: Example, folder: Path) -> tuple[Finding, ...]:
    """What a check finds in an example; the template is written to ``folder``."""
    template = folder / "webhook.jsonnet"
    template.write_text(example.text, encoding="utf-8")
    request = Request(
        paths=(template,),
        root=folder,
        hooks=(parse_hook_point(example.hook),),
        versions=(example.kratos,),
        schema=_schema(example.schema),
        content_type=example.content_type,
        contracts={template.name: str(FIXTURES / "JC304" / example.contract)} if example.contract else {},
    )
    return check(plan(request)).findings


def _example_of(path: Path, verdict: str) -> Example:
    text = path.read_text(encoding="utf-8")
    first = text.partition("\n")[0].removeprefix("// ")
    said = {match["word"]: match["value"].strip() for match in _WORDS.finditer(first)}
    schemas = (folder / "identity.schema.json" for folder in path.parents)
    return Example(
        rule=path.parents[1].name,
        verdict=verdict,
        name=path.stem,
        text=text,
        hook=said["hook"],
        kratos=said.get("kratos", LATEST),
        content_type=said.get("content-type"),
        contract=said.get("contract"),
        schema=next(schema for schema in schemas if schema.is_file()),
    )


def _blocks(rule: str, page: str) -> Iterator[Example]:
    for number, block in enumerate(_BLOCK.finditer(page + "\n")):
        hook, *more = (word.strip("`") for word in block["words"].split())
        yield Example(
            rule=rule,
            verdict=block["verdict"],
            name=f"page{number}",
            text="\n".join(line[4:] for line in block["code"].rstrip().split("\n")) + "\n",
            hook=hook,
            kratos=next((word for word in more if word.startswith("v")), LATEST),
            content_type=next((word for word in more if "/" in word), None),
            contract=next((word for word in more if word.endswith(".json")), None),
            schema=FIXTURES / "pages.schema.json",
        )


@cache
def _schema(path: Path) -> IdentitySchema:
    return load_identity_schema(path)
