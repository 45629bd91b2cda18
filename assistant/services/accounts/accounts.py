"""Manages accounts, the person's setting for the language model, and the export of their own data."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.domain.events import Event
from assistant.domain.schedule import is_zone
from assistant.ports import Account, AccountStore, Audit, Clock, RequestIndex, StoreUnavailable, Summary
from assistant.services.accounts.access import Actor, Role, may
from assistant.services.conversing.message_text import LONGEST_ID, is_id
from assistant.services.ledger import Ledger
from assistant.services.results import Refusal, not_stored, refuse

LONGEST_LINE = 200


class Accounts:
    def __init__(self, accounts: AccountStore, ledger: Ledger, index: RequestIndex, clock: Clock) -> None:
        self._accounts, self._ledger, self._index, self._clock = accounts, ledger, index, clock

    def all(self, actor: Actor) -> tuple[Account, ...] | Refusal:
        return may(actor, "account.manage") or self._accounts.all()

    def put(self, actor: Actor, account: Account) -> Account | Refusal:
        """Adds or changes an account, except its `model` setting, which only its owner changes.

        The last administrator cannot lose the role.
        """
        refusal = may(actor, "account.manage") or self._unusable(account)
        if refusal:
            return refusal
        try:
            kept = self._accounts.put(account, Audit(actor.id, "account.put", account.login, self._clock.now()))
        except StoreUnavailable as error:
            return not_stored(error)
        return account if kept else refuse("last_admin", login=account.login)

    def allows_model(self, actor: Actor) -> bool:
        """Whether this person's text may be sent to a language model."""
        account = self._accounts.get(actor.id)
        return account is None or account.model

    def switch_model(self, actor: Actor, on: bool) -> bool | Refusal:
        """Sets the person's own `model` setting and returns it; it applies from the next turn on."""
        refusal = may(actor, "model.switch")
        if refusal:
            return refusal
        try:
            self._accounts.set_model(actor.id, on, Audit(actor.id, "model.switch", "on" if on else "off", self._clock.now()))
        except StoreUnavailable as error:
            return not_stored(error)
        return on

    def export(self, actor: Actor) -> tuple[tuple[Summary, tuple[Event, ...]], ...] | Refusal:
        """All requests of this person with all their events."""
        refusal = may(actor, "export.own")
        if refusal:
            return refusal
        return tuple((row, self._ledger.events(row.id)) for row in self._index.of_mentee(actor.id))

    def _unusable(self, account: Account) -> Refusal | None:
        login_ok = account.login.isascii() and account.login.replace("-", "").replace(".", "").isalnum()
        if not login_ok or len(account.login) > 40 or not account.name.strip():
            return refuse("bad_login")
        unknown: Iterable[str] = account.roles - set(Role)
        if not account.roles or list(unknown):
            return refuse("bad_roles", roles=", ".join(Role))
        if not is_zone(account.time_zone):
            return refuse("bad_zone", zone=account.time_zone[:LONGEST_ID])
        lines = (account.name, account.department or "-", account.mentor or "-")
        return None if all(is_id(line, LONGEST_LINE) for line in lines) else refuse("bad_account", limit=LONGEST_LINE)


def parties(accounts: AccountStore, mentee: str, mentor: str) -> frozenset[str]:
    """The logins of both people of a session; `mentor` is a profile id."""
    return frozenset({mentee, *(account.login for account in accounts.for_mentor(mentor))})
