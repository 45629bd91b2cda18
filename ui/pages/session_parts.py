"""Shared by the mentee's and the mentor's page: the debrief, closing drafts, actions on a session, and display names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import get_args

from assistant.domain.debrief import ItemKind
from assistant.ports import Account
from assistant.services.handing_over.closing_drafts import ClosingDraft
from assistant.services.handing_over.debriefing import Minutes
from assistant.services.results import Refusal, refuse
from ui.page_context import PageContext, PageInput
from ui.rendering.templates import render

KINDS = tuple(kind for kind in get_args(ItemKind) if kind != "competency")


def names(context: PageContext, logins: Iterable[str]) -> dict[str, str]:
    """Display names by login."""
    wanted = set(logins)
    accounts = context.app.accounts.some(wanted) if wanted else {}
    return {login: account.name for login, account in accounts.items()}


def moment(text: str) -> datetime | None:
    """An ISO 8601 time with a UTC offset, converted to UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def debrief(context: PageContext, minutes: Minutes | None, is_open: bool, mentor_side: bool) -> str:
    """The structured notes of the session, with the forms that are left: to edit them while open, else to draft from them."""
    attested = [c.attested_by for c in minutes.competencies if c.attested_by] if minutes else []
    display_names = names(context, [*minutes.confirmed_by, *attested]) if minutes else {}
    confirmed = sorted(display_names.get(login, login) for login in minutes.confirmed_by) if minutes else []
    return render(
        "debrief", minutes=minutes, open=is_open, kinds=KINDS, names=display_names, confirmed=confirmed, mentor_side=mentor_side,
        mine_confirmed=minutes is not None and context.actor.id in minutes.confirmed_by,
        can_attest=mentor_side and (is_open or minutes is not None),
        closing_drafts=_closing_drafts(minutes, mentor_side) if not is_open else (),
    )  # fmt: skip


def thanks(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    return _draft_region("thanks", context.services.closing_drafts.thanks(context.actor, sent.request))


def article(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    return _draft_region("article", context.services.closing_drafts.article(context.actor, sent.request))


def _draft_region(name: str, draft: ClosingDraft | Refusal) -> dict[str, str] | Refusal:
    return draft if isinstance(draft, Refusal) else {name: render("closing_draft", name=name, draft=draft)}


def _closing_drafts(minutes: Minutes | None, mentor_side: bool) -> tuple[str, ...]:
    """The drafts that can be made from a closed request."""
    thanks = ("thanks",) if minutes and not mentor_side else ()
    return (*thanks, "article") if minutes and minutes.agreed else thanks


def move(context: PageContext, sent: PageInput) -> object:
    start = moment(sent.get("start"))
    return context.services.sessions.move(context.actor, sent.request, start) if start else refuse("no_time")


def held(context: PageContext, sent: PageInput) -> object:
    return context.services.sessions.held(context.actor, sent.request)


def note(context: PageContext, sent: PageInput) -> object:
    return context.services.debriefing.note(context.actor, sent.request, sent.get("notes"))


def confirm_debrief(context: PageContext, sent: PageInput) -> object:
    return context.services.debriefing.confirm(context.actor, sent.request)


def demo_account(context: PageContext, matches: Callable[[Account], bool]) -> Account | None:
    """In a demo, the first account that matches, to view a request as that person; else None."""
    if not context.app.settings.demo:
        return None
    return next((account for account in context.app.accounts.all() if matches(account)), None)
