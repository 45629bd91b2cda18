"""Draws the terminal output, at most 100 columns wide.

Text from people and files is shown as plain text: without control characters, and never interpreted as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from assistant.dialogue.language_io import OnPartial, ignore_partial
from assistant.domain.brief import Brief, BriefField
from assistant.domain.debrief import Item
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import SLOTS, Need
from assistant.domain.reply import Reply, Sentence
from assistant.domain.request import Message
from assistant.services.conversing.message_text import readable
from assistant.services.conversing.status_text import joined, provenance_text, say, when
from assistant.services.handing_over.debriefing import Minutes
from assistant.services.handing_over.introductions import described

WIDEST = 100
QUIET = "dim"
STRONG = "bold"
ACCENT = "cyan"


class Screen:
    """Draws on `out`, by default standard output. `zone` is the IANA time zone of the reader."""

    def __init__(self, zone: str, out: TextIO | None = None) -> None:
        self.zone = zone
        self._console = Console(file=out, highlight=False, markup=False, emoji=False)
        self._console.width = min(WIDEST, self._console.width)

    def line(self, text: str = "", style: str = "") -> None:
        self._console.print(_plain(text, style))

    def quiet(self, text: str) -> None:
        self._inset(_plain(text, QUIET))

    def quote(self, text: str) -> None:
        self._inset(_plain(f"“{text}”"), 5)

    def scene(self, title: str) -> None:
        self._console.print()
        self._console.print(Rule(_plain(title, STRONG), align="left", style=QUIET, characters="─"))

    def speaks(self, who: str, words: str, style: str = ACCENT) -> None:
        """Shows a message beside the name of its author."""
        row = Table.grid(padding=(0, 2))
        row.add_column(min_width=7, max_width=24)
        row.add_column(overflow="fold")
        row.add_row(_plain(who, style), _plain(words))
        self._console.print(row)

    def askwell(self, words: str) -> None:
        self.speaks(say("cli.askwell"), words)

    def reply(self, reply: Reply) -> None:
        """What the assistant says, with all that comes with it."""
        self.askwell(reply.say)
        if reply.options:
            self.options(reply.options)
        if reply.answer:
            self.answer(reply.answer)
        if reply.citations:
            self.passages(reply.citations)
        if reply.sharp_question:
            self.question(reply.sharp_question)
        if reply.matches:
            self.mentors(reply.matches)

    def options(self, options: Sequence[str]) -> None:
        """Shows one option per line, numbered from 1 if there are several."""
        numbered = [f"{n}  {option}" for n, option in enumerate(options, 1)] if len(options) > 1 else options
        for option in numbered:
            self._inset(_plain(option, QUIET))

    def question(self, question: str) -> None:
        title, how = _plain(say("cli.your_question")), _plain(say("cli.confirm_or_edit"))
        self._console.print(Panel(_plain(question, STRONG), title=title, subtitle=how, title_align="left",
                                  subtitle_align="left", border_style=ACCENT, padding=(1, 2)))  # fmt: skip

    @contextmanager
    def partial_answer(self) -> Iterator[OnPartial]:
        """Yields a callback that shows a partial answer on a terminal, and removes it at the end."""
        if not self._console.is_terminal:
            yield ignore_partial
            return
        from rich.live import Live

        with Live(console=self._console, transient=True, auto_refresh=False) as live:
            yield lambda partial: live.update(_answer(partial), refresh=True)

    def answer(self, answer: Sequence[Sentence]) -> None:
        """Shows the sentences with the numbers of the passages they cite."""
        self._console.print()
        self._console.print(_answer(answer))

    def passages(self, citations: Sequence[Citation]) -> None:
        self._heading(say("cli.passages"))
        for number, citation in enumerate(citations, 1):
            stale = f"  ({say('cli.stale')})" if citation.stale else ""
            self._inset(_plain(f"[{number}] {citation.title}{stale}", STRONG))
            self.quote(citation.quote)
        self.quiet(say("cli.open_how"))

    def mentors(self, matches: Sequence[Match]) -> None:
        self._heading(say("cli.mentors"))
        for number, match in enumerate(matches, 1):
            self._inset(_plain(f"{number}  {match.name}", STRONG))
            role = ", ".join(filter(None, [match.title, match.department]))
            about = [role, match.reason, f"“{match.quote}”" if match.quote else "", self._free(match)]
            if match.lowered:
                about.append(say("cli.against", lines=" ".join(match.lowered)))
            if match.second_perspective:
                about.append(say("cli.second_perspective"))
            for text in filter(None, about):
                self._inset(_plain(text), 5)
        self.quiet(say("cli.choose_how"))

    def brief(self, brief: Brief, name: str) -> None:
        """Shows the brief as the mentor reads it, each field with its source."""
        fields = Table.grid(padding=(0, 2))
        fields.add_column(min_width=12, style=QUIET)
        fields.add_column(overflow="fold")
        for field in brief.fields:
            fields.add_row(_plain(say(f"brief.{field.name}")), _field(field))
        if described(brief.mentee):
            fields.add_row(_plain(say("brief.mentee")), _plain(", ".join(described(brief.mentee))))
        if brief.reasons:
            fields.add_row(_plain(say("brief.reason")), _plain(brief.reasons[0].text))
        parts: list[RenderableType] = [fields, Text(), *_agenda(brief)]
        parts += _list(say("cli.reading"), (c.title for c in brief.reading))
        parts += _list(say("cli.may_ask"), brief.mentor_questions)
        title = _plain(say("brief.title", name=name))
        self._console.print(Panel(Group(*parts), title=title, title_align="left", border_style=QUIET, padding=(1, 2)))

    def recipients(self, names: Sequence[str], reasons: Sequence[str] = ()) -> None:
        """Shows the first recipient, and those who follow if they cannot, with the reason that each will read."""
        self._inset(_plain(say("cli.goes_to", name=names[0]), STRONG))
        if names[1:]:
            self._inset(_plain(say("cli.then_to", first=names[0], names=joined(names[1:]))))
        for name, reason in list(zip(names, reasons, strict=False))[1:]:
            self.quiet(f"{name}: {reason}")

    def article(self, title: str, text: str, start: int, end: int) -> None:
        """Shows an article with the quote from `start` to `end` marked."""
        body = _plain(text[:start])
        body.append_text(_plain(text[start:end], "reverse"))
        body.append_text(_plain(text[end:]))
        self._heading(title)
        self._inset(body)

    def need(self, need: Need) -> None:
        """Shows the slots and facets that are known so far."""
        rows = Table.grid(padding=(0, 2))
        rows.add_column(min_width=12, style=QUIET)
        rows.add_column(overflow="fold")
        for name in SLOTS:
            slot = need.get(name)
            due = f" ({slot.due:%a %-d %b %Y})" if slot and slot.due else ""
            rows.add_row(_plain(name), _plain(f"{slot.value}{due}") if slot else _plain(say("cli.not_said"), QUIET))
        for facet in need.facets:
            rows.add_row(_plain(facet.name), _plain(facet.value))
        self._inset(rows)

    def thread(self, messages: Sequence[Message], names: dict[str, str]) -> None:
        """Shows the messages of a written exchange."""
        for message in messages:
            who = names.get(message.author, message.author)
            self.speaks(f"{who}, {when(message.at, self.zone)}", message.text)

    def minutes(self, minutes: Minutes, names: dict[str, str]) -> None:
        """Shows the debrief: items by kind with their quotes, what was not covered, competencies with their status."""
        parts: list[RenderableType] = []
        for kind in dict.fromkeys(item.kind for item in minutes.debrief.items if item.kind != "competency"):
            parts += _list(say(f"cli.item_{kind}"), map(_item, minutes.debrief.of(kind)))
        parts += _list(say("cli.not_covered"), minutes.debrief.not_covered)
        standing = [f"{n}  {c.text} ({c.attestation})" for n, c in enumerate(minutes.competencies, 1)]
        parts += _list(say("cli.competencies"), standing, mark="")
        agreed = joined(sorted(names.get(login, login) for login in minutes.confirmed_by))
        parts += [Text(), _plain(say("cli.confirmed_by", names=agreed) if agreed else say("cli.confirmed_by_nobody"), QUIET)]
        parts += [_plain(line, QUIET) for line in [provenance_text(minutes.debrief.provenance)] if line]
        title = _plain(say("cli.debrief"))
        self._console.print(Panel(Group(*parts), title=title, title_align="left", border_style=QUIET, padding=(0, 2, 1, 2)))

    def rows(self, rows: Iterable[Sequence[str]]) -> None:
        """Shows a table without borders; only the last column wraps."""
        table = Table.grid(padding=(0, 2))
        for row in rows:
            if not table.columns:
                for n in range(len(row)):
                    table.add_column(no_wrap=n < len(row) - 1, overflow="fold")
            table.add_row(*map(_plain, row))
        self._console.print(table)

    def _free(self, match: Match) -> str:
        slot = match.next_slot
        if slot is None:
            return say("cli.by_arrangement")
        return say("cli.next_free", start=when(slot.start, self.zone), minutes=slot.minutes)

    def _heading(self, text: str) -> None:
        self._console.print()
        self._inset(_plain(text, ACCENT))

    def _inset(self, what: RenderableType, left: int = 2) -> None:
        self._console.print(Padding(what, (0, 0, 0, left), expand=False))


def _plain(text: str, style: str = "") -> Text:
    shown = "".join(c if c == "\n" or c.isprintable() else " " * c.isspace() for c in text)
    return Text(shown, style=style, overflow="fold")


def _answer(answer: Sequence[Sentence]) -> Padding:
    cited = (f"{sentence.text} {' '.join(f'[{number}]' for number in sentence.cites)}".strip() for sentence in answer)
    return Padding(_plain(" ".join(cited)), (0, 0, 0, 2), expand=False)


def _field(field: BriefField) -> Text:
    shown = _plain(field.text, "" if field.stated else QUIET)
    if field.origin in ("none", "in_person"):
        return shown
    quote = field.quote if _plainly(field.quote) != _plainly(field.text) else ""
    source = say("cli.from_quote", quote=" ".join(quote.split())) if quote else say(f"cli.from_{field.origin}_alone")
    return shown.append_text(_plain(f"  {source}", QUIET))


def _plainly(words: str) -> str:
    """Words without case and final marks, in which a sentence differs from its quote."""
    return readable(words).casefold().rstrip(" .?!")


def _agenda(brief: Brief) -> list[Text]:
    head = _plain(say("cli.agenda", minutes=brief.minutes), QUIET)
    return [head, *(Text(f"{item.minutes:>3} min  ").append_text(_plain(item.title)) for item in brief.agenda)]


def _list(heading: str, items: Iterable[str], mark: str = "- ") -> list[Text]:
    found = [_plain(f"{mark}{item}") for item in items]
    return [Text(), _plain(heading, QUIET), *found] if found else []


def _item(item: Item) -> str:
    due = say("cli.due", due=f"{item.due:%a %-d %b %Y}") if item.due else ""
    details = ", ".join(filter(None, [item.owner, due]))
    is_quoted = item.text.casefold().rstrip(".") in item.quote.casefold()
    return f"{item.text}{f' ({details})' if details else ''}{'' if is_quoted else f'  “{item.quote}”'}"
