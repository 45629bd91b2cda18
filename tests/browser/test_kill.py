"""The server is killed at any moment, or cannot be reached: the open page goes on by itself, and nothing is lost or doubled."""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import unquote

import pytest

from tests.browser.conftest import Site
from tests.browser.scenes import Stage
from tests.browser.visitor import ANSWERED, Visitor

BACK = 60_000
"""Milliseconds for everything that follows a restart on a busy machine."""
BROKEN = re.compile(r"^Response$|Failed to fetch|Unexpected error Connection|ERR_")
WORDS = (
    "I need help with my presentation for the board.",
    "It is about the budget for the new warehouse.",
    "The last board review went badly, they saw forty slides.",
    "Success is that they decide in the meeting.",
    "It should be done by the end of next week.",
)
HALF = "Which of the two suppliers is"
DOWN = 3


@pytest.fixture
def come(browser: Any, site: Site) -> Iterator[Callable[..., Visitor]]:
    """People whose pages may complain of a lost connection, and of nothing else."""
    visitors: list[Visitor] = []

    def come(login: str, path: str = "/") -> Visitor:
        visitors.append(Visitor.come(browser, site.url, login, path))
        return visitors[-1]

    yield come
    wrong = [error for visitor in visitors for error in visitor.errors if not BROKEN.search(error)]
    for visitor in visitors:
        visitor.page.context.close()
    assert wrong == []


def test_killed_around_a_message_it_is_stored_once_and_answered_once(site: Site, come: Callable[..., Visitor]) -> None:
    lena = come("lena")
    lena.say(WORDS[0])
    dice = random.Random(20261122)
    moments = (not_read_yet, stored, answered_but_not_shown, lambda *_: time.sleep(dice.uniform(0, 0.4)))
    for number, (words, moment) in enumerate(zip(WORDS[1:], moments, strict=True), start=2):
        kill_at(site, lena, words, moment)
        lena.page.wait_for_function(f"document.querySelectorAll('{ANSWERED}').length === {number}", timeout=BACK)
        assert lena.page.input_value("#words") == ""
        assert lena.page.locator(".from-me").count() == number
        if moment is stored:
            lena.see("Sorry for the delay", within=f"{ANSWERED} >> nth=-1")
        assert record(site, lena.request) == [(1, 1)] * number
    told = [text.strip() for text in lena.page.locator(".from-me > div").all_inner_texts()]
    assert told == list(WORDS)


def test_half_a_minute_without_the_server_loses_nothing_that_was_typed(site: Site, come: Callable[..., Visitor]) -> None:
    stage = Stage(site.data)
    holder = stage.offered("yuto", "half")
    stage.app.close()
    mentor, sunita, idle = come(holder, "/mentor?request=half"), come("sunita"), come("megan")
    sunita.say(WORDS[0])
    mentor.open("One more thing")
    mentor.page.fill("#ask-words", HALF)
    idle.page.fill("#words", HALF)
    site.kill()
    sunita.send(WORDS[1])
    mentor.page.locator("#ask-more button").click()
    for person in (sunita, mentor):
        person.page.wait_for_selector("#alert:not([hidden])", timeout=BACK)
        assert person.told.startswith("Askwell does not answer just now.")
    assert sunita.page.input_value("#words") == WORDS[1]
    time.sleep(DOWN)
    site.start()
    sunita.page.wait_for_function(f"document.querySelectorAll('{ANSWERED}').length === 2", timeout=BACK)
    assert record(site, sunita.request) == [(1, 1), (1, 1)]
    assert (sunita.page.input_value("#words"), sunita.told) == ("", "")
    assert idle.say(f"{idle.page.input_value('#words')} better for a board?")
    assert idle.page.locator(".from-me > div").inner_text().strip() == f"{HALF} better for a board?"
    still_there(mentor)
    mentor.page.reload()
    mentor.ready()
    still_there(mentor)
    mentor.page.locator("#ask-more button").click()
    mentor.see(HALF, within=".bubble")
    assert counted(site, "half", "one_more_asked") == 1


