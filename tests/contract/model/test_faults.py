"""Whatever an endpoint does, a call ends in time with a code of ours. Real HTTP on this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.contract.model.support import GOOD, IN_TIME, SLACK, Run, call, opened, streamed, structured
from tests.model_server import FAULTS, SECRET, closed_port, model_server

WHOLE = {
    "timeout": "late", "drip": "late", "401": "refused", "404": "no_model", "429": "busy", "quota": "quota", "500": "fault",
    "empty": "empty", "cut": "cut", "malformed": "unreadable", "not_json": "unreadable", "wrong_schema": "wrong_shape",
    "big": "too_large", "redirect": "unreadable", "html": "unreadable",
}  # fmt: skip
STREAMED = {**WHOLE, "not_json": "", "wrong_schema": "unreadable"}
MIDWAY = {**STREAMED, "empty": "empty", "404": "no_model"}


def allowed(why: str) -> float:
    return 1.2 if why == "late" else IN_TIME


def test_every_fault_of_the_server_is_expected() -> None:
    assert set(WHOLE) == set(STREAMED) == set(MIDWAY) == set(FAULTS)


@pytest.mark.parametrize(("fault", "why"), WHOLE.items())
def test_a_structured_answer_that_goes_wrong(fault: str, why: str) -> None:
    with model_server(fault=fault) as server, opened(server.url) as chat:
        run = structured(chat, call(seconds=allowed(why)))
        assert (run.why, run.found) == (why, None)
        assert run.seconds < allowed(why) + SLACK
        assert server.strayed == []


@pytest.mark.parametrize(("fault", "why"), STREAMED.items())
def test_a_stream_that_goes_wrong_at_once(fault: str, why: str) -> None:
    with model_server(fault=fault) as server, opened(server.url) as chat:
        run = streamed(chat, call("answer", seconds=allowed(why)))
        assert run.why == why
        assert run.seconds < allowed(why) + SLACK
        assert server.strayed == []


@pytest.mark.parametrize(("fault", "why"), MIDWAY.items())
def test_a_stream_that_goes_wrong_in_the_middle(fault: str, why: str) -> None:
    with model_server(fault=fault, after=2, answers={"answer": "Fire it much slower [1]."}) as server, opened(server.url) as chat:
        run = streamed(chat, call("answer", seconds=allowed(why)))
        assert run.why == why
        assert run.seconds < allowed(why) + SLACK
        assert SECRET not in "".join(run.pieces)
        if fault != "empty":
            assert run.pieces[:2] == ["Fire", " it"]
            assert len(run.spent) == 1


def test_what_was_read_before_a_stream_broke_is_paid_for() -> None:
    with model_server(fault="cut", after=2, answers={"answer": "Fire it much slower [1]."}) as server, opened(server.url) as chat:
        (used,) = streamed(chat, call("answer")).spent
        assert used.counted
        assert used.completion == 2
        assert used.prompt > 5


@pytest.mark.parametrize("run", [structured, streamed])
def test_nobody_listens(run: object) -> None:
    with opened(closed_port()) as chat:
        found: Run = run(chat, call())  # type: ignore[operator]
        assert (found.why, found.spent) == ("unreachable", [])
        assert found.seconds < 2 + SLACK


@pytest.mark.parametrize("run", [structured, streamed])
def test_no_such_host(run: object) -> None:
    with opened("http://model.invalid/v1") as chat:
        found: Run = run(chat, call(seconds=2))  # type: ignore[operator]
        assert found.why == "unreachable"
        assert found.seconds < 2 + SLACK


@pytest.mark.parametrize("run", [structured, streamed])
@pytest.mark.parametrize(("header", "wait"), [("3600", 3600), ("", 0), ("soon", 0), ("-5", 0), ("nan", 0), ("9999999", 86400)])
def test_how_long_it_asks_to_be_left_alone(run: object, header: str, wait: float) -> None:
    with model_server(fault="429", retry_after=header) as server, opened(server.url) as chat:
        found: Run = run(chat, call())  # type: ignore[operator]
        assert (found.why, found.wait, found.spent) == ("busy", wait, [])


@pytest.mark.parametrize("run", [structured, streamed])
@pytest.mark.parametrize(("finish", "why"), [("length", "cut"), ("content_filter", "empty")])
def test_an_answer_that_was_not_finished(run: object, finish: str, why: str) -> None:
    with model_server(finish=finish, answers={"ask": GOOD}) as server, opened(server.url) as chat:
        found: Run = run(chat, call())  # type: ignore[operator]
        assert found.why == why
        assert not found.spent[0].counted


@pytest.mark.parametrize("run", [structured, streamed])
def test_headers_that_drip(run: object) -> None:
    with _dripping() as url, opened(url) as chat:
        found: Run = run(chat, call(seconds=1))  # type: ignore[operator]
        assert found.why == "late"
        assert found.seconds < 1 + SLACK


@pytest.mark.parametrize("run", [structured, streamed])
def test_a_compressed_answer_is_not_unpacked(run: object) -> None:
    with _said(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd") as url, opened(url) as chat:
        assert run(chat, call()).why == "unreadable"  # type: ignore[operator]


def test_a_stream_whose_reader_leaves_is_paid_for_and_closed() -> None:
    with model_server(pace=0.2, answers={"answer": "Fire it much slower [1]."}) as server, opened(server.url) as chat:
        spent: list[object] = []
        pieces = chat.stream(call("answer"), spent.append)
        assert next(pieces) == "Fire"
        pieces.close()  # type: ignore[attr-defined]
        assert len(spent) == 1


def test_a_closed_chat_says_so() -> None:
    with model_server() as server, opened(server.url) as chat:
        chat.close()
        assert structured(chat, call()).why == "unreachable"


@contextmanager
def _dripping() -> Iterator[str]:
    with _said(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)), pause=0.1) as url:
        yield url


@contextmanager
def _said(answer: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that says these bytes to whatever it is asked, one after another if there is a pause."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                mentee_preferences, _ = listening.accept()
                with mentee_preferences, suppress(OSError):
                    mentee_preferences.recv(65536)
                    for part in [answer[n : n + 1] for n in range(len(answer))] if pause else [answer]:
                        mentee_preferences.sendall(part)
                        if over.wait(pause):
                            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)
