"""The catalogue of texts: for each language one TOML file of sentences and one of page texts, looked up by key.

A text must be given exactly its variables; a missing or unknown one raises. Values are inserted literally, never as templates.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cache
from importlib import resources

FILES = ("sayings", "pages")
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


class UnknownText(KeyError):
    """There is no such key, or the variables do not match the text."""


@cache
def _texts(language: str) -> dict[str, str]:
    """The texts of both files of a language, by "group.name"."""
    files = [resources.files("prompts").joinpath(f"{file}.{language}.toml") for file in FILES]
    groups = [group for file in files for group in tomllib.loads(file.read_text("utf-8")).items()]
    return {f"{group}.{name}": text for group, texts in groups for name, text in texts.items()}


def text(key: str, language: str = "en", /, **values: object) -> str:
    """The text under `group.name` with every `{variable}` replaced; raises UnknownText on any mismatch."""
    template = _texts(language).get(key)
    if template is None:
        raise UnknownText(key)
    wanted = set(_VARIABLE.findall(template))
    if wanted != set(values):
        raise UnknownText(f"{key} wants {sorted(wanted)}, got {sorted(values)}")
    return _VARIABLE.sub(lambda match: str(values[match[1]]), template).strip()


def keys(language: str = "en") -> frozenset[str]:
    return frozenset(_texts(language))


def variables(key: str, language: str = "en") -> frozenset[str]:
    return frozenset(_VARIABLE.findall(_texts(language)[key]))


def version(language: str = "en") -> str:
    """The first twelve hexadecimal digits of the SHA-256 over all texts."""
    canonical = "\n".join(f"{key}={value}" for key, value in sorted(_texts(language).items()))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
