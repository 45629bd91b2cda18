"""Who comes in, who stays in, who is put out; and that a stranger learns nothing on the way."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from time import sleep
from typing import Any

import pytest

from assistant.adapters.argon2_passwords import Argon2Passwords
from assistant.adapters.store.memory_sign_ins import MemorySignIns
from assistant.adapters.store.memory_store import MemoryStore
from assistant.ports import Account, Audit, StoreUnavailable
from assistant.services.accounts.access import Actor
from assistant.services.accounts.login_throttle import FREE
from assistant.services.accounts.sign_in import AT_ONCE, MOST, SignInService, SignInToken
from tests.fakes import MONDAY, PEOPLE, SettableClock, done, refused

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PASSWORD = "a plain long sentence"
HERE = "192.0.2.1"


class Spy(Argon2Passwords):
    """Cheap hashes; counts the checks and remembers which hashes they were made against."""

    def __init__(self, **cost: int) -> None:
        super().__init__(**{**CHEAP, **cost})
        self.checked: list[str | None] = []

    def matches(self, password: str, known: str | None) -> bool:
        self.checked.append(known)
        return super().matches(password, known)


class Broken:
    """A store whose disk is gone."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def fail(*_: object) -> object:
            raise StoreUnavailable("the disk is full")

        return fail


@dataclass
class World:
    clock: SettableClock
    accounts: MemoryStore
    store: MemorySignIns
    spy: Spy

    def service(self, demo: bool = False, **changes: Any) -> SignInService:
        samples = PEOPLE if demo else ()
        parts = {"accounts": self.accounts, "keys": self.store, "store": self.store, "passwords": self.spy, "clock": self.clock}
        return SignInService(**{**parts, "lasts": timedelta(hours=12), "samples": samples, **changes})

    def picture(self) -> str:
        return repr([(name, value) for name, value in sorted(vars(self.store).items()) if name != "_lock"])


@pytest.fixture
def world(clock: SettableClock) -> World:
    accounts = MemoryStore()
    for account in PEOPLE:
        accounts.put(account, Audit("test", "account.put", account.login, MONDAY))
    return World(clock, accounts, MemorySignIns(accounts), Spy())


@pytest.fixture
def service(world: World) -> SignInService:
    """Outside demo mode; lena has a password, nobody else."""
    service = world.service()
    done(service.set_password(ADMIN, "lena", PASSWORD))
    return service


ADMIN = Actor("alasdair", frozenset({"admin"}))


def entered(service: SignInService, login: str = "lena", password: str = PASSWORD) -> SignInToken:
    return done(service.sign_in(login, password, HERE))


# By password.


def test_login_and_password_open_a_sign_in(service: SignInService, clock: SettableClock) -> None:
    ticket = entered(service, " lena ")
    assert (ticket.account.login, ticket.until) == ("lena", clock.now() + timedelta(hours=12))
    assert service.who(ticket.token) == Actor("lena", frozenset({"mentee"}), None, "Europe/Berlin", "Lena Brack")


@pytest.mark.parametrize(
    ("login", "password"),
    [("lena", "another long sentence"), ("lena", ""), ("lena", PASSWORD.upper()), ("lena", "x" * 5000), ("lena", "\ud800" * 12),
     ("mika", PASSWORD), ("ghost", PASSWORD), ("", PASSWORD), ("le\0na", PASSWORD), ("l\udcffna", PASSWORD), ("x" * 9999, "")],
)  # fmt: skip
def test_whatever_is_wrong_is_one_refusal_for_the_same_work(
    service: SignInService, world: World, login: str, password: str
) -> None:
    before = world.picture()
    wrong = refused(service.sign_in("lena", "a wrong long sentence", "192.0.2.2"), "sign_in")
    assert service.sign_in(login, password, HERE) == wrong
    assert len(world.spy.checked) == 2
    assert world.picture() == before


