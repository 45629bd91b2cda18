"""What the mentee's and the mentor's page have in common: times, the session, the debrief, and people's names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import get_args

from assistant.domain.debrief import ItemKind
from assistant.ports import Account
from assistant.services.debriefing import Minutes
from assistant.services.keepsakes import Keepsake
from assistant.services.results import Refusal, refuse
from ui.desk import Desk, Sent
from ui.draw import draw

KINDS = tuple(kind for kind in get_args(ItemKind) if kind != "competency")


def names(desk: Desk, logins: Iterable[str]) -> dict[str, str]:
    """Display names by login, for showing who wrote what."""
    wanted = set(logins)
    found = desk.app.accounts.some(wanted) if wanted else {}
    return {login: account.name for login, account in found.items()}


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment with its offset, in UTC; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def debrief(desk: Desk, found: Minutes | None, still_open: bool, mentor_side: bool) -> str:
    """The notes of the session as structured, and what can still be done with them."""
    attested = [c.attested_by for c in found.competencies if c.attested_by] if found else []
    called = names(desk, [*found.confirmed_by, *attested]) if found else {}
    confirmed = sorted(called.get(login, login) for login in found.confirmed_by) if found else []
    return draw(
        "debrief", minutes=found, open=still_open, kinds=KINDS, names=called, confirmed=confirmed, mentor_side=mentor_side,
        mine_confirmed=found is not None and desk.actor.id in found.confirmed_by,
        can_attest=mentor_side and (still_open or found is not None),
        keepsakes=_keepsakes(found, mentor_side) if not still_open else (),
    )  # fmt: skip


def thanks(desk: Desk, sent: Sent) -> dict[str, str] | Refusal:
    return _kept("thanks", desk.app.keepsakes.thanks(desk.actor, sent.request))


def article(desk: Desk, sent: Sent) -> dict[str, str] | Refusal:
    return _kept("article", desk.app.keepsakes.article(desk.actor, sent.request))


def _kept(name: str, draft: Keepsake | Refusal) -> dict[str, str] | Refusal:
    return draft if isinstance(draft, Refusal) else {name: draw("keepsake", name=name, draft=draft)}


def _keepsakes(found: Minutes | None, mentor_side: bool) -> tuple[str, ...]:
    """What can be drafted of a closed request."""
    thanks = ("thanks",) if found and not mentor_side else ()
    return (*thanks, "article") if found and found.agreed else thanks


def move(desk: Desk, sent: Sent) -> object:
    start = moment(sent.get("start"))
    return desk.app.sessions.move(desk.actor, sent.request, start) if start else refuse("no_time")


def held(desk: Desk, sent: Sent) -> object:
    return desk.app.sessions.held(desk.actor, sent.request)


def note(desk: Desk, sent: Sent) -> object:
    return desk.app.debriefing.note(desk.actor, sent.request, sent.get("notes"))


def confirm_debrief(desk: Desk, sent: Sent) -> object:
    return desk.app.debriefing.confirm(desk.actor, sent.request)


def other_side(desk: Desk, is_it: Callable[[Account], bool]) -> Account | None:
    """In a demo the person on the other side, to look at a request with their eyes."""
    if not desk.app.settings.demo:
        return None
    return next((account for account in desk.app.accounts.all() if is_it(account)), None)
