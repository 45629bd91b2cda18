"""Reads from accounts and profiles whose texts may be sent to the language model, and which names are redacted from them."""

from __future__ import annotations

from assistant.ports import AccountStore, MentorDirectory


class Consent:
    """Whether people allow the language model, as their accounts say now. Raises StoreUnavailable."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    def person(self, login: str) -> bool:
        account = self._accounts.get(login)
        return account is None or account.model


class DirectoryNames:
    """Returns the names of all accounts and mentors, for redaction. Raises StoreUnavailable."""

    def __init__(self, accounts: AccountStore, directory: MentorDirectory) -> None:
        self._accounts, self._directory = accounts, directory

    def __call__(self) -> frozenset[str]:
        people = {account.name for account in self._accounts.all()}
        return frozenset(people | {mentor.name for mentor in self._directory.all()})