def test_a_missing_password_is_checked_against_a_real_hash(world: World) -> None:
    looked: list[str] = []
    hasher = world.spy._hasher

    class Looking:
        def verify(self, known: str, password: bytes) -> bool:
            looked.append(known)
            return hasher.verify(known, password)

    world.spy._hasher = Looking()  # type: ignore[assignment]
    refused(world.service().sign_in("ghost", PASSWORD, HERE), "sign_in")
    assert len(looked) == 1
    assert looked[0].startswith("$argon2id$")
    assert looked[0].split("$")[3] == world.spy._dummy.split("$")[3]


def test_the_same_characters_composed_differently_are_the_same_password(service: SignInService) -> None:
    done(service.set_password(ADMIN, "mika", "n\u00e4ht\u00e4v\u00e4sti kaunis"))
    assert entered(service, "mika", "na\u0308hta\u0308va\u0308sti kaunis")


def test_a_hash_of_other_parameters_is_renewed_at_the_next_sign_in(service: SignInService, world: World) -> None:
    old = world.store.password("lena")
    first = entered(service)
    assert world.store.password("lena") == old
    world.spy = Spy(time_cost=2)
    stronger = world.service()
    entered(stronger)
    new = world.store.password("lena")
    assert new
    assert "t=2" in new
    assert stronger.who(first.token)
    assert entered(stronger)


def test_a_password_changed_during_the_check_lets_nobody_in(service: SignInService, world: World) -> None:
    class Slow(Spy):
        def matches(self, password: str, known: str | None) -> bool:
            right = super().matches(password, known)
            world.store.set_password("lena", self.hash("the new long sentence"), Audit("x", "password.set", "lena", MONDAY))
            return right

    refused(world.service(passwords=Slow()).sign_in("lena", PASSWORD, HERE), "sign_in")
    assert world.store._sign_ins == {}


def test_after_five_failures_one_waits_and_is_told_how_long(service: SignInService, clock: SettableClock, world: World) -> None:
    for _ in range(FREE):
        refused(service.sign_in("lena", "a wrong long sentence", HERE), "sign_in")
    checked = len(world.spy.checked)
    assert "15 seconds" in refused(service.sign_in("lena", PASSWORD, "192.0.2.99"), "try_later").say
    assert "15 seconds" in refused(service.sign_in("mika", PASSWORD, HERE), "try_later").say
    assert len(world.spy.checked) == checked
    clock.forward(seconds=15)
    assert entered(service)


def test_the_wait_is_said_in_minutes_when_it_is_long(service: SignInService, clock: SettableClock) -> None:
    for _ in range(FREE + 6):
        refused(service.sign_in("lena", "a wrong long sentence", HERE), "sign_in")
        clock.forward(minutes=15)
    refused(service.sign_in("lena", "a wrong long sentence", HERE), "sign_in")
    assert "15 minutes" in refused(service.sign_in("lena", PASSWORD, HERE), "try_later").say
    clock.forward(minutes=13, seconds=1)
    assert "2 minutes" in refused(service.sign_in("lena", PASSWORD, HERE), "try_later").say


def test_logins_that_do_not_exist_are_slowed_down_alike(service: SignInService) -> None:
    outcomes = {login: [service.sign_in(login, "wrong", f"{login}-{n}") for n in range(FREE + 2)] for login in ("lena", "ghost")}
    assert outcomes["lena"] == outcomes["ghost"]


def test_a_crowd_of_guesses_at_once_gets_few_checks(service: SignInService, world: World) -> None:
    class Slow(Spy):
        def matches(self, password: str, known: str | None) -> bool:
            sleep(0.01)
            return super().matches(password, known)

    slow = Slow()
    crowded = world.service(passwords=slow)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda n: crowded.sign_in("lena", f"a wrong guess {n}", f"192.0.2.{n}"), range(100)))
    assert FREE <= len(slow.checked) < FREE + AT_ONCE == 7


def test_a_slip_now_and_then_costs_nothing(service: SignInService) -> None:
    for _ in range(3):
        for _ in range(FREE - 1):
            refused(service.sign_in("lena", "a wrong long sentence", HERE), "sign_in")
        assert entered(service)


