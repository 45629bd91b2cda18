"""Commands for the language model: whether it may be used for a person, and its usage and cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from assistant.cli.command_context import acting, granted
from assistant.cli.screen import Screen
from assistant.services.accounts.usage import UsageReport, Use
from assistant.services.conversing.status_text import say


def switch(login: str | None, state: str | None) -> None:
    """Switches the model on or off for this person; without `state`, says which it is."""
    with acting(login) as context:
        if state is None:
            context.tell("usage.model_is_on" if context.app.services.people.allows_model(context.actor) else "usage.model_is_off")
        else:
            on = granted(context.app.services.people.switch_model(context.actor, state == "on"))
            context.tell("usage.model_on" if on else "usage.model_off")


def usage(login: str | None, as_json: bool) -> None:
    """Shows usage by task, or only in total if few people used it; with `as_json`, one JSON object."""
    with acting(login) as context:
        found = granted(context.app.services.usage.read(context.actor))
        if as_json:
            print(json.dumps(_data(found), indent=1))
            return
        screen = Screen(context.actor.time_zone)
        if not found.total.questions and not found.total.tokens:
            screen.line(say("usage.none", days=found.days) if found.model_set else say("usage.no_model"))
            return
        screen.line(say("usage.about", days=found.days), "bold")
        if found.few:
            screen.quiet(say("usage.few"))
        screen.rows(_rows(found))
        if found.fallbacks:
            screen.line(say("usage.fallbacks"), "bold")
            screen.rows((f"{count:,}", say(f"usage_fallback.{why}")) for why, count in found.fallbacks)


def _rows(found: UsageReport) -> Iterator[tuple[str, ...]]:
    yield tuple(say(f"usage.{name}") for name in ("task", "questions", "by_model", "tokens", "cached", "cost"))
    for use in (*found.tasks, found.total):
        name = say(f"usage_task.{use.task}") if use.task else say("usage.total")
        cost = say("usage.dollars", dollars=use.dollars) if use.dollars else say("usage.no_price")
        yield name, f"{use.questions:,}", f"{use.model_share:.0%}", f"{use.tokens:,}", f"{use.cached_share:.0%}", cost


def _data(found: UsageReport) -> dict[str, object]:
    return {
        "days": found.days, "model_set": found.model_set, "few": found.few, "total": _use(found.total),
        "tasks": [_use(use) for use in found.tasks], "fallbacks": dict(found.fallbacks),
    }  # fmt: skip


def _use(use: Use) -> dict[str, object]:
    """The figures as JSON; the total has no task."""
    data = asdict(use) | {"tokens": use.tokens, "cached_share": round(use.cached_share, 4)}
    data |= {"model_share": round(use.model_share, 4), "cost": None if use.cost is None else round(use.cost, 6)}
    return {name: value for name, value in data.items() if name != "task" or value}
