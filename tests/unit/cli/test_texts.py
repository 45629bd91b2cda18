"""The command line says nothing that is not in the catalogue, and the catalogue has nothing for it that is never said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import assistant.cli
from assistant.cli.chat import COMMANDS
from assistant.cli.progress import STAGES as PROGRESS
from assistant.domain.debrief import ItemKind
from assistant.domain.stages import STAGES, name_of
from prompts.catalog import keys, text, variables

SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(Path(assistant.cli.__file__).parent.glob("*.py")))
BUILT = {
    *(f"cli.help_{name}" for name in COMMANDS),
    *(f"cli.stage_{name}" for name in PROGRESS),
    *(f"cli.item_{kind}" for kind in get_args(ItemKind) if kind != "competency"),
    *(f"cli.from_{origin}_alone" for origin in ("quote", "option", "edit", "composed", "suggested")),
    *(f"state.{name_of(stage)}" for stage in STAGES),
    *(f"demo.{scene}" for scene in re.findall(r'_scene\("(\w+)"', SOURCE)),
}


def test_texts_and_their_uses_agree() -> None:
    used = set(re.findall(r"""["']((?:cli|state|demo)\.[a-z_]+)["']""", SOURCE)) | BUILT
    assert used - {"demo.toml"} == {key for key in keys() if key.partition(".")[0] in ("cli", "state", "demo")}


@pytest.mark.parametrize("key", sorted(key for key in keys() if key.startswith(("cli.", "state.", "demo."))))
def test_a_text_is_calm(key: str) -> None:
    said = text(key, "en", **{name: name for name in variables(key)})
    assert said
    assert len(said.split()) <= 60
    assert "!" not in said
