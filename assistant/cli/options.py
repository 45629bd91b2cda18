"""Arguments and options shared by several commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

As = Annotated[
    str | None,
    typer.Option("--as", envvar="ASKWELL_AS", metavar="NAME", help="Login of the person who acts.", show_default=False),
]
RequestId = Annotated[str, typer.Argument(metavar="ID", help="The request.")]
Words = Annotated[str, typer.Argument(metavar="TEXT", help="The words, in quotes.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", dir_okay=False, help="Write to this file.", show_default=False)
]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=50, help="How many to show.")]
