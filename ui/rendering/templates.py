"""Renders Jinja templates: every value escaped, texts from the catalogue, times in the reader's time zone."""

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
    """All values are escaped; an undefined variable raises UndefinedError."""
    jinja = Environment(
        loader=PackageLoader("ui", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    jinja.globals.update(say=say, provenance_text=provenance_text, asset=versioned)
    jinja.filters.update(when=time_element, day=day, joined=joined, line=line, markdown=markdown, quote_in=quote_in)
    return jinja


def render(template: str, /, **values: object) -> str:
    """The HTML of `templates/{template}.html`."""
    return environment().get_template(f"{template}.html").render(**values)


def time_element(moment: datetime, zone: str, other: str = "") -> Markup:
    """A <time> element in the reader's `zone`. Its tooltip has the time in the `other` person's zone, if that differs."""
    title = f"{when(moment, other)} {other}" if other and other != zone else f"{moment.astimezone(ZoneInfo(zone)):%Z}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), title, when(moment, zone))


def day(value: date) -> str:
    """A date as "Tue 24 Nov"."""
    return f"{value:%a %-d %b}"
