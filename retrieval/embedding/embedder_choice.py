"""Which embedder a data folder uses: a small file beside its indexes, because the indexes may be lost at any time.

The setting decides for a fresh folder only; afterwards this file does, until a reindex with another embedder is complete.
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
    """`embedder` is the name a person uses, `id` that of its vectors; `model` and `dimension` say more about an endpoint's.
    `threshold` was calibrated on the base itself, for an embedder that nobody measured before."""

    embedder: str
    id: str
    dimension: int
    model: str = ""
    threshold: float | None = None


def read_choice(path: Path) -> EmbedderChoice | None:
    """What the folder uses; None if it is fresh, or the file cannot be read, which is logged."""
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
    """Remembers it, in one step."""
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as handle:
        json.dump(asdict(choice), handle)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)


def stamp(path: Path) -> tuple[int, int]:
    """Changes when the file does."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)
