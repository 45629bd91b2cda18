"""The seal of a generation of indexes: what it was built from, and the hash of every file, by which damage is found."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from retrieval.ports import IndexOrigin

SEAL = "seal.json"
KnownHashes = dict[str, tuple[tuple[int, int], str]]
"""(size, modification time) and hash of files by name, so that unchanged files are not hashed again."""


def read_seal(place: Path, known: KnownHashes) -> IndexOrigin | None:
    """What the generation was built from; None if a file differs from the seal."""
    try:
        seal = json.loads((place / SEAL).read_bytes())
        made = IndexOrigin(**seal["made_from"])
        return made if seal["files"] == _hashes(place, known) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_seal(place: Path, origin: IndexOrigin, known: KnownHashes | None = None) -> None:
    """Seals the files as they are now."""
    made_from = {name: getattr(origin, name) for name in origin.__slots__}
    replace_file(place / SEAL, json.dumps({"made_from": made_from, "files": _hashes(place, known or {})}))


def _hashes(place: Path, known: KnownHashes) -> dict[str, str]:
    """The SHA256 of each content file by its name in the generation; adds new hashes to `known`."""
    found = {}
    for path in sorted(place.rglob("*")):
        if path.is_file() and path.name != SEAL and not path.name.endswith((".lock", ".tmp")):
            name, now = str(path.relative_to(place)), path.stat()
            stamp = (now.st_size, now.st_mtime_ns)
            if name not in known or known[name][0] != stamp:
                with path.open("rb") as handle:
                    known[name] = (stamp, hashlib.file_digest(handle, "sha256").hexdigest())
            found[name] = known[name][1]
    return found


def replace_file(path: Path, text: str) -> None:
    """Writes a small file atomically."""
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
