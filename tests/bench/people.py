"""The people of a crowd: mentees who ask, answer, choose, confirm and approve, and mentors who are invited by that.

What somebody does next is read from the page, as a person would; dice decide between what is possible there.
"""

from __future__ import annotations

import secrets
from asyncio import Queue
from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.person import Person
from tests.bench.words import ADVICE, FOLLOW_UPS, MORE, OPENINGS, THREAD

STEPS = 14


@dataclass(frozen=True)
class Post:
    """Who has an offer to look at, as (login, request); `logins` are the mentors' by their profile."""

    logins: Mapping[str, str]
    waiting: Queue[tuple[str, str]]

    def invite(self, profile: str, request: str) -> None:
        self.waiting.put_nowait((self.logins[profile], request))


async def mentee(person: Person, post: Post) -> None:
    """Asks for one thing after the other."""
    while await person.think():
        person.tab.request = secrets.token_hex(6)
        await person.show()
        await person.say(person.dice.choice(OPENINGS))
        for _ in range(STEPS):
            if not await person.think() or not await _step(person, post):
                break


async def mentor(person: Person, post: Post) -> None:
    """Answers the offer on the page: with a time, in writing, with one more thing to say first, or with somebody better."""
    if not await person.think():
        return
    better = [option.attributes["value"] for option in person.tab.find("offer", value="") if option.tag == "option"]
    times = [box.attributes["value"] for box in person.tab.find("offer", name="start")]
    ways = {"accept": 35 * bool(times), "accept_written": 30, "ask": 20, "pass_on": 15 * bool(better)}
    way = person.dice.choices(list(ways), list(ways.values()))[0]
    if way == "ask":
        await person.act("ask", {"words": MORE})
    elif way == "accept":
        await person.act("accept", {"start": person.dice.choice(times)})
    elif way == "pass_on":
        if await person.act("pass_on", {"note": "They have done this often.", "to": better[0]}):
            post.invite(better[0], person.tab.request)
    elif await person.act("accept_written"):
        await _correspond(person)


async def _correspond(person: Person) -> None:
    for words in ADVICE[: person.dice.randint(1, 3)]:
        if not await person.think():
            return
        await person.post(words)
        await person.news(15)
    await person.act("hand_back")


async def _step(person: Person, post: Post) -> bool:
    """One thing that can be done on the mentee's page now; False when there is nothing more to do for this request."""
    tab = person.tab
    if tab.find("request", href=f"/request/{tab.request}/session.ics") or tab.find("debrief", data_act="note"):
        return False
    if tab.find("chat", class_="bubble from-mentor") or tab.find("chat", class_="divider"):
        await person.say(person.dice.choice(THREAD))
        await person.news(10)
        return True
    if tab.find("request", class_="clock"):
        return await person.news(60)
    if tab.find("draft", data_act="approve"):
        return await _approve(person, post)
    return await _sharpen(person)


async def _sharpen(person: Person) -> bool:
    tab, dice = person.tab, person.dice
    people, options = tab.find("people", data_act="choose"), tab.find("chat", data_act="text")
    if tab.find("chat", data_act="solved") and dice.random() < 0.15:
        await person.act("solved")
        return False
    if people and dice.random() < 0.8:
        person.chosen = dice.choice(people).attributes["data-mentor"]
        await person.act("choose", {"mentor": person.chosen})
    elif tab.find("request", id="question-form") and dice.random() < 0.5:
        await person.act("confirm")
    elif options and dice.random() < 0.7:
        await person.say(dice.choice(options).attributes["data-text"])
    else:
        await person.say(dice.choice(FOLLOW_UPS))
    return True


async def _approve(person: Person, post: Post) -> bool:
    tab = person.tab
    for button in tab.find("draft", data_act="in_person"):
        await person.act("in_person", {"name": button.attributes["data-name"]})
    if not any("checked" in box.attributes for box in tab.find("draft", id="ready-to-note")):
        await person.act("ready_to_note", {"checked": "true"})
    ready = [one for one in tab.find("draft", data_act="approve") if one.attributes.get("aria-disabled") != "true"]
    if not ready or not await person.think():
        return False
    approved = await person.act("approve", {"hash": ready[0].attributes["data-hash"]})
    if approved:
        post.invite(person.chosen, tab.request)
    return approved
