"""Generate the tables of jsonnet_ctx/kratos/catalog that are read off Kratos's source.

Input: fixtures/kratos/context_shapes.json (the reading of the source, checked against running
servers), fixtures/kratos/corrections.json (single facts that win over it) and fixtures/captures
(which say what a running Kratos was seen to send). The other
tables of the catalog (places, scenarios, provider_ids, nodes, forms, …) are kept by hand.

    python scripts/generate_kratos_catalog.py [--check]
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CATALOG = ROOT / "jsonnet_ctx" / "kratos" / "catalog"
FACTS = ROOT / "fixtures" / "kratos"
CAPTURES = ROOT / "fixtures" / "captures"

Row = dict[str, Any]

PARTS = {
    "identity_fields": "identity",
    "verifiable_address_fields": "verifiable_address",
    "recovery_address_fields": "recovery_address",
    "session_fields": "session",
    "authentication_method_fields": "authentication_method",
    "device_fields": "device",
    "ui_container_fields": "ui",
    "node_fields": "node",
    "message_fields": "message",
}

CTX: list[Row] = [
    {"key": "flow", "types": ["object"], "holds": "flow", "note": "The self-service flow"},
    {"key": "request_headers", "types": ["object"], "set_by": "client", "values": "header",
     "note": "Name to list of values; only allow-listed names, in canonical case; never Host or Cookie"},
    {"key": "request_method", "types": ["string"], "set_by": "client", "note": "Of the request that ran the hook"},
    {"key": "request_url", "types": ["string"], "set_by": "client", "note": "Of the request that ran the hook"},
    {"key": "request_cookies", "types": ["object"], "set_by": "client", "values": "cookie",
     "note": "Name to value; {} in after hooks of API clients, which Kratos refuses when they send cookies"},
    {"key": "identity", "types": ["object"], "holds": "identity", "note": "The person"},
    {"key": "session", "types": ["object"], "holds": "session", "presence": "never",
     "note": "Not passed to this hook by this version"},
    {"key": "password", "types": ["string"], "presence": "never", "set_by": "client",
     "note": "Only at password_migration"},
    {"key": "identifier", "types": ["string"], "presence": "never", "set_by": "client",
     "note": "Only at password_migration"},
]  # fmt: skip


def field_row(part: str, key: str, spec: Row) -> Row | None:
    """Turn one entry of context_shapes.json into a row; None for what no released version has."""
    if spec["since"] == "HEAD":
        return None
    types = [name for name in (spec["type"] or "any").split("|") if name != "null"]
    when, about = spec["when"], spec["format"] or ""
    row: Row = {"part": part, "key": key, "types": types}
    row["presence"] = "always" if when.startswith("always") else "never" if when.startswith("never") else "optional"
    if "null" in (spec["type"] or "").split("|"):
        row["nullable"] = True
    if about.startswith(("uuid", "RFC3339")):
        row["format"] = "uuid" if about.startswith("uuid") else "date-time"
    if about == "message":
        row["holds"] = "message"
    if about == "string map":
        row["open"] = True
    if spec["since"] not in (None, "v1.0.0"):
        row["since"] = spec["since"]
    return row


def attribute_rows(types: dict[str, dict[str, Row]]) -> list[Row]:
    """One row for every key of a node's attributes, with its presence for each node type."""
    rows: dict[str, Row] = {}
    for node_type, keys in types.items():
        for key, spec in keys.items():
            row = field_row("attributes", key, spec)
            if row is None:
                continue
            merged = rows.setdefault(key, {**row, "types": [], "node_types": {}})
            merged["types"] += [name for name in row["types"] if name not in merged["types"]]
            merged["node_types"][node_type] = {"presence": row["presence"], "types": row["types"]}
            if row.get("since") and spec["since"] != merged.get("since"):
                merged["node_types"][node_type]["since"] = row["since"]
                merged.pop("since", None)
    for row in rows.values():
        presences = {entry["presence"] for entry in row["node_types"].values()}
        everywhere = len(row["node_types"]) == len(types)
        row["presence"] = "always" if everywhere and presences == {"always"} else "optional"
        row["note"] = f"In nodes of type {', '.join(row['node_types'])}"
    return list(rows.values())


def fixed_rows() -> list[Row]:
    """Rows of parts that context_shapes.json describes in words only."""
    rows = [{"part": "ctx", "presence": "always", **row} for row in CTX]
    rows.append({"part": "header", "key": "*", "types": ["array"], "presence": "optional", "items": "text"})
    rows.append({"part": "cookie", "key": "*", "types": ["string"], "presence": "optional"})
    rows.append({"part": "meta", "key": "label", "types": ["object"], "presence": "optional", "holds": "message"})
    for key, type_ in (("action", "string"), ("ory_session_token", "string"), ("redirect_browser_to", "string")):
        rows.append({"part": "continue_with", "key": key, "types": [type_], "presence": "optional"})
    for key in ("flow", "data"):
        rows.append({"part": "continue_with", "key": key, "types": ["object"], "presence": "optional", "open": True})
    next(row for row in rows if row["part"] == "continue_with")["presence"] = "always"
    for row in rows:
        if row["part"] in ("header", "cookie"):
            row["set_by"] = "client"
    return rows


