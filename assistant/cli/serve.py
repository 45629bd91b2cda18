"""`askwell serve`: starts the web server that is installed under the entry point `web` of the group `askwell.server`.

The command line does not import the user interface; an installation without pages gets one sentence that says so.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from assistant.cli.command_context import opened, settings
from assistant.cli.command_errors import NotPossible
from assistant.services.conversing.status_text import say
from assistant.settings import Settings

if TYPE_CHECKING:
    import socket

    from assistant.bootstrap import App

    Serve = Callable[[App, socket.socket], None]

GROUP, NAME = "askwell.server", "web"


def run(host: str | None, port: int | None, public_url: str | None) -> None:
    """Serves until the process is stopped. The arguments override the settings.

    Raises NotPossible if other machines could reach a demo, if no web server is installed, or if the address is taken.
    """
    from assistant.adapters.bell_notifier import BellNotifier

    wanted = chosen(settings(), host, port, public_url)
    if wanted.is_demo_exposed:
        raise NotPossible(say("serve.demo_exposed", host=wanted.host, url=wanted.public_url))
    serve = web_server()
    try:
        listening = listen(wanted)
    except OSError as error:
        raise NotPossible(say("serve.taken", host=wanted.host, port=wanted.port)) from error
    with listening, opened(wanted, BellNotifier()) as app:
        serve(app, listening)


def web_server(group: str = GROUP) -> Serve:
    """The installed function that serves an App on a listening socket. Raises NotPossible if there is none."""
    found = next(iter(entry_points(group=group, name=NAME)), None)
    if found is None:
        raise NotPossible(say("serve.no_server"))
    try:
        return cast("Serve", found.load())
    except ImportError as error:
        raise NotPossible(say("serve.no_server")) from error


def listen(settings: Settings) -> socket.socket:
    """The server's socket. Raises OSError if the address cannot be bound."""
    import socket

    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


def chosen(base: Settings, host: str | None, port: int | None, public_url: str | None) -> Settings:
    """The settings with these arguments in their place. Without a public URL it follows from host and port."""
    given = {"host": host, "port": port, "public_url": public_url}
    changed = {name: value for name, value in given.items() if value is not None}
    if public_url is None and "public_url" not in base.model_fields_set:
        name = host or base.host
        changed["public_url"] = f"http://{f'[{name}]' if ':' in name else name}:{port or base.port}"
    return base.model_copy(update=changed)
