"""Templates from the body URIs of web_hook actions."""

import hashlib
import re
from pathlib import Path

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.finding import Location
from jsonnet_ctx.project.body_uri import SCHEMES, looks_inline, refusal_of, scheme_of, storage_digest
from jsonnet_ctx.project.file_text import MAX_TEMPLATE_BYTES, read_bytes
from jsonnet_ctx.project.go_base64 import IllegalBase64, decode_base64
from jsonnet_ctx.project.places import Found, Places, find_file, is_inside, shown
from jsonnet_ctx.project.template import Template, Unreadable
from jsonnet_ctx.project.template_file import text_of

Resolved = tuple[Template | Unreadable, tuple[str, ...]]


def resolve_body(uri: str | None, *, location: Location, places: Places, name: str) -> Resolved:
    """Return the template that a body names, or why it gives none, with remarks for the report.

    ``location`` is the body's place in the config and ``name`` the action's address, which a
    base64 template is shown under. Nothing is fetched, nothing outside the root is read. The
    rules are the rows body.* of behaviours.json.
    """
    if not uri:
        message = 'the action has no body: every call fails with "got empty template path for request with body"'
        return _none("missing-body", message, uri or "", location, hint="give it a body: file://… or base64://…"), ()
    reason = refusal_of(uri)
    if reason is not None:
        kind = "lax-base64" if uri.startswith("base64://") else "template-not-found"
        message = f"the body is not a valid URI ({reason}): kratos refuses to start"
        hint = "write it on one line without spaces (in YAML without |; in a shell: base64 -w0)"
        return _none(kind, message, uri, location, hint=hint, refused=True), ()
    return _by_scheme(uri, location, places, name)


def _by_scheme(uri: str, location: Location, places: Places, name: str) -> Resolved:
    scheme = scheme_of(uri)
    if scheme is None:
        return _from_bare(uri, location, places)
    if scheme not in SCHEMES:
        message = f"kratos knows no scheme {scheme}:// and takes the body for a path: every call fails"
        hint = "use file:// or base64://, in lower case"
        return _none("unknown-scheme", message, uri, location, hint=hint), ()
    if scheme == "base64":
        return _from_base64(uri, location, name), ()
    if scheme == "file":
        return _from_file(uri, uri.removeprefix("file://"), location, places)
    return _from_url(uri, location, places)


def _from_base64(uri: str, location: Location, name: str) -> Template | Unreadable:
    try:
        data = decode_base64(uri.removeprefix("base64://"))
    except IllegalBase64 as error:
        message = f"kratos cannot decode the body: {error}"
        hint = "use the standard alphabet (+ and /) with padding, such as base64 -w0 prints"
        return _none("lax-base64", message, uri, location, hint=hint)
    if len(data) > MAX_TEMPLATE_BYTES:
        return _none("too-large", f"the template is larger than {MAX_TEMPLATE_BYTES:,} bytes", uri, location)
    text = text_of(data)
    if isinstance(text, int):
        return _none("not-utf8", f"the decoded template is not UTF-8 (byte {text})", uri, location)
    return Template(text, name, uri, location)


def _from_url(uri: str, location: Location, places: Places) -> Resolved:
    digest = storage_digest(uri)
    local = None if digest is None else _by_digest(digest, places)
    if local is not None:
        note = f"the stored body has the SHA-512 of {shown(local, places.root)}, which was read instead"
        return _read(uri, local, location, places, (note,))
    hint = "keep a copy in the project and check it with --hook"
    if digest is not None:
        hint = "ory network stores the body under its SHA-512: keep the template's source in the project"
    return _none("remote", f"{uri} is not fetched", uri, location, hint=hint), ()


def _by_digest(digest: str, places: Places) -> Path | None:
    """The Jsonnet file under the root with this SHA-512."""
    for name, paths in places.by_name.items():
        if name.endswith((".jsonnet", ".libsonnet")):
            for path in paths:
                if _is_readable(path, places) and hashlib.sha512(path.read_bytes()).hexdigest() == digest:
                    return path
    return None


def _is_readable(path: Path, places: Places) -> bool:
    return path.is_file() and is_inside(path, places.root) and path.stat().st_size <= MAX_TEMPLATE_BYTES


def _from_file(uri: str, written: str, location: Location, places: Places) -> Resolved:
    found = find_file(written, places)
    notes = (found.note,) if found.note else ()
    if found.inline is not None:
        name = f"{found.inline.location.path}::{Path(written).name}"
        return Template(found.inline.text, name, uri, found.inline.location), notes
    if found.path is None:
        return _not_found(uri, found, location), ()
    return _read(uri, found.path, location, places, notes)


def _from_bare(uri: str, location: Location, places: Places) -> Resolved:
    """A body without a scheme: a path, deprecated, relative to the process's working directory."""
    if looks_inline(uri):
        message = "inline jsonnet without a scheme is taken for a path: every call fails with unable to open file"
        hint = "put it into a file (file://…) or encode it (base64://…)"
        return _none("template-not-found", message, uri, location, hint=hint), ()
    template, notes = _from_file(uri, uri, location, places)
    if isinstance(template, Unreadable) and re.fullmatch(r"[A-Za-z0-9+/]{24,}={0,2}", uri):
        message = "the body looks like base64 without its scheme: kratos takes it for a path, every call fails"
        return _none("template-not-found", message, uri, location, hint="write base64:// before it"), ()
    return template, notes


def _read(uri: str, path: Path, location: Location, places: Places, notes: tuple[str, ...]) -> Resolved:
    name = shown(path, places.root)
    try:
        data = read_bytes(path, limit=MAX_TEMPLATE_BYTES)
    except FileError as error:
        kind = "too-large" if "larger" in error.message else "template-not-found"
        return _none(kind, f"{name} {error.message}", uri, location, hint=error.hint), notes
    text = text_of(data)
    if isinstance(text, int):
        return _none("not-utf8", f"{name} is not UTF-8 (byte {text})", uri, location), notes
    return Template(text, name, uri, Location(name, 1, 1)), notes


def _not_found(uri: str, found: Found, location: Location) -> Unreadable:
    return _none(found.kind, found.message, uri, location, hint=found.hint)


def _none(
    kind: str, message: str, uri: str, location: Location, *, hint: str | None = None, refused: bool = False
) -> Unreadable:
    return Unreadable(kind, message, uri, location, hint, refused)
