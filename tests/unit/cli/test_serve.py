"""The web server is started where it can be reached, or says why not before anything is loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.cli.command_errors import NotPossible
from assistant.cli.serve import GROUP, NAME, chosen, run, web_server
from assistant.services.conversing.status_text import say
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


def test_the_web_server_is_found_by_its_entry_point() -> None:
    from ui.server import serve

    assert web_server() is serve


def test_without_a_web_server_one_sentence_says_so() -> None:
    with pytest.raises(NotPossible) as refused:
        web_server("askwell.no_such_group")
    assert str(refused.value) == say("serve.no_server")


def test_a_web_server_that_cannot_be_imported_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pages-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: pages\nVersion: 1\n", "utf-8")
    (package / "entry_points.txt").write_text(f"[{GROUP}.test]\n{NAME} = no_such_module:serve\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(NotPossible) as refused:
        web_server(f"{GROUP}.test")
    assert str(refused.value) == say("serve.no_server")


LOCAL = ("127.0.0.1", "localhost", "::1", "127.0.0.2")
PUBLIC = ("0.0.0.0", "::", "", "192.168.1.5", "askwell.example")


@pytest.mark.parametrize("demo", [None, "true", "1"])
@pytest.mark.parametrize(
    ("host", "public_url"),
    [*((host, None) for host in PUBLIC), *((host, "https://askwell.example") for host in LOCAL), ("127.0.0.1", "http://10.0.0.5"),
     ("127.0.0.1", "nonsense"), ("0.0.0.0", "http://127.0.0.1:7860")],
)  # fmt: skip
def test_demo_mode_is_refused_where_others_could_reach_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, public_url: str | None, demo: str | None
) -> None:
    prepare(tmp_path, monkeypatch, demo)
    with pytest.raises(NotPossible) as refused:
        run(host, 7899, public_url)
    assert "ASKWELL_DEMO=false" in str(refused.value)
    assert "ASKWELL_DEMO=public" in str(refused.value)
    assert not (tmp_path / "data" / "askwell.db").exists()


@pytest.mark.parametrize(
    ("host", "public_url", "demo"),
    [*((host, None, "true") for host in LOCAL), ("127.0.0.1", "http://localhost:7860", "true"),
     *((host, "https://askwell.example", demo) for host in ("0.0.0.0", "127.0.0.1") for demo in ("false", "public", "PUBLIC"))],
)  # fmt: skip
def test_it_is_served_on_this_machine_or_without_the_rights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, public_url: str | None, demo: str
) -> None:
    prepare(tmp_path, monkeypatch, demo)
    assert not chosen(Settings(), host, 7899, public_url).is_demo_exposed


def test_an_address_of_ipv6_is_one_that_people_can_open() -> None:
    assert chosen(Settings(database_url=""), "::1", 7899, None).public_url == "http://[::1]:7899"


@pytest.mark.parametrize(
    ("name", "value"), [("demo", "maybe"), ("demo", ""), ("allowed_hosts", "http://x/"), ("allowed_hosts", "a b")]
)
def test_a_setting_that_cannot_be_used_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    prepare(tmp_path, monkeypatch, None)
    monkeypatch.setenv(f"ASKWELL_{name.upper()}", value)
    with pytest.raises(NotPossible, match=f"ASKWELL_{name.upper()} cannot be used: write"):
        run(None, None, None)


def test_more_names_are_a_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path, monkeypatch, None)
    monkeypatch.setenv("ASKWELL_ALLOWED_HOSTS", "askwell.internal, Askwell.Example:7860,")
    assert Settings().allowed_hosts == ("askwell.internal", "askwell.example")


def prepare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: str | None) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ASKWELL_DEMO", raising=False)
    if demo is not None:
        monkeypatch.setenv("ASKWELL_DEMO", demo)
