"""Many people at once, by the real protocol: `python -m tests.bench.crowd --people 20 --minutes 5`.

Starts a server of its own over its own copy of the starter content, plays people at it for a limited time, looks at the record
afterwards and prints what they lived through. A server that runs already is only used when it is on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import ip_address
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import httpx

from assistant.adapters.people_csv import load_people
from assistant.ports import Account
from assistant.starter import STARTER
from tests.bench.figures import Tally, report, table
from tests.bench.host import Host, starter
from tests.bench.people import Post, mentee, mentor
from tests.bench.person import Pace, Person, present
from tests.bench.record import differences, ways
from tests.bench.wire import Broken
from tests.model_server import KEY, MODEL, model_server

MOST_PEOPLE, MOST_MINUTES = 60, 60
GRACE_SECONDS = 45
PREPARED = Path(tempfile.gettempdir()) / "askwell-crowd-starter"


def play(url: str, people: int, seconds: float, seed: int = 1, think: tuple[float, float] = (2.0, 6.0)) -> Tally:
    """A quarter of the people are mentors, who come when they are invited. Ends at the latest 45 s after its time.

    It has a thread of its own, because the caller's may have an event loop already.
    """
    tally, pace = Tally(), Pace(time.monotonic() + seconds, *think)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_play(url, people, tally, pace, Random(seed)))).result()
    return tally


def main(words: Sequence[str] | None = None) -> int:
    wanted = _arguments(words)
    if wanted.url:
        tally, load, wrong = play(wanted.url, wanted.people, wanted.minutes * 60, wanted.seed), None, list[str]()
    else:
        with tempfile.TemporaryDirectory() as folder:
            with (
                _model(wanted.model) as settings,
                Host(starter(wanted.data, wanted.embedder), Path(folder), wanted.embedder, settings) as host,
            ):
                tally = play(host.url, wanted.people, wanted.minutes * 60, wanted.seed, (wanted.think / 3, wanted.think))
                load = host.load()
            wrong = differences(host.data, tally.said)
            tally.ways = ways(host.data, (request for request, _ in tally.said))
    tally.errors += wrong
    found = report(tally, load)
    if wanted.json:
        print(json.dumps(found, indent=1))
    else:
        from rich.console import Console

        Console().print(table(found))
    return 1 if tally.errors else 0


@contextmanager
def _model(seconds: float) -> Iterator[dict[str, str]]:
    """The settings for a language model on this machine that takes so long for every answer; none for 0."""
    if not seconds:
        yield {}
        return
    with model_server(delay=seconds) as server:
        yield {"ASKWELL_LLM_BASE_URL": server.url, "ASKWELL_LLM_API_KEY": KEY, "ASKWELL_LLM_MODEL": MODEL}


async def _play(url: str, people: int, tally: Tally, pace: Pace, dice: Random) -> None:
    accounts = load_people(STARTER / "people.csv")
    post = Post({account.mentor: account.login for account in accounts if account.mentor}, asyncio.Queue())
    seats = max(1, people // 4)
    guests = [_mentee(url, login, tally, Random(dice.random()), pace, post) for login in _mentees(accounts, people - seats)]
    hosts = [_seat(url, tally, Random(dice.random()), pace, post) for _ in range(seats)]
    tasks = [asyncio.create_task(one) for one in (*guests, *hosts)]
    done, late = await asyncio.wait(tasks, timeout=max(pace.left, 0) + GRACE_SECONDS)
    for task in late:
        task.cancel()
        tally.errors.append("somebody still waited when all had gone")
    await asyncio.gather(*late, return_exceptions=True)
    for task in done:
        task.result()


async def _mentee(url: str, login: str, tally: Tally, dice: Random, pace: Pace, post: Post) -> None:
    await asyncio.sleep(dice.uniform(0, min(pace.most, pace.left)))
    try:
        async with present(url, login, "/", tally, dice, pace) as person:
            await mentee(person, post)
            await _look_back(person)
    except (Broken, httpx.HTTPError) as error:
        tally.errors.append(f"a mentee's page: {type(error).__name__} {error}")


async def _seat(url: str, tally: Tally, dice: Random, pace: Pace, post: Post) -> None:
    """One mentor after the other, as they are invited."""
    while pace.left > 0:
        try:
            login, request = await asyncio.wait_for(post.waiting.get(), pace.left)
        except TimeoutError:
            return
        try:
            async with present(url, login, "/mentor", tally, dice, pace, request) as person:
                await mentor(person, post)
        except (Broken, httpx.HTTPError) as error:
            tally.errors.append(f"a mentor's page: {type(error).__name__} {error}")


async def _look_back(person: Person) -> None:
    """The last request once more: each message that was acknowledged stands there once."""
    await person.show()
    shown = [one.attributes["data-message"].rpartition(":")[2] for one in person.tab.find("chat", data_message="")]
    mine = [message for request, message in person.tally.said if request == person.tab.request]
    person.tally.errors += [
        f"{message} stands there {shown.count(message)} times" for message in mine if shown.count(message) != 1
    ]


def _mentees(accounts: Iterable[Account], count: int) -> list[str]:
    """So many mentees; where there are fewer, some have several pages open."""
    logins = [account.login for account in accounts if "mentee" in account.roles]
    return list(islice(cycle(logins), count))


def _arguments(words: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crowd", description="Many people at the pages at once.")
    parser.add_argument("--people", type=_within(2, MOST_PEOPLE), default=20)
    parser.add_argument("--minutes", type=_within(0.1, MOST_MINUTES), default=5)
    parser.add_argument("--url", type=_here, default=None, help="a server in demo mode that runs on this machine; none: its own")
    parser.add_argument("--data", type=Path, default=PREPARED, help="prepared data folder to copy; made when it is not there")
    parser.add_argument("--embedder", choices=("minilm", "wordllama"), default="minilm")
    parser.add_argument("--model", type=_within(0, 60), default=0, help="seconds of a language model's answer; 0: offline")
    parser.add_argument("--think", type=_within(0.3, 60), default=6, help="seconds that somebody thinks, at most")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    parser.add_argument("--json", action="store_true")
    found = parser.parse_args(words)
    found.people = int(found.people)
    return found


def _within(least: float, most: float) -> Any:
    def number(text: str) -> float:
        value = float(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"from {least} to {most}")
        return value

    return number


def _here(url: str) -> str:
    """The address without its path. Anything but a loopback address is refused: nobody else's server is loaded."""
    parts = urlsplit(url)
    try:
        loopback = ip_address(parts.hostname or "").is_loopback
    except ValueError:
        loopback = False
    if parts.scheme != "http" or not loopback:
        raise argparse.ArgumentTypeError("only a server on this machine, such as http://127.0.0.1:7860")
    return f"http://{parts.netloc}"


if __name__ == "__main__":
    raise SystemExit(main())
