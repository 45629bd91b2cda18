"""The comparison as one table: what must be 0, how good it is on either side, what the calls cost and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.evaluation.figures import Figure, mean, quantile, ratio
from assistant.evaluation.report import made, shown, verdict, wanted
from tests.llm.meter import Call
from tests.llm.play import Comparison
from tests.llm.sections import Section

if TYPE_CHECKING:
    from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measure on every side, in the order of the sides."""

    section: str
    figures: tuple[Figure, ...]

    @property
    def broken(self) -> bool:
        """Whether something that must be 0 is not."""
        return any(one.wanted is not None and one.wanted.limit == 0 and one.met is False for one in self.figures)


def rows(sections: Sequence[Section], found: Comparison) -> list[Row]:
    """The measures of every section that was played, then the calls."""
    made_of: list[Row] = []
    for section in sections:
        if found.cases[section.name]:
            columns = [list(section.figures(found.results(section.name, side))) for side in found.sides]
            made_of += [Row(section.name, figures) for figures in zip(*columns, strict=True)]
            made_of += _of_calls(section.name, found)
    return made_of


def table(found: Comparison, measured: Sequence[Row]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    played = ", ".join(f"{count} {name}" for name, count in found.cases.items())
    drawn = Table(title=f"The same cases on both sides: {played}", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    drawn.add_column("measure")
    drawn.add_column("wanted", no_wrap=True)
    for side in found.sides:
        drawn.add_column(side, justify="right")
        drawn.add_column("of", justify="right", style="dim", no_wrap=True)
    drawn.add_column("")
    drawn.add_column("note", style="dim", max_width=60)
    last = ""
    for row in measured:
        if row.section != last:
            drawn.add_section()
            drawn.add_row(f"[bold]{row.section}[/bold]")
        last = row.section
        cells = [cell for figure in row.figures for cell in (shown(figure), str(figure.count))]
        note = next((figure.note for figure in reversed(row.figures) if figure.note), "")
        judged = "broken" if row.broken else verdict(row.figures[-1])
        name = row.figures[0].name.strip()
        drawn.add_row(name, wanted(row.figures[0]), *cells, judged, note, style="bold red" if row.broken else None)
    return drawn


def as_data(found: Comparison, measured: Sequence[Row]) -> dict[str, Any]:
    """The same for programs: {"made", "sides", "cases", "rows": [{section, name, figures: {side: {value, count, note}}}]}."""
    told = [
        {
            "section": row.section,
            "name": row.figures[0].name.strip(),
            "wanted": wanted(row.figures[0]),
            "broken": row.broken,
            "figures": {
                side: {"value": figure.value, "count": figure.count, "note": figure.note}
                for side, figure in zip(found.sides, row.figures, strict=True)
            },
        }
        for row in measured
    ]
    calls = {side: [asdict(call) for name in found.cases for call in found.calls(name, side)] for side in found.sides}
    return {"made": made(), "sides": list(found.sides), "cases": found.cases, "rows": told, "calls": calls}


def _of_calls(section: str, found: Comparison) -> list[Row]:
    """What went over the wire; nothing where nobody called."""
    columns = [_calls(found.calls(section, side), found.cases[section]) for side in found.sides]
    if not any(figures[0].value for figures in columns):
        return []
    return [Row(f"{section}: calls", figures) for figures in zip(*columns, strict=True)]


def _calls(calls: Sequence[Call], cases: int) -> list[Figure]:
    ended = [call.ended for call in calls]
    others = {why: ended.count(why) for why in dict.fromkeys(ended) if why != "answered"}
    answered = [call for call in calls if call.ended == "answered"]
    forms = [call.asked for call in calls]
    seconds = [call.seconds for call in calls]
    why = ", ".join(f"{reason}: {times}" for reason, times in others.items())
    asked = ", ".join(f"{form}: {forms.count(form)}" for form in dict.fromkeys(forms))
    prompt = [call.prompt_tokens for call in answered if call.prompt_tokens is not None]
    answer = [call.answer_tokens for call in answered if call.answer_tokens is not None]
    return [
        Figure("calls a case", ratio(len(calls), cases), cases, digits=2, note=asked),
        Figure("share without an answer", ratio(len(calls) - len(answered), len(calls)), len(calls), note=why),
        Figure("seconds a call, mean", mean(seconds), len(seconds), digits=2),
        Figure("seconds a call, p95", quantile(seconds, 0.95), len(seconds), digits=2),
        Figure("tokens sent a call", mean(prompt), len(prompt), digits=0),
        Figure("tokens answered a call", mean(answer), len(answer), digits=0),
        Figure("tokens a case", ratio(sum(prompt) + sum(answer), cases), cases, digits=0),
    ]
