"""The bar on top of every page: where one can go, a way to a person, what is new, and who one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.services.access import Role
from assistant.services.results import Refusal
from assistant.services.wording import say
from ui.desk import Act, Desk, Sent
from ui.draw import draw

NEWS_SHOWN = 12


@dataclass(frozen=True)
class Item:
    name: str
    path: str
    title: str
    count: int = 0


def bar(desk: Desk, here: str) -> str:
    news = desk.app.news.latest(desk.actor, NEWS_SHOWN)
    assert not isinstance(news, Refusal)
    return draw(
        "bar", items=_items(desk), here=here, mentee=Role.MENTEE in desk.actor.roles, news=news, zone=desk.actor.time_zone,
        name=desk.actor.name, me=desk.actor.id, demo=desk.app.settings.demo, model=desk.app.people.allows_model(desk.actor),
    )  # fmt: skip


def seen(desk: Desk, sent: Sent) -> object:
    upto = sent.get("upto")
    return desk.app.news.seen(desk.actor, int(upto) if upto.isdecimal() and len(upto) < 12 else 0)


def switch_model(desk: Desk, sent: Sent) -> object:
    return desk.app.people.switch_model(desk.actor, sent.get("checked") == "true")


BAR_ACTS: Mapping[str, Act] = {"seen": seen, "switch_model": switch_model}
"""What can be done in the bar, on whichever page."""


def home(roles: frozenset[str]) -> str:
    """The page that a person with these roles begins at."""
    if Role.MENTEE in roles:
        return "/"
    return "/mentor" if Role.MENTOR in roles else "/library"


def _items(desk: Desk) -> list[Item]:
    roles, items = desk.actor.roles, []
    if Role.MENTEE in roles:
        mine = desk.app.inbox.mine(desk.actor)
        still_open = 0 if isinstance(mine, Refusal) else sum(row.stage != "closed" for row in mine)
        items += [Item("ask", "/", say("ask_page.nav")), Item("requests", "/requests", say("requests_page.nav"), still_open)]
    if Role.MENTOR in roles:
        offers = desk.app.inbox.offers(desk.actor)
        waiting = 0 if isinstance(offers, Refusal) else sum(row.stage == "offered" for row in offers)
        items.append(Item("mentor", "/mentor", say("mentor_page.nav"), waiting))
    if roles & {Role.CURATOR, Role.ADMIN}:
        items.append(Item("library", "/library", say("library_page.nav")))
    return items
