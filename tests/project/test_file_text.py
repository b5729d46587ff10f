"""Reading files: only ordinary ones, only small ones, only UTF-8."""

import os
from pathlib import Path

import pytest

from jsonnet_ctx.errors import FileError
from jsonnet_ctx.project.document import load_document
from jsonnet_ctx.project.file_text import MAX_DOCUMENT_BYTES


def _refusal(path: Path) -> tuple[str, str | None]:
    with pytest.raises(FileError) as caught:
        load_document(path, name="a.yml")
    return str(caught.value), caught.value.hint


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    document = load_document(path)
    assert document.value == {"a": 1}
    assert str(document.location_of(("a",))) == f"{path}:1:1"


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "a.yml") == ("a.yml: cannot be read: no such file or directory", None)


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    assert _refusal(tmp_path) == ("a.yml: is a directory", "name a file inside it")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    message, hint = _refusal(path)
    assert message == "a.yml: is not an ordinary file (a FIFO, device or socket)"
    assert hint == "name an ordinary file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_device_is_refused() -> None:
    assert _refusal(Path("/dev/zero"))[0] == "a.yml: is not an ordinary file (a FIFO, device or socket)"


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.yml"
    with path.open("wb") as file:
        file.truncate(MAX_DOCUMENT_BYTES + 1)
    assert _refusal(path)[0] == "a.yml: is larger than 10,485,760 bytes"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: 1\nb: \xe9\n", "a.yml:2:4: is not UTF-8: byte 0xe9 at offset 8"),
        ("a: 1".encode("utf-16"), "a.yml:1:1: is UTF-16, not UTF-8"),
    ],
)
def test_other_encodings_are_refused_with_their_place(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes(data)
    assert _refusal(path) == (message, "save the file as UTF-8")


def test_several_documents_are_too_many_where_one_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_text("a: 1\n---\nb: 1\n")
    assert _refusal(path) == ("a.yml:3:1: holds several YAML documents", "give each a file of its own")