def test_a_store_that_is_down_is_said_and_counts_as_no_failure(service: SignInService, world: World) -> None:
    down = world.service(keys=Broken(), store=Broken())
    for _ in range(FREE + 1):
        refused(down.sign_in("lena", PASSWORD, HERE), "storage")
    refused(down.set_password(ADMIN, "lena", PASSWORD), "storage")
    refused(world.service(accounts=Broken(), demo=True).as_sample("lena"), "storage")
    with pytest.raises(StoreUnavailable):
        down.who("token")


# Who is in.


def test_a_sign_in_ends_at_its_time_used_or_not(service: SignInService, clock: SettableClock) -> None:
    token = entered(service).token
    clock.forward(hours=11, minutes=59, seconds=59)
    assert service.who(token)
    clock.forward(seconds=1)
    assert service.who(token) is None


def test_a_right_taken_away_is_gone_at_once(service: SignInService, world: World) -> None:
    token = entered(service).token
    lena = next(account for account in PEOPLE if account.login == "lena")
    world.accounts.put(replace(lena, roles=frozenset({"curator"})), Audit("x", "account.put", "lena", MONDAY))
    actor = service.who(token)
    assert actor is not None
    assert actor.roles == {"curator"}


@pytest.mark.parametrize("token", ["", "x", "x" * 100_000, "\ud800", "\0"])
def test_any_other_token_is_nobody(service: SignInService, token: str) -> None:
    entered(service)
    assert service.who(token) is None
    service.sign_out(token)


def test_the_stored_hash_is_no_token(service: SignInService, world: World) -> None:
    token = entered(service).token
    digest = hashlib.sha256(token.encode()).hexdigest()
    assert list(world.store._sign_ins) == [digest]
    assert service.who(digest) is None


def test_signing_out_ends_this_sign_in_alone(service: SignInService) -> None:
    first, second = entered(service).token, entered(service).token
    assert first != second
    service.sign_out(first)
    assert service.who(first) is None
    assert service.who(second)


def test_signing_out_everywhere_ends_all_of_one_person(service: SignInService) -> None:
    done(service.set_password(ADMIN, "mika", PASSWORD))
    mine, others = [entered(service).token for _ in range(3)], entered(service, "mika").token
    service.sign_out_everywhere("lena")
    assert [service.who(token) for token in mine] == [None] * 3
    assert service.who(others)


# Setting a password.


@pytest.mark.parametrize("account", PEOPLE, ids=lambda account: account.login)
def test_a_password_is_set_by_its_person_or_an_administrator(service: SignInService, world: World, account: Account) -> None:
    actor = Actor.of(account)
    before = world.picture()
    if "admin" not in account.roles:
        others = "mika" if account.login == "lena" else "lena"
        known, unknown = (
            service.set_password(actor, others, PASSWORD),
            service.set_password(actor, "ghost", PASSWORD),
        )
        assert known == unknown == refused(known, "role")
        assert world.picture() == before
    assert done(service.set_password(actor, account.login, "my own long sentence")) == account
    assert world.store.audits[-1] == Audit(account.login, "password.set", account.login, MONDAY)
    assert entered(service, account.login, "my own long sentence")


def test_a_new_password_puts_everybody_with_the_old_one_out(service: SignInService) -> None:
    token = entered(service).token
    done(service.set_password(ADMIN, "lena", "another long sentence"))
    assert service.who(token) is None
    refused(service.sign_in("lena", PASSWORD, HERE), "sign_in")
    assert entered(service, password="another long sentence")


@pytest.mark.parametrize(("length", "good"), [(0, False), (11, False), (12, True), (MOST, True), (MOST + 1, False)])
def test_a_password_has_12_to_200_characters(service: SignInService, world: World, length: int, good: bool) -> None:
    before = world.picture()
    outcome = service.set_password(ADMIN, "mika", "x" * length)
    if good:
        refused(service.sign_in("mika", "x" * (length + 1), HERE), "sign_in")
        assert entered(service, "mika", "x" * length).account == outcome
    else:
        assert "12 to 200" in refused(outcome, "bad_password").say
        assert world.picture() == before


