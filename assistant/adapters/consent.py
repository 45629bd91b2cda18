"""Who may be spoken of with a language model, and whose names are hidden from it: read from accounts and profiles."""

from __future__ import annotations

from assistant.ports import AccountStore, MentorDirectory


class Consent:
    """The people's switches as they are now. Raises StoreUnavailable."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    def person(self, login: str) -> bool:
        account = self._accounts.get(login)
        return account is None or account.model

    def mentor(self, mentor: str) -> bool:
        """Nobody who stands for this profile has the switch off."""
        return all(account.mentor != mentor for account in self._accounts.without_model())


class DirectoryNames:
    """The names of all accounts and mentors. Raises StoreUnavailable."""

    def __init__(self, accounts: AccountStore, directory: MentorDirectory) -> None:
        self._accounts, self._directory = accounts, directory

    def __call__(self) -> frozenset[str]:
        people = {account.name for account in self._accounts.all()}
        return frozenset(people | {mentor.name for mentor in self._directory.all()})
