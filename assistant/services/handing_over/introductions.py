"""Says in a brief who asks, as the directory knows them, and why each recipient was suggested."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.dialogue.wishes import LANGUAGES
from assistant.domain.brief import Brief, MenteeProfile, Reason
from assistant.domain.mentor import Match
from assistant.domain.request import Request
from assistant.ports import AccountStore, MentorDirectory
from assistant.services.conversing.status_text import joined, say

_LANGUAGE = {code: name.title() for name, code in LANGUAGES.items()}


class Introductions:
    def __init__(self, accounts: AccountStore, directory: MentorDirectory) -> None:
        self._accounts, self._directory = accounts, directory

    def added(self, brief: Brief, request: Request, recipients: Sequence[str]) -> Brief:
        """The brief with who asks, and with the reason for each recipient, in their order."""
        return replace(brief, mentee=self._profile(request.mentee), reasons=reasons(request.matches, recipients))

    def _profile(self, login: str) -> MenteeProfile:
        """Department and time zone of the account; level and languages of the mentee's own mentor profile, if any."""
        account = self._accounts.get(login)
        if account is None:
            return MenteeProfile()
        own = self._directory.get(account.mentor) if account.mentor else None
        department = account.department or (own.department if own else "")
        return MenteeProfile(department, own.level if own else "", account.time_zone, own.languages if own else ())


def reasons(matches: Sequence[Match], recipients: Sequence[str]) -> tuple[Reason, ...]:
    """One reason for each recipient who was suggested."""
    suggested = {match.mentor: match for match in matches}
    return tuple(Reason(mentor, reason(suggested[mentor])) for mentor in recipients if mentor in suggested)


def reason(match: Match) -> str:
    """What was found about a mentor, and when, in one sentence."""
    found = "; ".join(_found(match)) or say("brief_reason.nothing")
    day = f"{match.found_on:%-d %b %Y}" if match.found_on else ""
    sentence = say("brief_reason.found_on", day=day, found=found) if day else say("brief_reason.found", found=found)
    return sentence if sentence[-1] in "\u201d" else f"{sentence}."


def described(profile: MenteeProfile) -> tuple[str, ...]:
    """Who asks, as short phrases; what is not known is left out."""
    parts = [profile.department, say("brief_mentee.level", level=profile.level) if profile.level else ""]
    parts += [say("brief_mentee.zone", zone=profile.time_zone) if profile.time_zone else ""]
    parts += [say("brief_mentee.speaks", languages=joined(map(_language, profile.languages))) if profile.languages else ""]
    return tuple(filter(None, parts))


def _found(match: Match) -> Iterator[str]:
    if match.helped_on:
        yield say("brief_reason.helped", month=f"{match.helped_on:%B %Y}")
    quote, skills = " ".join(match.quote.split()), joined(match.skills)
    if quote or skills:
        yield _of_profile(skills, quote, match.describes)


def _of_profile(skills: str, quote: str, describes: bool) -> str:
    if not quote:
        return say("brief_reason.skills", skills=skills)
    if not skills:
        return say("brief_reason.says" if describes else "brief_reason.near", quote=quote)
    return say("brief_reason.skills_says" if describes else "brief_reason.skills_near", skills=skills, quote=quote)


def _language(code: str) -> str:
    return _LANGUAGE.get(code.casefold(), code)
