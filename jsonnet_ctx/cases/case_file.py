"""Case files: what a reviewer reads and what is run, from YAML to cases."""

import pathlib
from collections.abc import Iterator, Sequence
from typing import Any

from jsonnet_ctx.cases.around import Around, Projects, Source, find_source, shown_path
from jsonnet_ctx.cases.case import Case
from jsonnet_ctx.cases.case_webhook import Sender, read_webhook_words, require_evaluated, sender_at
from jsonnet_ctx.cases.clients import clients_given
from jsonnet_ctx.cases.contexts import Contexts, Edits, read_edits
from jsonnet_ctx.cases.expect import read_expectation
from jsonnet_ctx.cases.places import Place, places, read_clients, read_hooks, read_versions, suffix_of
from jsonnet_ctx.cases.recorded import client_of, require_read, require_sent
from jsonnet_ctx.cases.refuse import placed, require, require_words, wrong
from jsonnet_ctx.cases.response import read_answers
from jsonnet_ctx.cases.rows import CASE_WORDS, rows
from jsonnet_ctx.cases.snapshot import snapshot_path
from jsonnet_ctx.context.fixture import Fixture, load_fixture, read_fixture
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.kratos.hook_point import HookPoint
from jsonnet_ctx.project.document import load_document
from jsonnet_ctx.project.entry import Entry
from jsonnet_ctx.project.identity_schema import load_identity_schema
from jsonnet_ctx.records import Frozen

SUFFIXES = (".cases.yaml", ".cases.yml")
FILE_WORDS = ("template", "hook", "kratos", "client", "given", "without", "webhook", "identity-schema", "cases")


class CaseFile(Frozen):
    """A case file: its cases in order, ``stem`` names the folder of their snapshots."""

    path: pathlib.Path
    stem: str
    cases: tuple[Case, ...]


def is_case_file(path: pathlib.Path) -> bool:
    """Whether a file is called like one."""
    return path.name.endswith(SUFFIXES)


def load_cases(path: pathlib.Path, projects: Projects | None = None) -> CaseFile:
    """Read a case file and make the ctx of every case.

    Raises FileError with file, line, column and the nearest word for a file in which anything is
    wrong, and the errors of the settings and the Kratos config.
    """
    document = load_document(path, name=shown_path(path))
    root = Entry(document, (), document.value)
    if root.value is None:
        raise wrong(root, "the file is empty", hint="a case file has template, hook and cases")
    require_words(root, FILE_WORDS, "a case file")
    reader = Reader(root, path, (projects or Projects()).around(path))
    return CaseFile(path, reader.source.stem, tuple(reader.cases({}, {})))


