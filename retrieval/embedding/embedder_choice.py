"""Records which embedder a data folder uses, in a small file beside its indexes (the indexes may be deleted at any time).

The setting is used for a new folder only; afterwards this file is, until a reindex with another embedder is complete.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "embedder.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """`embedder` is the name in the settings, `id` the id of its vectors; `model` and `dimension` describe an endpoint's model.
    `threshold` is the relevance threshold calibrated on the base itself, for an embedder without a measured one."""

    embedder: str
    id: str
    dimension: int
    model: str = ""
    threshold: float | None = None


def read_choice(path: Path) -> EmbedderChoice | None:
    """The recorded choice; None if there is no file, or if it cannot be read (which is logged)."""
    try:
        choice = EmbedderChoice(**json.loads(path.read_bytes()))
        threshold = None if choice.threshold is None else float(choice.threshold)
        return EmbedderChoice(str(choice.embedder), str(choice.id), int(choice.dimension), str(choice.model), threshold)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        log.warning("The file %s cannot be read, so the setting ASKWELL_EMBEDDER decides.", path.name)
        return None


def keep_choice(path: Path, choice: EmbedderChoice) -> None:
    """Writes the file atomically."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(asdict(choice), handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def stamp(path: Path) -> tuple[int, int]:
    """Modification time (ns) and inode of the file, to detect a change; (0, 0) if there is none."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)
