"""Six people at the pages for a quarter of a minute, by the real protocol: no error, nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.adapters.store.sql_engine import open_engine
from assistant.adapters.store.sql_requests import SqlRequestStore
from assistant.domain import events as e
from tests.bench.crowd import main, play
from tests.bench.figures import Tally
from tests.bench.host import Host, starter
from tests.bench.record import differences

PEOPLE, SECONDS = 6, 15.0
QUICK = "wordllama"


@pytest.mark.slow
def test_six_people_for_a_quarter_of_a_minute(tmp_path: Path) -> None:
    with Host(starter(tmp_path / "starter", QUICK), tmp_path, QUICK) as host:
        tally = play(host.url, PEOPLE, SECONDS, think=(0.3, 1.2))
    assert tally.errors == []
    assert differences(host.data, tally.said) == []
    assert len(tally.said) > PEOPLE
    assert {"choose", "approve"} <= set(tally.done)
    assert tally.live, "no page heard of a change"
    a_lost_message_is_noticed(host.data, tally)


def a_lost_message_is_noticed(data: Path, tally: Tally) -> None:
    """The look at the record can fail: a message that is not there, and one that was never answered."""
    request, _ = tally.said[0]
    engine = open_engine(f"sqlite:///{data.resolve() / 'askwell.db'}")
    store = SqlRequestStore(engine)
    last = store.events(request)[-1]
    store.create("r1", e.Opened(at=last.at, actor="lena", mentee="lena"))
    store.append("r1", 1, [e.Said(at=last.at, actor="lena", message_id="m1", text="Is anybody there?")])
    engine.dispose()
    lost = differences(data, [(request, "never-stored"), ("r1", "m1")])
    assert any("never-stored stored 0 times" in wrong for wrong in lost)
    assert any("m1 answered 0 times" in wrong for wrong in lost)


@pytest.mark.parametrize("url", ["http://192.0.2.1:7860", "https://127.0.0.1:7860", "http://example.com", "127.0.0.1:7860"])
def test_only_a_server_on_this_machine_is_put_under_load(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--url", url])
    assert "only a server on this machine" in capsys.readouterr().err