class Reader:
    """Reads one case file from top to bottom; ``source`` is the template where the file does not name it."""

    def __init__(
        self,
        root: Entry,
        path: pathlib.Path,
        around: Around,
        source: Source | None = None,
        words: Sequence[str] = CASE_WORDS,
    ) -> None:
        self.root, self.path, self.around, self.words = root, path, around, words
        self.folder = path.absolute().parent
        self.source = source or self._source()
        self.edits = read_edits(root.get("given"), root.get("without"))
        self.hooks = read_hooks(root.get("hook"))
        self.versions = read_versions(root.get("kratos"))
        self.clients = read_clients(root.get("client"))
        first = (self.versions or around.versions)[0]
        config = around.config(first)
        self.contexts = Contexts(self._identity_schema(first), config.header_allowlist if config else None)

    def cases(self, titles: dict[str, Entry], snapshots: dict[pathlib.Path, str]) -> Iterator[Case]:
        """The cases in order. Raises FileError, also for two of one name or one snapshot; both are noted."""
        listed = self.root.get("cases")
        if listed is None:
            raise wrong(self.root, "the file has no cases", hint="add cases: [{name: …, expect: …}]")
        require(listed, "list", "cases")
        if not listed.value:
            raise wrong(listed, "the list of cases is empty")
        for written in listed.items():
            for entry, title in rows(written, self.words):
                if title in titles:
                    hint = f"the first is in line {titles[title].location.line}"
                    raise wrong(entry.get("name") or entry, f"two cases are named {title!r}", hint=hint)
                titles[title] = entry
                for case in self._cases_of(entry, title):
                    if case.snapshot is not None and case.snapshot in snapshots:
                        other = snapshots[case.snapshot]
                        hint = f"{other!r} and {title!r} are one file name"
                        raise wrong(entry.get("name") or entry, "two cases share a snapshot", hint=hint)
                    if case.snapshot is not None:
                        snapshots[case.snapshot] = title
                    yield case

    def _cases_of(self, entry: Entry, title: str) -> Iterator[Case]:
        """One case of the file at each of its hook points, versions and clients."""
        expect = entry.get("expect")
        if expect is None:
            raise wrong(entry, f"the case {title!r} has no expect", hint="say what is right: expect: {payload: {…}}")
        expectation = read_expectation(expect)
        edits = self.edits.over(read_edits(entry.get("given"), entry.get("without")))
        response = entry.get("response")
        answers = () if response is None else read_answers(response, self.folder)
        fixture = self._fixture(entry)
        where = self._places(entry, fixture, edits)
        remarks = self._remarks(entry, fixture, edits, where)
        for place in where:
            sender = self._sender(entry, expect, place)
            suffix = suffix_of(place, where)
            ctx, client = self._ctx(place, edits, fixture)
            snapshot = snapshot_path(self.folder, self.source.stem, title, suffix) if expectation.snapshot else None
            yield Case(
                name=f"{title}[{suffix}]" if suffix else title,
                file=self.path,
                location=entry.location,
                template=self.source.template,
                hook=place.hook,
                kratos=place.kratos,
                client=client,
                ctx=ctx,
                expect=expectation,
                webhook=sender.webhook,
                actions=sender.actions,
                unwired=sender.unwired,
                answers=answers,
                identity_schema=self.contexts.identity_schema,
                engine=self.around.settings.engine,
                snapshot=snapshot,
                remarks=remarks.get((place.hook, place.kratos), ()),
            )

    def _places(self, entry: Entry, fixture: Fixture | None, edits: Edits) -> tuple[Place, ...]:
        hooks = self._hooks(entry)
        versions = read_versions(entry.get("kratos"))
        clients = clients_given(read_clients(entry.get("client")) or self.clients, edits)
        if fixture is not None:
            at = entry.get("fixture") or entry.get("ctx") or entry
            if fixture.kratos and versions and fixture.kratos not in versions:
                raise wrong(at, f"the fixture is of kratos {fixture.kratos}, the case is for {', '.join(versions)}")
            versions = (fixture.kratos,) if fixture.kratos else versions or self.versions or self.around.versions
            hook = fixture.hook or hooks[-1]
            if hooks and hook not in hooks:
                known = " or ".join(one.id for one in hooks)
                raise wrong(at, f"the fixture is of {hook.id}, the case is for {known}")
            clients = clients or (client_of(fixture.ctx),)
            for kratos in versions:
                require_sent(fixture, hook, kratos, at)
            return tuple(Place(hook, kratos, client) for kratos in versions for client in clients)
        word = entry.get("hook") or entry.get("kratos") or entry.get("client") or self.root.get("hook") or entry
        return places(hooks, versions or self.versions or self.around.versions, clients, word)

    def _remarks(
        self, entry: Entry, fixture: Fixture | None, edits: Edits, where: tuple[Place, ...]
    ) -> dict[tuple[HookPoint, str], tuple[str, ...]]:
        """What is odd in the fixture at each hook point and version. Raises FileError for what is wrong."""
        if fixture is None:
            return {}
        at = entry.get("fixture") or entry
        template = self.source.template
        stages = dict.fromkeys((place.hook, place.kratos) for place in where)
        return {stage: require_read(fixture, template, *stage, edits, at) for stage in stages}

    def _hooks(self, entry: Entry) -> tuple[HookPoint, ...]:
        """The hook points of the case, of the file, or those at which the config wires the template."""
        hooks = read_hooks(entry.get("hook")) or self.hooks
        if not hooks:
            bindings = self.source.bindings(self.around, self.around.versions[0])
            hooks = tuple(dict.fromkeys(hook for binding in bindings for hook in binding.hooks))
        if not hooks and entry.get("fixture") is None and entry.get("ctx") is None:
            raise wrong(self.root, "no hook point: neither the file nor the case names one", hint="add hook: …")
        return hooks

    def _ctx(self, place: Place, edits: Edits, fixture: Fixture | None) -> tuple[dict[str, Any], Any]:
        if fixture is None:
            return self.contexts.fabricated(place.hook, place.kratos, place.client, edits)
        return self.contexts.recorded(fixture, place.hook, place.kratos, edits), place.client

    def _fixture(self, entry: Entry) -> Fixture | None:
        named = entry.get("ctx") or entry.get("fixture")
        if named is None:
            return None
        if entry.get("ctx") and entry.get("fixture"):
            raise wrong(named, "a case has a ctx or a fixture, not both")
        if named.path[-1] == "ctx":
            fixture = read_fixture(named.as_document())
        else:
            path = self.folder / require(named, "string", "fixture")
            try:
                fixture = load_fixture(shown_path(path))
            except JsonnetCtxError as error:
                raise placed(named, error) from error
        if fixture.hook is None and not self._hooks(entry):
            raise wrong(named, "the fixture does not say its hook point, and neither does the case", hint="add hook: …")
        return fixture

    def _sender(self, entry: Entry, expect: Entry, place: Place) -> Sender:
        own = entry.get("webhook") or self.root.get("webhook")
        if own is not None:
            sender = Sender(read_webhook_words(own, expect))
        else:
            sender = sender_at(self.source, self.around, place.hook, place.kratos)
        require_evaluated(sender, expect)
        return sender

    def _source(self) -> Source:
        named = self.root.get("template")
        if named is None:
            raise wrong(self.root, "the file names no template", hint="add template: webhook.jsonnet")
        try:
            return find_source(require(named, "string", "template"), self.folder, self.around)
        except JsonnetCtxError as error:
            raise placed(named, error) from error

    def _identity_schema(self, kratos: str) -> dict[str, Any] | None:
        named = self.root.get("identity-schema")
        if named is None:
            return self.around.identity_schema(kratos)
        try:
            return load_identity_schema(self.folder / require(named, "string", "identity-schema")).document
        except JsonnetCtxError as error:
            raise placed(named, error) from error
