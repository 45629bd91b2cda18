"""What the templates of the pages say: keys of the catalogue with what they are given, and letters of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import get_args

from jinja2 import nodes

from assistant.adapters.model.client.endpoint import TASKS
from assistant.domain.brief import FieldName, Origin
from assistant.domain.debrief import ItemKind, Owner
from assistant.domain.need import SLOTS
from assistant.domain.provenance import Fallback
from assistant.domain.stages import STAGES, name_of
from ui.pages.mentor import GROUPS
from ui.rendering.templates import environment
from ui.rendering.view_models import CHECK_NAMES, STEPS

TEMPLATES = sorted((Path(__file__).resolve().parent.parent / "ui" / "templates").glob("*.html"))
STAGE_NAMES = tuple(name_of(stage) for stage in STAGES)
HELD = STAGE_NAMES[STAGE_NAMES.index("offered") :]
ORIGINS = tuple(origin for origin in get_args(Origin) if origin != "none")
CLOSING_DRAFTS = ("thanks", "article")
EXAMPLES = ("deck", "formula", "talk")
MADE: dict[str, tuple[str, ...]] = {
    "*_page.title": ("ask", "requests", "mentor", "library"), "slot.*": SLOTS, "brief.*": get_args(FieldName),
    "brief_page.from_*": ORIGINS, "brief_page.mentee_*": ORIGINS, "brief_page.check_*": CHECK_NAMES, "step_name.*": STEPS,
    "ask_page.example_*": EXAMPLES, "ask_page.became_*": EXAMPLES, "state.*": STAGE_NAMES, "mentor_state.*": HELD,
    "mentor_page.group_*": tuple(GROUPS), "debrief_page.owner_*": get_args(Owner),
    "closing_drafts_page.*_title": CLOSING_DRAFTS,
    "closing_drafts.*_help": CLOSING_DRAFTS, "closing_drafts_page.*": CLOSING_DRAFTS,
    "usage_task.*": TASKS, "usage_fallback.*": tuple(filter(None, get_args(Fallback))),
    "cli.item_*": tuple(kind for kind in get_args(ItemKind) if kind != "competency"),
}  # fmt: skip
"""Keys that are put together, and all that is put in for the star."""
READ = ("aria-label", "placeholder", "title", "alt", "label", "value", "aria-description")
HOLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Spoken:
    """One `say(...)` in a template; `key` has a star for what is put in, `given` are the names of its variables."""

    where: str
    key: str
    given: frozenset[str]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(self.key.replace("*", name) for name in MADE[self.key]) if "*" in self.key else (self.key,)


def spoken() -> Iterator[Spoken]:
    for path in TEMPLATES:
        for call in environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                given = frozenset(pair.key for pair in call.kwargs)
                yield from (Spoken(f"{path.name}:{call.lineno}", key, given) for key in _shapes(call.args[0]))


def keys_used() -> set[str]:
    return {key for one in spoken() for key in one.keys}


def _shapes(node: nodes.Node) -> list[str]:
    """Every text that an expression can be, with a star for what is only known later."""
    if isinstance(node, nodes.Const):
        return [str(node.value)]
    if isinstance(node, nodes.CondExpr):
        return [*_shapes(node.expr1), *(_shapes(node.expr2) if node.expr2 else [])]
    if isinstance(node, nodes.Concat):
        return ["".join(parts) for parts in product(*map(_shapes, node.nodes))]
    return ["*"]


def letters_in(html: str) -> list[str]:
    """What a reader would read that is no expression: text between tags and in attributes that are shown or spoken."""
    found = _Reader()
    found.feed(html)
    found.close()
    return [text for text in map(str.strip, found.texts) if any(letter.isalpha() for letter in text)]


def plain(path: Path) -> str:
    """A template with a hole for each expression and nothing for each statement."""
    tokens = environment().lex(path.read_text("utf-8"))
    return "".join(text if kind == "data" else HOLE if kind == "variable_begin" else "" for _, kind, text in tokens)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within = tag if tag in ("script", "style") else ""
        self.texts += [value or "" for name, value in attrs if name in READ]

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.texts.append(data.replace(HOLE, ""))
