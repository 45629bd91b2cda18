"""The web server is started where it can be reached, or says why not before anything is loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.cli.faults import NotPossible
from assistant.cli.serve import chosen, run
from assistant.services.wording import say
from assistant.settings import Settings


def test_a_taken_port_is_said_and_nothing_is_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(NotPossible) as refused:
            run("127.0.0.1", port, None)
    assert str(refused.value) == say("serve.taken", host="127.0.0.1", port=port)
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "data" / "askwell.db").exists()


def test_the_address_that_is_served_is_the_one_that_people_get() -> None:
    base = Settings(database_url="")
    assert chosen(base, None, 8123, None).public_url == "http://127.0.0.1:8123"
    assert chosen(base, None, 8123, "https://askwell.example.org").public_url == "https://askwell.example.org"
    kept = Settings(public_url="https://askwell.example.org")
    assert chosen(kept, None, 8123, None).public_url == "https://askwell.example.org"
