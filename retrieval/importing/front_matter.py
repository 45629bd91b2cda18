"""Parses the front matter of an article: YAML in which every value stays text, each with its line.

YAML 1.1 reads `12:30` as 750, `no` as false and `1.10` as 1.1. Here every value is the text in the file, a list is a list of
texts, and deeper nesting is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from prompts.catalog import text
from retrieval.errors import BadSource
from retrieval.importing.import_report import shortened
from retrieval.importing.source_text import is_storable

LONGEST = 20_000
"""Characters of the front matter."""
_FENCE = re.compile(r"-{3,}[ \t]*")
_END = re.compile(r"(?:-{3,}|\.{3})[ \t]*")
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field, or the values of a list, and the line where it begins."""

    name: str
    values: tuple[str, ...]
    line: int
    is_list: bool = False


def split_front_matter(path: Path, raw: str) -> tuple[list[Field], str]:
    """The fields in the order of the file, and the body. Raises BadSource."""
    lines = raw.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[first]):
        raise BadSource(path, text("source.front_missing"), 1)
    last = next((n for n in range(first + 1, len(lines)) if _END.fullmatch(lines[n])), None)
    if last is None:
        raise BadSource(path, text("source.front_open"), first + 1)
    block = "\n".join(lines[first + 1 : last])
    if len(block) > LONGEST:
        raise BadSource(path, text("source.front_long", limit=f"{LONGEST:,}"), first + 1)
    return _fields(path, block, first + 2), "\n".join(lines[last + 1 :]).strip()


def _fields(path: Path, block: str, first: int) -> list[Field]:
    import yaml

    try:
        root = yaml.compose(block, yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadSource(path, text("source.front_broken"), first + mark.line if mark is not None else None) from error
    except RecursionError as error:
        raise BadSource(path, text("source.front_deep"), first) from error
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise BadSource(path, text("source.front_shape"), first)
    found = [_field(path, key, value, first) for key, value in root.value]
    _no_name_twice(path, found)
    return found


def _field(path: Path, key: object, value: object, first: int) -> Field:
    import yaml

    name = key.value if isinstance(key, yaml.ScalarNode) else ""
    line = first + (key.start_mark.line if isinstance(key, yaml.Node) else 0)
    entries = value.value if isinstance(value, yaml.SequenceNode) else [value]
    texts = [_words(entry) for entry in entries]
    if not isinstance(name, str) or None in texts:
        raise BadSource(path, text("source.field_nested", field=shortened(name)), line)
    values = tuple(word for word in texts if word)
    if not all(map(is_storable, (name, *values))):
        raise BadSource(path, text("source.field_unstorable", field=shortened(name)), line)
    return Field(name, values, line, isinstance(value, yaml.SequenceNode))


def _words(node: object) -> str | None:
    """The text of a value, empty for a plain `~` or `null`; None for a list or mapping."""
    import yaml

    if not isinstance(node, yaml.ScalarNode):
        return None
    value = str(node.value).strip()
    return "" if node.style is None and value in _NOTHING else value


def _no_name_twice(path: Path, fields: list[Field]) -> None:
    seen: set[str] = set()
    for field in fields:
        if field.name in seen:
            raise BadSource(path, text("source.field_twice", field=shortened(field.name)), field.line)
        seen.add(field.name)
