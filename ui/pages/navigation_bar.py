"""The bar on top of every page: links to pages, "Talk to a person", news, and the menu of the signed-in person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.services.accounts.access import Role
from assistant.services.conversing.status_text import say
from assistant.services.results import Refusal
from ui.page_context import Action, PageContext, PageInput
from ui.rendering.templates import render

MOST_NEWS = 12


@dataclass(frozen=True)
class Link:
    """A link to a page; `count` is the number of open requests there."""

    name: str
    path: str
    title: str
    count: int = 0


def navigation_bar(context: PageContext, here: str) -> str:
    """The bar for the page named `here`."""
    news = context.services.news.latest(context.actor, MOST_NEWS)
    assert not isinstance(news, Refusal)
    return render(
        "navigation_bar",
        items=_links(context),
        here=here,
        mentee=Role.MENTEE in context.actor.roles,
        news=news,
        zone=context.actor.time_zone,
        name=context.actor.name,
        me=context.actor.id,
        demo=context.app.settings.demo,
        model=context.services.people.allows_model(context.actor),
    )


def mark_seen(context: PageContext, sent: PageInput) -> object:
    last = sent.get("upto")
    return context.services.news.seen(context.actor, int(last) if last.isdecimal() and len(last) < 12 else 0)


def switch_model(context: PageContext, sent: PageInput) -> object:
    return context.services.people.switch_model(context.actor, sent.get("checked") == "true")


BAR_ACTIONS: Mapping[str, Action] = {"seen": mark_seen, "switch_model": switch_model}
"""Actions of the bar; every page has them."""


def home(roles: frozenset[str]) -> str:
    """The address of the first page for these roles."""
    if Role.MENTEE in roles:
        return "/"
    return "/mentor" if Role.MENTOR in roles else "/library"


def _links(context: PageContext) -> list[Link]:
    roles, links = context.actor.roles, list[Link]()
    if Role.MENTEE in roles:
        mine = context.services.request_views.mine(context.actor)
        still_open = 0 if isinstance(mine, Refusal) else sum(row.stage != "closed" for row in mine)
        links += [Link("ask", "/", say("ask_page.nav")), Link("requests", "/requests", say("requests_page.nav"), still_open)]
    if Role.MENTOR in roles:
        offers = context.services.request_views.offers(context.actor)
        waiting = 0 if isinstance(offers, Refusal) else sum(row.stage == "offered" for row in offers)
        links.append(Link("mentor", "/mentor", say("mentor_page.nav"), waiting))
    if roles & {Role.CURATOR, Role.ADMIN}:
        links.append(Link("library", "/library", say("library_page.nav")))
    return links
