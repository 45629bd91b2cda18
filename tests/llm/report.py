"""The comparison as one table: what must be 0, how good it is on either side, which way the words came, what the calls cost."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assistant.domain.provenance import Provenance
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
            made_of += _of_ways(section, found)
            made_of += _of_calls(section.name, found)
    return made_of


def page(data: dict[str, Any]) -> str:
    """The data of a comparison as Markdown: what was measured, then one table with a row a measure."""
    on, model, sides = data["made"], data["model"], data["sides"]
    cases = ", ".join(f"{count} {name}" for name, count in data["cases"].items())
    weights = f" (weights SHA-256 `{model['sha256']}`)" if model.get("sha256") else ""
    told = (
        f"Measured by `make eval-llm` on {on['date']} with {on['machine']} (load {on['load']}), version {on['version']}: "
        f"{model['name']}{weights}, {model['seconds']:g} s a turn at most; {cases}, the same on both sides."
    )
    rows_of = [
        f"| measure | wanted | {' | '.join(f'{side} | of' for side in sides)} | note |",
        "|---" * (3 + 2 * len(sides)) + "|",
    ]
    for row in data["rows"]:
        figures = [row["figures"][side] for side in sides]
        cells = [cell for figure in figures for cell in (figure["shown"], str(figure["count"]))]
        note = next((figure["note"] for figure in reversed(figures) if figure["note"]), "").replace("|", "\\|")
        wish = f"{row['wanted']}{', broken' if row['broken'] else ''}"
        rows_of.append(f"| {row['section']}: {row['name']} | {wish} | {' | '.join(cells)} | {note} |")
    return f"{told}\n\n" + "\n".join(rows_of)


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


def as_data(found: Comparison, measured: Sequence[Row], model: dict[str, Any]) -> dict[str, Any]:
    """The same for programs: {"made", "model", "sides", "cases", "rows": [{section, name, figures: {side: {value, ...}}}]}."""
    told = [
        {
            "section": row.section,
            "name": row.figures[0].name.strip(),
            "wanted": wanted(row.figures[0]),
            "broken": row.broken,
            "figures": {
                side: {"value": figure.value, "shown": shown(figure), "count": figure.count, "note": figure.note}
                for side, figure in zip(found.sides, row.figures, strict=True)
            },
        }
        for row in measured
    ]
    calls = {side: [asdict(call) for name in found.cases for call in found.calls(name, side)] for side in found.sides}
    on = {**made(), "load": f"{os.getloadavg()[2]:.1f}"}
    return {"made": on, "model": model, "sides": list(found.sides), "cases": found.cases, "rows": told, "calls": calls}


def _of_ways(section: Section, found: Comparison) -> list[Row]:
    """Which way the words came that a person got; nothing where no side had a model."""
    ways = [[way for result in found.results(section.name, side) for way in section.ways(result)] for side in found.sides]
    if not any(way.way == "model" or way.fallback for every in ways for way in every):
        return []
    columns = [_ways(every) for every in ways]
    return [Row(f"{section.name}: which way", figures) for figures in zip(*columns, strict=True)]


def _ways(ways: Sequence[Provenance]) -> list[Figure]:
    model = [way for way in ways if way.way == "model"]
    reasons = [way.fallback for way in ways if way.fallback]
    tasks = [prompt.partition("@")[0] for way in model for prompt in way.prompts]
    taken = ", ".join(f"{task}: {tasks.count(task)}" for task in dict.fromkeys(tasks))
    why = ", ".join(f"{reason}: {reasons.count(reason)}" for reason in dict.fromkeys(reasons))
    return [
        Figure("share in which the model had part", ratio(len(model), len(ways)), len(ways), note=taken),
        Figure("share of which a part was done offline instead", ratio(len(reasons), len(ways)), len(ways), note=why),
    ]


def _of_calls(section: str, found: Comparison) -> list[Row]:
    """What went over the wire; nothing where nobody called."""
    columns = [_calls(found.calls(section, side), found.cases[section], found.seconds(section, side)) for side in found.sides]
    if not any(figures[0].value for figures in columns):
        return []
    return [Row(f"{section}: calls", figures) for figures in zip(*columns, strict=True)]


def _calls(calls: Sequence[Call], cases: int, spent: Sequence[float]) -> list[Figure]:
    ended = [call.ended for call in calls]
    others = {why: ended.count(why) for why in dict.fromkeys(ended) if why != "answered"}
    answered = [call for call in calls if call.ended == "answered"]
    forms = [call.asked for call in calls]
    seconds = [call.seconds for call in calls]
    why = ", ".join(f"{reason}: {times}" for reason, times in others.items())
    asked = ", ".join(f"{form}: {forms.count(form)}" for form in dict.fromkeys(forms))
    guessed = "counted, since the endpoint does not say" if any(call.counted for call in answered) else ""
    prompt = [call.prompt_tokens for call in answered if call.prompt_tokens is not None]
    answer = [call.answer_tokens for call in answered if call.answer_tokens is not None]
    return [
        Figure("calls a case", ratio(len(calls), cases), cases, digits=2, note=asked),
        Figure("share without an answer", ratio(len(calls) - len(answered), len(calls)), len(calls), note=why),
        Figure("seconds a call, mean", mean(seconds), len(seconds), digits=2),
        Figure("seconds a call, p95", quantile(seconds, 0.95), len(seconds), digits=2),
        Figure("tokens sent a call", mean(prompt), len(prompt), digits=0, note=guessed),
        Figure("tokens answered a call", mean(answer), len(answer), digits=0),
        Figure("tokens a case", ratio(sum(prompt) + sum(answer), cases), cases, digits=0),
        Figure("seconds a case, mean", mean(spent), cases, digits=1),
    ]
