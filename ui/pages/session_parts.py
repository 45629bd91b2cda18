"""What the mentee's and the mentor's page have in common: times, the session, the debrief, and people's names."""

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
from ui.rendering.templates import draw

KINDS = tuple(kind for kind in get_args(ItemKind) if kind != "competency")


def names(context: PageContext, logins: Iterable[str]) -> dict[str, str]:
    """Display names by login, for showing who wrote what."""
    wanted = set(logins)
    found = context.app.accounts.some(wanted) if wanted else {}
    return {login: account.name for login, account in found.items()}


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment with its offset, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def debrief(context: PageContext, found: Minutes | None, still_open: bool, mentor_side: bool) -> str:
    """The notes of the session as structured, and what can still be done with them."""
    attested = [c.attested_by for c in found.competencies if c.attested_by] if found else []
    called = names(context, [*found.confirmed_by, *attested]) if found else {}
    confirmed = sorted(called.get(login, login) for login in found.confirmed_by) if found else []
    return draw(
        "debrief", minutes=found, open=still_open, kinds=KINDS, names=called, confirmed=confirmed, mentor_side=mentor_side,
        mine_confirmed=found is not None and context.actor.id in found.confirmed_by,
        can_attest=mentor_side and (still_open or found is not None),
        closing_drafts=_closing_drafts(found, mentor_side) if not still_open else (),
    )  # fmt: skip


def thanks(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    return _kept("thanks", context.app.services.closing_drafts.thanks(context.actor, sent.request))


def article(context: PageContext, sent: PageInput) -> dict[str, str] | Refusal:
    return _kept("article", context.app.services.closing_drafts.article(context.actor, sent.request))


def _kept(name: str, draft: ClosingDraft | Refusal) -> dict[str, str] | Refusal:
    return draft if isinstance(draft, Refusal) else {name: draw("keepsake", name=name, draft=draft)}


def _closing_drafts(found: Minutes | None, mentor_side: bool) -> tuple[str, ...]:
    """What can be drafted of a closed request."""
    thanks = ("thanks",) if found and not mentor_side else ()
    return (*thanks, "article") if found and found.agreed else thanks


def move(context: PageContext, sent: PageInput) -> object:
    start = moment(sent.get("start"))
    return context.app.services.sessions.move(context.actor, sent.request, start) if start else refuse("no_time")


def held(context: PageContext, sent: PageInput) -> object:
    return context.app.services.sessions.held(context.actor, sent.request)


def note(context: PageContext, sent: PageInput) -> object:
    return context.app.services.debriefing.note(context.actor, sent.request, sent.get("notes"))


def confirm_debrief(context: PageContext, sent: PageInput) -> object:
    return context.app.services.debriefing.confirm(context.actor, sent.request)


def other_side(context: PageContext, is_it: Callable[[Account], bool]) -> Account | None:
    """In a demo the person on the other side, to look at a request with their eyes."""
    if not context.app.settings.demo:
        return None
    return next((account for account in context.app.accounts.all() if is_it(account)), None)
