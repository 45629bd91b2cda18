"""What is delivered: the locked packages and what the repository says about this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.architecture.sources import EVERYTHING, ROOT, where

FLOORS = {"gradio": (6, 25), "langchain-core": (1, 2, 5), "python-multipart": (0, 0, 27), "starlette": (1, 3, 1)}


def versions(lock: str) -> dict[str, tuple[int, ...]]:
    found = re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([0-9.]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return {name: tuple(int(part) for part in version.strip(".").split(".")) for name, version in found}


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_versions_are_not_below_the_floor(package: str, floor: tuple[int, ...]) -> None:
    assert versions("requirements.lock")[package] >= floor
    assert versions("requirements-dev.lock")[package] >= floor


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [package.split("==")[0] for package in packages if "--hash=sha256:" not in package] == []


def tracked() -> Iterator[Path]:
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        yield from (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())
    else:
        yield from EVERYTHING


def test_no_file_names_this_machine_or_where_packages_come_from() -> None:
    settings = [value for name, value in os.environ.items() if name.endswith(("INDEX_URL", "PROXY", "FIND_LINKS"))]
    hosts = {urlsplit(value).hostname for value in settings} - {None, "", "localhost", "127.0.0.1", "pypi.org"}
    paths = {str(ROOT), str(Path.home())} - {"/"}
    for path in tracked():
        data = path.read_bytes()
        for name in (*hosts, *(f"{folder}/" for folder in paths)):
            assert str(name).encode() not in data, where(path)
