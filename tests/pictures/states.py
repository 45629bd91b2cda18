"""The page states to take pictures of: requests of one mentee in every stage, and the page that shows each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.domain.provenance import OFFLINE
from tests.browser.scenes import BOARD, KNOWN, SPECIFIC, VAGUE, Stage
from tests.fakes.slow_language import SlowLanguage

SENSITIVE = "My manager keeps shouting at me in front of the team and I am afraid to go to work."
MENTEE = "lena"


@dataclass(frozen=True)
class PageState:
    """One picture: who is signed in, the path, what is clicked or filled in, and the selector to wait for.

    A state that `floats` over the page is taken at window size, every other at the full length of the page.
    """

    name: str
    login: str
    path: str
    clicks: tuple[str, ...] = ()
    fill: tuple[str, str] = ("", "")
    wait: str = ".aw.ready"
    floats: bool = False


def page_states(data: Path) -> list[PageState]:
    """Creates the requests in this data folder and returns the states to show."""
    stage = Stage(data)
    mentors = {
        "thread": stage.exchanging(MENTEE, "thread"),
        "closed": stage.closed(MENTEE, "closed"),
        "debrief": stage.debriefing(MENTEE, "debrief"),
        "booked": stage.booked(MENTEE, "booked"),
        "offered": stage.offered(MENTEE, "offered"),
    }
    more = stage.actor(stage.offered(MENTEE, "more"))
    stage.app.services.handoff.ask(more, "more", "Which clause worries you most: price, term or penalties?")
    stage.drafted(MENTEE, "brief")
    stage.said(MENTEE, "passages", KNOWN, "skip", "skip")
    stage.said(MENTEE, "people", SPECIFIC)
    stage.said(MENTEE, "sensitive", SENSITIVE)
    stage.said(MENTEE, "question", VAGUE)
    stage.speaking(SlowLanguage())
    stage.said(MENTEE, "answer", BOARD)
    stage.speaking(SlowLanguage(way=OFFLINE.fallen("late")))
    stage.said(MENTEE, "fallback", SPECIFIC)
    stage.app.close()
    names = ("question", "passages", "people", "sensitive", "brief", "offered", "more", "booked", "thread", "debrief", "closed")
    return [
        PageState("sign-in", "", "/sign-in", wait=".samples"),
        PageState("ask-empty", MENTEE, "/"),
        *(PageState(f"ask-{name}", MENTEE, f"/?request={name}") for name in names),
        PageState("ask-answer", MENTEE, "/?request=answer", clicks=(".way summary",)),
        PageState("ask-fallback", MENTEE, "/?request=fallback", clicks=(".way",)),
        PageState("ask-closing-drafts", MENTEE, "/?request=closed", clicks=("[data-act=thanks]",), wait="#thanks-draft"),
        PageState(
            "mentor-closing-drafts",
            mentors["closed"],
            "/mentor?request=closed",
            clicks=("[data-act=article]",),
            wait="#article-draft",
        ),
        PageState("news", MENTEE, "/?request=booked", clicks=("#bell summary",), floats=True),
        PageState("requests", MENTEE, "/requests"),
        PageState("requests-empty", "joao", "/requests"),
        PageState("inbox-empty", "gwendolen", "/mentor"),
        PageState("inbox", mentors["offered"], "/mentor"),
        PageState("offer", mentors["offered"], "/mentor?request=offered", clicks=("#accept summary",)),
        PageState("mentor-booked", mentors["booked"], "/mentor?request=booked"),
        PageState("mentor-thread", mentors["thread"], "/mentor?request=thread"),
        PageState("mentor-debrief", mentors["debrief"], "/mentor?request=debrief"),
        PageState("library", "petra", "/library"),
        PageState("library-search", "petra", "/library", fill=("#search-words", "How do I present to a board?"), wait=".verdict"),
        PageState("article", MENTEE, "/article/board-slides-lead-with-the-ask", wait=".article"),
        PageState("passage", MENTEE, "/?request=people", clicks=(".passage a",), wait=".reader[open] mark", floats=True),
        PageState("not-found", MENTEE, "/article/nothing-here", wait=".plain-page"),
    ]
