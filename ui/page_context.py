"""What a page's functions take: the services, the signed-in person, and the browser's data, checked and limited in size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import StatusText
from assistant.services.matching.known_mentors import KnownMentors
from assistant.services.results import Refusal

if TYPE_CHECKING:
    from assistant.bootstrap import App
    from assistant.wiring import Services

LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS = 64, 61_000, 24
LARGEST = 2**53


@dataclass(frozen=True)
class PageContext:
    app: App
    actor: Actor

    @property
    def services(self) -> Services:
        return self.app.services

    @cached_property
    def mentors(self) -> KnownMentors:
        """The directory, which reads each mentor once for this event."""
        return KnownMentors(self.services.directory)

    @cached_property
    def wording(self) -> StatusText:
        return StatusText(self.mentors)


@dataclass(frozen=True)
class PageInput:
    """One event of the browser: its number, the request shown, the name of the action, its fields, and the page's login (`who`).

    The login only tells whom the page was drawn for; the acting person comes from the sign-in.
    """

    n: int = 0
    request: str = ""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    who: str = ""

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @staticmethod
    def read(data: object) -> PageInput:
        """Parses the data of an event; whatever is malformed is left out."""
        if not isinstance(data, dict):
            return PageInput()
        n, fields = data.get("n"), data.get("fields")
        pairs = list(fields.items())[:MOST_FIELDS] if isinstance(fields, dict) else []
        kept = {key: _encodable(value[:LONGEST_VALUE]) for key, value in pairs if _is_short(key) and isinstance(value, str)}
        number = n if isinstance(n, int) and 0 <= n < LARGEST else 0
        return PageInput(number, _name(data.get("request")), _name(data.get("name")), kept, _name(data.get("who")))


Action = Callable[[PageContext, PageInput], object | Refusal]
"""Changes something; of its result only a refusal is used."""
Query = Callable[[PageContext, PageInput], dict[str, str] | Refusal]
"""Renders some regions and changes nothing."""
Job = Callable[[PageContext, PageInput], Iterator[dict[str, str] | Refusal]]
"""Does something slow and yields regions that show its progress."""


@dataclass(frozen=True)
class Page:
    """A page with its own address: `regions` renders its parts by name; `actions`, `queries` and `jobs` are all it can do.

    `shown` renders them when the page is shown, with a refusal if the address names a request that this person cannot see.
    """

    name: str
    path: str
    regions: Callable[[PageContext, PageInput], dict[str, str]]
    actions: Mapping[str, Action]
    queries: Mapping[str, Query] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    shown: Callable[[PageContext, PageInput], tuple[dict[str, str], Refusal | None]] | None = None

    def show(self, context: PageContext, sent: PageInput) -> tuple[dict[str, str], Refusal | None]:
        return self.shown(context, sent) if self.shown else (self.regions(context, sent), None)


def _is_short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _name(value: object) -> str:
    return value if isinstance(value, str) and _is_short(value) and value.isprintable() else ""


def _encodable(value: str) -> str:
    """Without lone surrogates, which UTF-8 cannot encode."""
    return value.encode("utf-8", "ignore").decode()
