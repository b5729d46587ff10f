"""Generate jsonnet_ctx/kratos/catalog/std_members.json from the installed go-jsonnet 0.21.

What 0.21 added over 0.20, and 0.20 over 0.19, is listed here: it was read off the members of
the older engines (0.20) and of Jsonnet's own standard library sources (0.19.1 against 0.20.0).

    python scripts/generate_std_members.py
"""

import json
from pathlib import Path

import _gojsonnet

OUT = Path(__file__).resolve().parent.parent / "jsonnet_ctx" / "kratos" / "catalog" / "std_members.json"

NEW_IN_0_21 = [
    "atan2",
    "avg",
    "contains",
    "deg2rad",
    "equalsIgnoreCase",
    "flattenDeepArray",
    "hypot",
    "isDecimal",
    "isEven",
    "isInteger",
    "isOdd",
    "log10",
    "log2",
    "maxArray",
    "minArray",
    "objectRemoveKey",
    "pi",
    "rad2deg",
    "remove",
    "removeAt",
    "sha1",
    "sha256",
    "sha3",
    "sha512",
    "trim",
]
NEW_IN_0_20 = ["escapeStringXML", "isEmpty", "objectKeysValues", "objectKeysValuesAll", "round", "sum", "xnor", "xor"]


def main() -> None:
    """Write one row for every member that a template can name."""
    if not _gojsonnet.version.lstrip("v").startswith("0.21."):
        raise SystemExit(f"needs go-jsonnet 0.21, this is {_gojsonnet.version}")
    members = json.loads(_gojsonnet.evaluate_snippet("members", "std.objectFieldsAll(std)"))
    since = {**dict.fromkeys(NEW_IN_0_21, "0.21"), **dict.fromkeys(NEW_IN_0_20, "0.20")}
    rows = [
        {
            "name": name,
            "go_jsonnet": since.get(name, "0.19"),
            "evidence": "source" if name in NEW_IN_0_20 else "captured",
        }
        for name in members
        if not name.startswith("$")
    ]
    lines = ",\n".join(json.dumps(row) for row in rows)
    about = "Members of std and the go-jsonnet version that first has each; std.isNull is in none of them."
    OUT.write_text(f'{{"about": {json.dumps(about)},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
