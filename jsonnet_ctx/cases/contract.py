"""``schema``: the payload against what the receiver says it takes."""

import pathlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from jsonnet_ctx.cases.case import Check, Ran
from jsonnet_ctx.cases.mismatch import Mismatch, payload_name, value_at, words
from jsonnet_ctx.cases.refuse import placed, require
from jsonnet_ctx.engine.outcome import Rendered
from jsonnet_ctx.errors import JsonnetCtxError
from jsonnet_ctx.project.contract import Contract, load_contract
from jsonnet_ctx.project.entry import Entry


def read_contract(entry: Entry) -> Check:
    """``receiver.schema.json`` or ``openapi.yaml#/paths/~1activate/post``, from the case file's folder.

    Raises FileError for a file, pointer or schema that is none.
    """
    name = require(entry, "string", "schema")
    try:
        contract = load_contract(pathlib.Path(entry.document.name).absolute().parent, name)
    except JsonnetCtxError as error:
        raise placed(entry, error) from error
    return partial(_check, contract)


def contract_mismatches(contract: Contract, payload: Any) -> Iterator[Mismatch]:
    """Where a payload breaks a contract."""
    for breach in contract.breaches(payload):
        yield Mismatch(
            payload_name(breach.path),
            f"what {contract.name} takes",
            words(value_at(payload, breach.path)),
            breach.path,
            note=f"{breach.message} (rule: {breach.rule})",
        )


def _check(contract: Contract, ran: Ran) -> Iterator[Mismatch]:
    if isinstance(ran.outcome, Rendered):
        yield from contract_mismatches(contract, ran.outcome.payload)
