"""Values that look like a person's: what a trait of this name and format would hold."""

import re
from datetime import date, timedelta
from hashlib import sha256

from jsonnet_ctx.records import Frozen

_FIRST = ("Ann", "Ben", "Chloe", "David", "Elif", "Farid", "Grace", "Henrik", "Ines", "Jakub")
_LAST = ("Example", "Muster", "Dupont", "Rossi", "Novak", "Silva", "Jensen", "Okafor", "Tanaka", "Haddad")


class Person(Frozen):
    """A made-up person; the same seed is the same person."""

    seed: int

    @property
    def first(self) -> str:
        return _FIRST[self.seed % len(_FIRST)]

    @property
    def last(self) -> str:
        return _LAST[(self.seed // len(_FIRST) + self.seed) % len(_LAST)]

    @property
    def handle(self) -> str:
        number = str(self.seed) if self.seed >= len(_FIRST) or self.seed < 0 else ""
        return f"{self.first}.{self.last}{number}".lower()

    def number(self, what: str, size: int) -> int:
        """A number from 0 below ``size``, always the same for the same person and ``what``."""
        return int.from_bytes(sha256(f"{self.seed}:{what}".encode()).digest()[:8]) % size


def likely_text(name: str, form: str | None, person: Person) -> str:
    """Return a string for a trait called ``name`` with the JSON Schema format ``form`` (None: the name decides)."""
    if form in _BY_FORMAT:
        return _of_kind(_BY_FORMAT[form], person)
    plain = re.sub(r"[^a-z]", "", name.lower())
    kind = next((kind for pattern, kind in _BY_NAME if re.search(pattern, plain)), "text")
    return _of_kind(kind, person)


def likely_number(name: str, person: Person) -> int:
    """Return a whole number for a trait called ``name``: an age, a year, a small count."""
    plain = name.lower()
    if "year" in plain:
        return 1960 + person.number(name, 45)
    return 18 + person.number(name, 60) if "age" in plain else 1 + person.number(name, 9)


_BY_FORMAT = {
    "email": "email",
    "idn-email": "email",
    "tel": "phone",
    "phone": "phone",
    "date": "birthday",
    "date-time": "instant",
    "time": "time",
    "duration": "duration",
    "uri": "url",
    "url": "url",
    "iri": "url",
    "uri-reference": "url",
    "iri-reference": "url",
    "uri-template": "url",
    "hostname": "host",
    "idn-hostname": "host",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uuid": "uuid",
    "json-pointer": "pointer",
    "relative-json-pointer": "relative-pointer",
    "regex": "regex",
}
_BY_NAME = (
    (r"mail", "email"),
    (r"phone|mobile|^tel|msisdn", "phone"),
    (r"^first|given|forename", "first"),
    (r"^last|family|surname", "last"),
    (r"user|login|nick|handle", "handle"),
    (r"company|organi[sz]ation|employer", "company"),
    (r"name$", "full-name"),
    (r"locale|lang", "locale"),
    (r"country|nation", "country"),
    (r"city|town", "city"),
    (r"street|addressline", "street"),
    (r"zip|postal|postcode", "zip"),
    (r"birth|^dob$", "birthday"),
    (r"timezone|^tz$", "timezone"),
    (r"picture|avatar|photo|image", "picture"),
    (r"url|website|homepage|link", "url"),
    (r"uuid", "uuid"),
)


def _of_kind(kind: str, person: Person) -> str:
    fixed = {
        "first": person.first,
        "last": person.last,
        "full-name": f"{person.first} {person.last}",
        "handle": person.handle,
        "email": f"{person.handle}@example.org",
        "phone": f"+491701{person.number('phone', 1_000_000):06}",
        "company": "Example GmbH",
        "locale": "en",
        "country": "DE",
        "city": "Berlin",
        "street": f"Hauptstr. {1 + person.number('street', 99)}",
        "zip": f"{10115 + person.number('zip', 4000)}",
        "birthday": str(date(1960, 1, 1) + timedelta(days=person.number("birthday", 16_000))),
        "instant": f"2026-01-{1 + person.number('instant', 28):02}T09:30:00Z",
        "time": "09:30:00Z",
        "duration": "P1D",
        "timezone": "Europe/Berlin",
        "host": "www.example.org",
        "url": f"https://www.example.org/{person.handle}",
        "picture": f"https://www.example.org/{person.handle}.png",
        "ipv4": f"192.0.2.{1 + person.number('ipv4', 254)}",
        "ipv6": f"2001:db8::{1 + person.number('ipv6', 9999)}",
        "uuid": _uuid(person),
        "pointer": "/a",
        "relative-pointer": "0",
        "regex": "^a+$",
    }
    return fixed.get(kind, "text")


def _uuid(person: Person) -> str:
    digits = sha256(f"{person.seed}:uuid".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
