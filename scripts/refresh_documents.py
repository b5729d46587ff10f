"""Write into README.md and docs/ what their commands print now; ``git diff`` then shows what has changed for a reader.

Run as ``python scripts/refresh_documents.py [PAGES]``. Output that a page shows in part (a line of ``…``)
stays as it is: such a block is named where it does not fit any more.
"""

import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

# Found through the path above.
from document_page import Block, Command, blocks_of, commands_of, documents, prepare, run, shows, write_file  # noqa: E402


def refresh(page: pathlib.Path) -> list[str]:
    """Rewrite a page where an output differs by more than times; return what has to be mended by hand."""
    text, stale = page.read_text(encoding="utf-8"), []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(page, folder)
        for block in blocks_of(page):
            if block.kind == "file":
                write_file(folder, block)
            elif block.kind == "console":
                for command in filter(lambda one: one.is_run, commands_of(block)):
                    _, printed = run(command.text, folder)
                    if command.shown is None or shows(command.shown, printed):
                        continue
                    new = _replaced(text, block, command, printed)
                    if new is None:
                        stale.append(f"{page.relative_to(ROOT)}:{block.line}: $ {command.text}")
                    text = new or text
    page.write_text(text, encoding="utf-8")
    return stale


def _replaced(text: str, block: Block, command: Command, printed: str) -> str | None:
    """The page with another output below a command; None where it cannot be told which lines that are."""
    shown = command.shown or ""
    begin = text.find(f"$ {command.text}\n{shown}\n", text.find(block.text[:40]))
    if begin < 0 or "…" in shown.splitlines():
        return None
    at = begin + len(f"$ {command.text}\n")
    return f"{text[:at]}{printed}{text[at + len(shown) :]}"


def main() -> int:
    """Refresh every page, or those named; 1 where something is left to do by hand."""
    stale: list[str] = []
    for page in [pathlib.Path(name).absolute() for name in sys.argv[1:]] or documents():
        stale += refresh(page)
        sys.stdout.write(f"refreshed {page.relative_to(ROOT)}\n")
    sys.stdout.writelines(f"mend by hand: {one}\n" for one in stale)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