def still_there(mentor: Visitor) -> None:
    """The form, open and as it was left."""
    mentor.page.wait_for_function(
        "(text) => document.querySelector('#ask-more[open] #ask-words')?.value === text", arg=HALF, timeout=BACK
    )  # fmt: skip


def test_signed_out_while_typing_the_text_is_kept_for_this_person_alone(site: Site, come: Callable[..., Visitor]) -> None:
    kofi = come("kofi")
    kofi.say(WORDS[0])
    with closing(sqlite3.connect(site.data / "askwell.db", timeout=20)) as db, db:
        db.execute("update sign_ins set until = '2020-01-01 00:00:00.000000' where login = 'kofi'")
    kofi.send(WORDS[1])
    link = kofi.page.locator("#alert a")
    link.wait_for()
    assert kofi.told.startswith("You are signed out. Your text is kept in the box.")
    assert kofi.page.input_value("#words") == WORDS[1]
    back = str(link.get_attribute("href"))
    in_between(kofi, "hester", back)
    assert kofi.page.input_value("#words") == ""
    in_between(kofi, "kofi", back)
    kofi.page.wait_for_function("(text) => document.querySelector('#words').value === text", arg=WORDS[1])
    kofi.page.locator("#send").click()
    kofi.page.wait_for_function(f"document.querySelectorAll('{ANSWERED}').length === 2")
    assert record(site, kofi.request) == [(1, 1), (1, 1)]


def in_between(kofi: Visitor, login: str, link: str) -> None:
    """Somebody signs in by that link in the same browser, and sees the page that it leads back to."""
    kofi.page.request.post(f"{kofi.url}/sign-in/sample", form={"login": login}, max_redirects=0)
    kofi.go(unquote(link.partition("next=")[2]))


def not_read_yet(site: Site, lena: Visitor, words: str, before: int) -> None:
    """The message is on its way to a server that reads nothing any more."""
    assert said(site, lena.request) == before


def stored(site: Site, lena: Visitor, words: str, before: int) -> None:
    until(lambda: said(site, lena.request) > before)


def answered_but_not_shown(site: Site, lena: Visitor, words: str, before: int) -> None:
    until(lambda: replied(site, lena.request) > before)
    assert lena.page.locator(ANSWERED).count() == before


def kill_at(site: Site, lena: Visitor, words: str, moment: Callable[[Site, Visitor, str, int], None]) -> None:
    """Sends, waits for the moment, kills, and starts again on the same port."""
    assert site.process
    before, held = said(site, lena.request), list[Any]()
    if moment is not_read_yet:
        site.process.send_signal(signal.SIGSTOP)
    if moment is answered_but_not_shown:
        lena.page.route("**/gradio_api/queue/data**", lambda route: held.append(route))
    lena.send(words)
    moment(site, lena, words, before)
    site.kill()
    assert moment is not stored or replied(site, lena.request) == before, "the answer was faster than this test"
    for route in held:
        route.abort()
    lena.page.unroute("**/gradio_api/queue/data**")
    assert lena.page.input_value("#words") == words or lena.page.locator(".from-me").count() > before
    site.start()


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "that did not happen"
        time.sleep(0.002)


def said(site: Site, request: str) -> int:
    return counted(site, request, "said")


def replied(site: Site, request: str) -> int:
    return counted(site, request, "replied")


def counted(site: Site, request: str, kind: str) -> int:
    found = asked(site, "select count(*) from events where request_id = ? and type = ?", request, kind)
    return int(found[0][0])


def record(site: Site, request: str) -> list[tuple[int, int]]:
    """For each message of this request, in order: how often it is stored and how often it is answered."""
    messages = [
        row[0]
        for row in asked(site, "select message_id from events where request_id = ? and type = 'said' order by seq", request)
    ]
    replies = [row[0] for row in asked(site, "select body from events where request_id = ? and type = 'replied'", request)]
    return [(messages.count(message), sum(f'"{message}"' in body for body in replies)) for message in messages]


def asked(site: Site, sql: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{site.data / 'askwell.db'}?mode=ro", uri=True)) as db:
        return db.execute(sql, values).fetchall()