def test_there_is_no_password_without_an_account(service: SignInService) -> None:
    refused(service.set_password(ADMIN, "ghost", PASSWORD), "unknown_person")
    refused(service.set_password(Actor("ghost"), "ghost", PASSWORD), "unknown_person")


def test_nothing_secret_is_stored_shown_or_logged(
    service: SignInService, world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    ticket = entered(service)
    shown: list[object] = [
        service.sign_in("lena", "the wrong secret words", HERE),
        service.set_password(ADMIN, "mika", "secret words"),
    ]
    shown += [
        ticket,
        service.who(ticket.token),
        vars(service),
        world.picture(),
        world.store.audits,
        caplog.text,
        capfd.readouterr(),
    ]
    for secret in (PASSWORD, "the wrong secret words", "secret words", ticket.token):
        assert secret not in repr(shown)


# The demo.


def test_in_the_demo_a_sample_comes_in_with_one_click(world: World) -> None:
    service = world.service(demo=True)
    ticket = done(service.as_sample("login-cleo"))
    actor = service.who(ticket.token)
    assert actor is not None
    assert (actor.id, actor.mentor) == ("login-cleo", "cleo")


def test_outside_the_demo_nobody_does(service: SignInService) -> None:
    refused(service.as_sample("mika"), "no_sample")
    assert service.samples() == ()


@pytest.mark.parametrize("login", ["ghost", "", "added", "lena"])
def test_in_the_demo_only_samples_without_a_password_do(world: World, login: str) -> None:
    service = world.service(demo=True)
    world.accounts.put(Account("added", "By Hand", frozenset({"admin"})), Audit("x", "account.put", "added", MONDAY))
    done(service.set_password(ADMIN, "lena", PASSWORD))
    before = world.picture()
    refused(service.as_sample(login), "no_sample")
    assert login not in [account.login for account in service.samples()]
    assert world.picture() == before
    assert entered(service)


def test_a_login_given_to_somebody_else_is_no_sample_any_more(world: World) -> None:
    service = world.service(demo=True)
    token = done(service.as_sample("mika")).token
    world.accounts.put(Account("mika", "A Real Person", frozenset({"mentee"})), Audit("x", "account.put", "mika", MONDAY))
    refused(service.as_sample("mika"), "no_sample")
    assert service.who(token) is None


def test_when_the_demo_ends_its_sign_ins_end(world: World) -> None:
    demo = world.service(demo=True)
    done(demo.set_password(ADMIN, "lena", PASSWORD))
    clicked, typed = done(demo.as_sample("mika")).token, entered(demo).token
    after = world.service()
    assert after.who(clicked) is None
    assert after.who(typed)


def test_few_samples_are_offered_the_best_known_first(world: World) -> None:
    gwendolen = Account("gwendolen", "Gwendolen Ashcombe", frozenset({"mentor"}), mentor="m008")
    gone = Account("gone", "Not Here", frozenset({"mentee"}))
    world.accounts.put(gwendolen, Audit("x", "account.put", "gwendolen", MONDAY))
    offered = world.service(samples=(*PEOPLE, gwendolen, gone)).samples()
    assert [account.login for account in offered] == ["lena", "gwendolen", "petra", "alasdair", "mika", "login-ada"]


# The first account.


def test_an_empty_installation_is_founded_by_an_administrator(clock: SettableClock) -> None:
    accounts = MemoryStore()
    service = World(clock, accounts, MemorySignIns(accounts), Spy()).service()
    admin = Account("noor", "Noor Haddad", frozenset({"admin", "mentee"}))
    assert service.founder(admin) == Actor.of(admin)
    assert service.founder(replace(admin, roles=frozenset({"curator"}))) is None
    accounts.put(PEOPLE[0], Audit("x", "account.put", "lena", MONDAY))
    assert service.founder(admin) is None
