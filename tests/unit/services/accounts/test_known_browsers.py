"""The cookie of a known browser: made by a sign-in, good for this account and password alone, and impossible to guess."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assistant.adapters.argon2_passwords import Argon2Passwords
from assistant.adapters.store.memory_sign_ins import MemorySignIns
from assistant.adapters.store.memory_store import MemoryStore
from assistant.ports import Audit
from assistant.services.accounts.access import Actor
from assistant.services.accounts.known_browsers import MOST_ACCOUNTS, KnownBrowser
from assistant.services.accounts.login_throttle import FREE
from assistant.services.accounts.sign_in import SignInService
from tests.fakes import MONDAY, PEOPLE, SettableClock, done, refused

ADMIN = Actor("alasdair", frozenset({"admin"}))
PASSWORD, WRONG = "a plain long sentence", "a wrong long sentence"
HERE = "192.0.2.1"


@pytest.fixture
def sign_in_service(clock: SettableClock) -> SignInService:
    """Outside demo mode; lena and mika have a password."""
    accounts = MemoryStore()
    for account in PEOPLE:
        accounts.put(account, Audit("test", "account.put", account.login, MONDAY))
    store = MemorySignIns(accounts)
    sign_in_service = SignInService(accounts, store, store, Argon2Passwords(time_cost=1, memory_cost=8, parallelism=1), clock)
    for login in ("lena", "mika"):
        done(sign_in_service.set_password(ADMIN, login, PASSWORD))
    return sign_in_service


def known(sign_in_service: SignInService, login: str = "lena", before: str = "") -> str:
    """The cookie after a sign-in with the right password."""
    return done(sign_in_service.sign_in(login, PASSWORD, HERE, before)).browser


def flood(sign_in_service: SignInService, login: str = "lena") -> None:
    """From so many addresses that the account is slowed down, and from this one as well."""
    for n in range(FREE):
        refused(sign_in_service.sign_in(login, WRONG, f"198.51.100.{n}"), "sign_in")
        refused(sign_in_service.sign_in(f"ghost{n}", WRONG, HERE), "sign_in")


def test_the_owner_comes_in_from_a_known_browser_whatever_strangers_do(sign_in_service: SignInService) -> None:
    cookie = known(sign_in_service)
    flood(sign_in_service)
    refused(sign_in_service.sign_in("lena", PASSWORD, HERE), "try_later")
    assert sign_in_service.knows("lena", cookie)
    ticket = done(sign_in_service.sign_in("lena", PASSWORD, HERE, cookie))
    assert sign_in_service.who(ticket.token)
    refused(sign_in_service.sign_in("lena", PASSWORD, "198.51.100.99"), "try_later")


def test_a_known_browser_is_known_to_its_account_alone(sign_in_service: SignInService) -> None:
    cookie = known(sign_in_service, "mika")
    flood(sign_in_service)
    assert not sign_in_service.knows("lena", cookie)
    refused(sign_in_service.sign_in("lena", PASSWORD, HERE, cookie), "try_later")


def test_several_people_may_share_a_browser(sign_in_service: SignInService) -> None:
    cookie = known(sign_in_service, "mika", known(sign_in_service))
    assert sign_in_service.knows("lena", cookie)
    assert sign_in_service.knows("mika", cookie)
    assert known(sign_in_service, "mika", cookie).count(".") == 2


def test_a_known_browser_that_guesses_is_slowed_down_too(sign_in_service: SignInService, clock: SettableClock) -> None:
    cookie = known(sign_in_service)
    for _ in range(FREE):
        refused(sign_in_service.sign_in("lena", WRONG, HERE, cookie), "sign_in")
    refused(sign_in_service.sign_in("lena", PASSWORD, HERE, cookie), "try_later")
    assert done(sign_in_service.sign_in("lena", PASSWORD, HERE)), "its failures are not the account's or the address's"
    clock.forward(seconds=15)
    assert done(sign_in_service.sign_in("lena", PASSWORD, HERE, cookie))


def test_the_cookie_alone_lets_nobody_in(sign_in_service: SignInService) -> None:
    cookie = known(sign_in_service)
    refused(sign_in_service.sign_in("lena", WRONG, HERE, cookie), "sign_in")
    assert sign_in_service.who(cookie) is None


def test_a_new_password_makes_every_browser_a_stranger(sign_in_service: SignInService) -> None:
    cookie = known(sign_in_service)
    done(sign_in_service.set_password(ADMIN, "lena", PASSWORD))
    assert not sign_in_service.knows("lena", cookie)
    assert sign_in_service.knows("lena", known(sign_in_service, "lena", cookie))


def test_a_sample_without_a_password_gets_no_cookie(sign_in_service: SignInService, clock: SettableClock) -> None:
    accounts = MemoryStore()
    accounts.put(PEOPLE[0], Audit("test", "account.put", PEOPLE[0].login, MONDAY))
    store = MemorySignIns(accounts)
    demo = SignInService(accounts, store, store, Argon2Passwords(), clock, timedelta(hours=1), PEOPLE)
    assert done(demo.as_sample(PEOPLE[0].login)).browser == ""
    assert not demo.knows(PEOPLE[0].login, known(sign_in_service))


@pytest.mark.parametrize("forge", [
    lambda cookie: "", lambda cookie: cookie[:-1], lambda cookie: cookie + "A",
    lambda cookie: ("B" if cookie[0] == "A" else "A") + cookie[1:],
    lambda cookie: cookie[:23] + "A" * 22, lambda cookie: cookie.upper(), lambda cookie: cookie + "\n",
    lambda cookie: cookie.split(".")[0], lambda cookie: cookie.replace(".", "\0"), lambda cookie: "\udcff" * 45,
    lambda cookie: ".".join([cookie] * 9), lambda cookie: "x" * 100_000, lambda cookie: cookie.split(".")[1] + "." + cookie[:22],
])  # fmt: skip
def test_any_other_cookie_is_that_of_a_stranger(sign_in_service: SignInService, forge: object) -> None:
    cookie = known(sign_in_service)
    forged = forge(cookie)  # type: ignore[operator]
    assert forged != cookie
    assert not sign_in_service.knows("lena", forged)
    flood(sign_in_service)
    refused(sign_in_service.sign_in("lena", PASSWORD, HERE, forged), "try_later")


@pytest.mark.parametrize("login", ["", "ghost", "le\0na", "l\udcffna", "é", "x" * 9999])
def test_whatever_the_login_it_is_no_failure(sign_in_service: SignInService, login: str) -> None:
    cookie = known(sign_in_service)
    assert not sign_in_service.knows(login, cookie)
    refused(sign_in_service.sign_in(login, PASSWORD, HERE, cookie), "sign_in")


def test_it_remembers_a_few_accounts_and_tells_no_names() -> None:
    browser = KnownBrowser.read("")
    for n in range(MOST_ACCOUNTS + 2):
        browser = browser.remembering(f"person{n}", f"$argon2id$hash{n}")
    assert KnownBrowser.read(str(browser)) == browser
    assert len(browser.signatures) == MOST_ACCOUNTS
    assert [browser.signed_in(f"person{n}", f"$argon2id$hash{n}") for n in (0, 1, 2, 9)] == [False, False, True, True]
    assert not browser.signed_in("person9", "$argon2id$hash8")
    assert "person" not in str(browser)
    assert KnownBrowser.read("").id != KnownBrowser.read("").id
