"""Draws a template: Jinja with every value escaped, texts from the catalogue, moments in the reader's time zone."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.services.conversing.status_text import joined, provenance_text, say, when
from ui.assets import versioned
from ui.rendering.markdown import line, markdown, quote_in


@cache
def environment() -> Environment:
    """All templates are HTML, so all is escaped; a missing value is a bug and raises."""
    made = Environment(
        loader=PackageLoader("ui", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.globals.update(say=say, provenance_text=provenance_text, asset=versioned)
    made.filters.update(when=stamp, day=day, joined=joined, line=line, markdown=markdown, quote_in=quote_in)
    return made


def draw(template: str, /, **values: object) -> str:
    return environment().get_template(f"{template}.html").render(**values)


def stamp(moment: datetime, zone: str, other: str = "") -> Markup:
    """A moment for one reader; `other` is the zone of the person on the other side, shown when pointed at."""
    title = f"{when(moment, other)} {other}" if other and other != zone else f"{moment.astimezone(ZoneInfo(zone)):%Z}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), title, when(moment, zone))


def day(value: date) -> str:
    """A date such as "Tue 24 Nov"."""
    return f"{value:%a %-d %b}"
