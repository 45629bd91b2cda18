"""The web server, started from the command line."""

from __future__ import annotations

from assistant.cli.command_context import opened, settings
from assistant.cli.command_errors import NotPossible
from assistant.services.conversing.status_text import say
from assistant.settings import Settings


def run(host: str | None, port: int | None, public_url: str | None) -> None:
    """What is given here goes before the settings. Without a public address it is the one that is served.

    Raises NotPossible for a demo that others than this machine could reach.
    """
    from assistant.adapters.bell_notifier import BellNotifier
    from ui.server import listen, serve

    wanted = chosen(settings(), host, port, public_url)
    if wanted.is_demo_exposed:
        raise NotPossible(say("serve.demo_exposed", host=wanted.host, url=wanted.public_url))
    try:
        listening = listen(wanted)
    except OSError as error:
        raise NotPossible(say("serve.taken", host=wanted.host, port=wanted.port)) from error
    with listening, opened(wanted, BellNotifier()) as app:
        serve(app, listening)


def chosen(base: Settings, host: str | None, port: int | None, public_url: str | None) -> Settings:
    given = {"host": host, "port": port, "public_url": public_url}
    changed = {name: value for name, value in given.items() if value is not None}
    if public_url is None and "public_url" not in base.model_fields_set:
        name = host or base.host
        changed["public_url"] = f"http://{f'[{name}]' if ':' in name else name}:{port or base.port}"
    return base.model_copy(update=changed)
