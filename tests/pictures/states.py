"""What the pictures show: requests of one mentee in every state, and where each is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.domain.provenance import OFFLINE
from tests.browser.scenes import BOARD, KNOWN, SPECIFIC, VAGUE, Stage
from tests.fakes.slow_language import SlowLanguage

SENSITIVE = "My manager keeps shouting at me in front of the team and I am afraid to go to work."
MENTEE = "lena"


@dataclass(frozen=True)
class Sight:
    """One state to look at: who looks, where, what is clicked or filled in, and what must stand there, by selector.

    What `floats` over the page is shown as large as the window, everything else as long as it is.
    """

    name: str
    login: str
    path: str
    clicks: tuple[str, ...] = ()
    fill: tuple[str, str] = ("", "")
    wait: str = ".aw.ready"
    floats: bool = False


def sights(data: Path) -> list[Sight]:
    """Makes the requests and says where to look."""
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
        Sight("sign-in", "", "/sign-in", wait=".samples"),
        Sight("ask-empty", MENTEE, "/"),
        *(Sight(f"ask-{name}", MENTEE, f"/?request={name}") for name in names),
        Sight("ask-answer", MENTEE, "/?request=answer", clicks=(".way summary",)),
        Sight("ask-fallback", MENTEE, "/?request=fallback", clicks=(".way",)),
        Sight("ask-keepsakes", MENTEE, "/?request=closed", clicks=("[data-act=thanks]",), wait="#thanks-draft"),
        Sight(
            "mentor-keepsake", mentors["closed"], "/mentor?request=closed", clicks=("[data-act=article]",), wait="#article-draft"
        ),
        Sight("news", MENTEE, "/?request=booked", clicks=("#bell summary",), floats=True),
        Sight("requests", MENTEE, "/requests"),
        Sight("requests-empty", "joao", "/requests"),
        Sight("inbox-empty", "gwendolen", "/mentor"),
        Sight("inbox", mentors["offered"], "/mentor"),
        Sight("offer", mentors["offered"], "/mentor?request=offered", clicks=("#accept summary",)),
        Sight("mentor-booked", mentors["booked"], "/mentor?request=booked"),
        Sight("mentor-thread", mentors["thread"], "/mentor?request=thread"),
        Sight("mentor-debrief", mentors["debrief"], "/mentor?request=debrief"),
        Sight("library", "petra", "/library"),
        Sight("library-search", "petra", "/library", fill=("#search-words", "How do I present to a board?"), wait=".verdict"),
        Sight("article", MENTEE, "/article/board-slides-lead-with-the-ask", wait=".article"),
        Sight("passage", MENTEE, "/?request=people", clicks=(".passage a",), wait=".reader[open] mark", floats=True),
        Sight("not-found", MENTEE, "/article/nothing-here", wait=".plain-page"),
    ]