def fields(shapes: Row, corrections: list[Row]) -> list[Row]:
    """All field rows: the reading of the source, overlaid with the corrections."""
    read = [(f"flow.{flow}", keys) for flow, keys in shapes["flow_fields"].items()]
    read += [(part, shapes[name]) for name, part in PARTS.items()]
    rows = [
        row for part, keys in read for key, spec in keys.items() if key[0] != "_" if (row := field_row(part, key, spec))
    ]
    rows += attribute_rows(shapes["node_attribute_types"])
    by_key = {(row["part"], row["key"]): row for row in corrections}
    unknown = set(by_key) - {(row["part"], row["key"]) for row in rows}
    if unknown:
        raise SystemExit(f"corrections of fields that context_shapes.json does not have: {sorted(unknown)}")
    found = fixed_rows() + [{**row, **by_key.get((row["part"], row["key"]), {})} for row in rows]
    seen = observed(found)
    for row in found:
        is_seen = (row["part"], row["key"]) in seen or row["presence"] == "never"
        row["evidence"] = "captured" if is_seen else "source"
    return found


def observed(rows: list[Row]) -> set[tuple[str, str]]:
    """Every (part, key) that some capture holds."""
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(row["part"], []).append(row)
    seen: set[tuple[str, str]] = set()

    def visit(part: str, value: Any, flow: str) -> None:
        for row in parts.get(f"flow.{flow}" if part == "flow" else part, []) if isinstance(value, dict) else []:
            for key in list(value) if row["key"] == "*" else [row["key"]] if row["key"] in value else []:
                seen.add((row["part"], row["key"]))
                held = row.get("holds") or row.get("values") or row.get("items") or ""
                for item in value[key] if isinstance(value[key], list) else [value[key]]:
                    visit(held, item, flow)

    for path in sorted(CAPTURES.glob("*.json")):
        capture = json.loads(path.read_text(encoding="utf-8"))
        if "hook" in capture:
            visit("ctx", capture["ctx"], capture["hook"].partition(".")[0].replace("password_migration", "login"))
    return seen


def for_users(note: str) -> str:
    """A note without remarks on how a fact was found out, which the evidence of a row is for."""
    note = re.sub(r" \(measured[^()]*\)", "", note)
    note = note.replace("Provider id has no field of its own: see provider_id_sources.",
                        "The id of the OIDC provider has no field of its own.")  # fmt: skip
    return note.replace("(v1.1.0..HEAD)", "(since v1.1.0)")


def hook_rows(shapes: Row) -> list[Row]:
    """One row for every hook point that a released version runs."""
    rows = []
    for id_, spec in shapes["hook_points"].items():
        if not spec["runs"]:
            continue
        migration = id_ == "password_migration"
        flow, phase, method, persist = (
            (id_.split(".") if not migration else ["login", "after", "password"]) + [None] * 3
        )[:4]
        since = "v25.4.0" if migration else spec.get("config_key_since", "v1.0.0")
        rows.append({"id": id_, "flow": flow, "phase": phase or "after", "method": method,
                     "persist": persist and persist.removesuffix("_persist"), "since": since,
                     "config_path": spec["config_path"], "evidence": "captured",
                     "note": for_users(spec["notes"])})  # fmt: skip
    return rows


def tables(shapes: Row, corrections: list[Row]) -> dict[str, tuple[str, list[Row]]]:
    """Name of every generated table -> (what it is about, its rows)."""
    measured = shapes["_meta"]["measured_versions"]
    versions = [tag for tag in shapes["_meta"]["tags"] if tag != "HEAD"]
    limits = [{"version": v, **shapes["limits"][v]} for v in versions]
    keep = ("version", "go_jsonnet", "worker_stdin_message_bytes_max", "worker_stdout_bytes_max",
            "worker_memory_bytes_max", "eval_timeout_s", "max_stack_frames", "webhook_response_body_bytes_max",
            "webhook_http_attempts_max", "webhook_http_timeout_per_attempt_s")  # fmt: skip
    evidence = {v: "captured" if v in measured else "source" for v in versions}
    return {
        "versions": ("Kratos versions, oldest first, and the go-jsonnet version each links.",
                     [{"version": v, "go_jsonnet": shapes["limits"][v]["go_jsonnet"].rpartition(".")[0],
                       "evidence": evidence[v]} for v in versions]),
        "hook_points": ("Places where Kratos evaluates a ctx template.", hook_rows(shapes)),
        "fields": ("Keys of every part of a ctx. holds, items and values name the part below; open means any key.",
                   fields(shapes, corrections)),
        "limits": ("Limits of one evaluation and of the webhook request.",
                   [{**{key: row[key] for key in keep}, "evidence": evidence[row["version"]]} for row in limits]),
    }  # fmt: skip


def text_of(about: str, rows: list[Row]) -> str:
    """A table as JSON with one row a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"about": {json.dumps(about)},\n"rows": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> int:
    """Write the tables; with --check only say whether they are up to date."""
    shapes = json.loads((FACTS / "context_shapes.json").read_text(encoding="utf-8"))
    corrections = json.loads((FACTS / "corrections.json").read_text(encoding="utf-8"))["rows"]
    stale = []
    for name, (about, rows) in tables(shapes, corrections).items():
        path, text = CATALOG / f"{name}.json", text_of(about, rows)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
    print(f"{'stale' if '--check' in arguments else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
