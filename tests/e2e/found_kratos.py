"""Where a real Kratos is: the binary that KRATOS_BIN names, or an image that docker has."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from jsonnet_ctx.kratos.versions import LATEST, VERSIONS

BINARY_VARIABLE = "KRATOS_BIN"
IMAGE_VARIABLE = "KRATOS_IMAGE"
DEFAULT_IMAGE = f"oryd/kratos:{LATEST}"
COMPOSE_FILE = Path(__file__).with_name("compose.yaml")

_PATIENCE = 60


@dataclass(frozen=True)
class FoundKratos:
    """A Kratos that can be run: the beginning of its command line, and the version it is taken for."""

    command: tuple[str, ...]
    version: str
    is_binary: bool


def find_kratos() -> FoundKratos | str:
    """The Kratos to drive, or the reason why there is none."""
    named = os.environ.get(BINARY_VARIABLE)
    if named:
        binary = shutil.which(named)
        if binary is None:
            return f"{BINARY_VARIABLE}={named} is no command"
        return FoundKratos((binary,), version_of((binary,)), is_binary=True)
    image = os.environ.get(IMAGE_VARIABLE, DEFAULT_IMAGE)
    if shutil.which("docker") is None:
        return f"{BINARY_VARIABLE} names no Kratos, and there is no docker"
    if _run("docker", "info").returncode != 0:
        return f"{BINARY_VARIABLE} names no Kratos, and docker does not answer"
    if _run("docker", "image", "inspect", image).returncode != 0:
        return f"{BINARY_VARIABLE} names no Kratos, and docker has no image {image} (docker pull {image})"
    command = ("docker", "compose", "--file", str(COMPOSE_FILE), "run", "--rm", "--no-TTY", "kratos")
    return FoundKratos(command, version_of(command), is_binary=False)


def version_of(command: tuple[str, ...]) -> str:
    """The version that Kratos says it is, the newest known one where it says another."""
    said = re.search(r"v\d+\.\d+\.\d+", _run(*command, "version").stdout)
    return said[0] if said and said[0] in VERSIONS else LATEST


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=_PATIENCE, check=False)
