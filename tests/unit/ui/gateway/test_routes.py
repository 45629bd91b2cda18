"""The whole web application from outside: what is open, what is closed, its headers, its cookies, and the way in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.services.conversing.status_text import say
from tests.unit.ui.support import Address, addresses, check_every_header, check_headers
from tests.unit.ui.wire import HERE, Wire, open_app, served

PUBLIC = "https://askwell.example"
PASSWORD = "a plain long sentence"
PAGES = ("/", "/requests", "/mentor", "/library")
CLOSED = """
GET /config  GET /info  GET /docs  GET /redoc  GET /openapi.json  GET /startup-events  GET /robots.txt  GET /manifest.json
GET /pwa_icon  GET /monitoring  GET /monitoring/summary  GET /login  POST /login  GET /logout  GET /token  GET /login_check
GET /gradio_api/info  GET /gradio_api/openapi.json  GET /gradio_api/docs  GET /gradio_api/monitoring  GET /gradio_api/config
POST /gradio_api/upload  GET /gradio_api/upload_progress?upload_id=x  GET /gradio_api/file=pyproject.toml
GET /gradio_api/file=/etc/passwd  GET /gradio_api/file/etc/passwd  GET /file=/etc/passwd  GET /gradio_api/proxy=http://x/
GET /proxy=http://127.0.0.1:22/  POST /gradio_api/component_server  POST /component_server  POST /gradio_api/call/say
GET /gradio_api/call/say/x  POST /gradio_api/run/say  POST /gradio_api/run/predict  POST /gradio_api/predict
POST /gradio_api/api/predict  POST /gradio_api/queue/push  GET /gradio_api/queue/status  POST /gradio_api/vibe-edit/
GET /gradio_api/deep_link  GET /gradio_api/stream/a/b/c/playlist.m3u8  GET /custom_component/x/y/z  GET /static/../app.py
POST /gradio_api/queue/data  GET /gradio_api/queue/join  PUT /gradio_api/queue/join  GET /gradio_api/startup-events
POST /gradio_api/mcp/  GET /gradio_api/mcp/sse  GET /own/../app.py  GET /own/askwell.py  GET /own/%2e%2e/app.py
"""
AWAY = (
    "//evil.example", "///evil.example", "http://evil.example/", "https:evil.example", "javascript:alert(1)", "/\\evil.example",
    "\\\\evil.example", "/x\r\nSet-Cookie: a=b", "/\t/evil.example", "/\x00", " /", "evil.example",
    "/" + "x" * 300, "data:text/html,x", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """Behind TLS, without a demo."""
    with served(open_app(tmp_path_factory.mktemp("secure"), demo=False, public_url=PUBLIC)) as wire:
        yield wire


def cookies(answer: Any) -> dict[str, set[str]]:
    """The one cookie of an answer: its name and value, and its attributes in lower case without their order."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *attributes = line.split("; ")
        found[pair] = {attribute.lower() for attribute in attributes}
    return found


# What is open.


def test_every_address_has_every_header(wire: Wire) -> None:
    assert check_every_header(wire.web) > 150


def test_behind_tls_every_address_asks_for_tls(secure: Wire) -> None:
    for path in ("/", "/sign-in", "/own/askwell.js", "/nowhere", "/gradio_api/queue/data"):
        check_headers(secure.client.get(path), https=True)


@pytest.mark.parametrize("login", ["", "lena", "alasdair"])
def test_what_gradio_offers_beside_the_pages_is_not_there_for_anybody(wire: Wire, login: str) -> None:
    words = CLOSED.split()
    for method, path in zip(words[::2], words[1::2], strict=True):
        answer = wire.client.request(method, path, headers=wire.headers(login))
        assert answer.status_code in ((404, 405) if path.startswith("/own") else (404,)), f"{method} {path}"


def test_without_a_sign_in_little_is_open(wire: Wire) -> None:
    """Every address of the whole application, by what it answers to somebody who is not signed in."""
    found: dict[int, set[str]] = {}
    for address in sorted({*addresses(wire.web), *(Address("GET", page) for page in PAGES)}):
        status = wire.client.request(address.method, address.path).status_code
        found.setdefault(status, set()).add(f"{address.method} {address.path}")
    assert found.pop(404)
    assert found == {
        200: {"GET /sign-in", "GET /theme.css", "GET /favicon.ico", "GET /gradio_api/app_id"},
        303: {*(f"GET {page}" for page in PAGES), "HEAD /", "POST /sign-out", "GET /article/x", "GET /request/x",
              "GET /request/x/session.ics"},
        401: {"GET /me", "GET /live", "POST /sign-in", "POST /sign-in/sample", "POST /gradio_api/queue/join",
              "GET /gradio_api/queue/data", "GET /gradio_api/heartbeat/x", "POST /gradio_api/cancel", "POST /gradio_api/reset"},
    }  # fmt: skip


def test_our_own_files_are_the_listed_ones(wire: Wire) -> None:
    from ui.assets import FILES, versioned

    for name, kind in FILES.items():
        answer = wire.get("", versioned(name))
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert "immutable" in answer.headers["cache-control"]


def test_scripts_import_each_other_at_versioned_addresses(wire: Wire) -> None:
    from ui.assets import FILES, versioned

    for name in (name for name in FILES if name.endswith(".js")):
        imported = re.findall(r'^import .* from "(.*)";$', wire.get("", versioned(name)).text, re.MULTILINE)
        assert set(imported) <= set(map(versioned, FILES)), name


# What is refused before anything is read.


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/sign-in", "/sign-in/sample"])
def test_a_large_body_is_refused(wire: Wire, path: str) -> None:
    body = json.dumps({"data": [], "fn_index": 0, "event_data": "x" * 1_100_000, "session_hash": "s"}).encode()
    answer = wire.post("lena", path, body)
    assert (answer.status_code, answer.json()["detail"]) == (413, say("http_error.too_large"))
    pieces = (body[at : at + 65536] for at in range(0, len(body), 65536))
    kind = "application/json" if path.startswith("/gradio") else "application/x-www-form-urlencoded"
    unannounced = wire.client.post(path, content=pieces, headers={**wire.headers("lena"), "Content-Type": kind})
    assert unannounced.status_code == 413


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/sign-in", "/sign-in/sample", "/sign-out"])
def test_another_site_changes_nothing(wire: Wire, path: str) -> None:
    before = wire.wired.picture()
    for foreign in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Referer": "https://evil.example/x"},
                    {"Sec-Fetch-Site": "cross-site"}):  # fmt: skip
        answer = wire.client.post(path, data={"login": "lena"}, headers={**wire.headers("lena"), **foreign})
        assert answer.status_code == 403, foreign
        assert cookies(answer) == {}
    assert wire.get("lena", "/me").status_code == 200
    assert wire.client.post("/sign-in/sample", data={"login": "lena"}, headers={"Origin": HERE}).status_code == 303
    wire.client.cookies.clear()
    assert wire.wired.picture() == before


# The cookie.


def test_the_cookie_is_for_this_host_and_no_script(wire: Wire) -> None:
    answer = wire.client.post("/sign-in/sample", data={"login": "lena"})
    wire.client.cookies.clear()
    [(pair, attributes)] = cookies(answer).items()
    assert pair.startswith("askwell=")
    assert len(pair) > 50
    assert {"httponly", "samesite=lax", "path=/"} <= attributes
    assert not {name for name in attributes if name.startswith("domain") or name == "secure"}


def test_over_tls_the_cookies_are_bound_to_the_host(secure: Wire, tmp_path: Path) -> None:
    add_account(secure, "root")
    answer = secure.client.post("/sign-in", data={"login": "root", "password": PASSWORD})
    secure.client.cookies.clear()
    assert answer.status_code == 303
    (pair, _), (browser, _) = cookies(answer).items()
    assert pair.startswith("__Host-askwell=")
    assert browser.startswith("__Host-askwell-browser=")
    for attributes in cookies(answer).values():
        assert {"httponly", "samesite=lax", "path=/", "secure"} <= attributes
        assert not {name for name in attributes if name.startswith("domain")}
    plain = {"Cookie": pair.replace("__Host-", "")}
    assert secure.client.get("/me", headers=plain).status_code == 401
    assert secure.client.get("/me", headers={"Cookie": browser}).status_code == 401
    assert secure.client.get("/me", headers={"Cookie": pair}).status_code == 200


def test_signing_out_ends_it_at_once_and_everywhere(wire: Wire) -> None:
    signed = wire.client.post("/sign-in/sample", data={"login": "mika"})
    wire.client.cookies.clear()
    [pair] = cookies(signed)
    mine = {"Cookie": pair}
    assert wire.client.get("/me", headers=mine).status_code == 200
    out = wire.client.post("/sign-out", headers=mine)
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    [(emptied, attributes)] = cookies(out).items()
    assert emptied in ('askwell=""', "askwell=")
    assert "max-age=0" in attributes
    for path in ("/me", "/live", "/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x"):
        assert wire.client.get(path, headers=mine).status_code == 401, path
    for path in (*PAGES, "/article/board-slides", "/request/x"):
        assert wire.client.get(path, headers=mine).headers["location"].startswith("/sign-in?next="), path
    body = json.dumps({"data": [], "fn_index": 0, "session_hash": "x"})
    assert wire.client.post("/gradio_api/queue/join", content=body, headers=mine).status_code == 401


def test_a_sign_in_ends_by_itself_also_for_an_event_that_waits(wire: Wire) -> None:
    signed = wire.client.post("/sign-in/sample", data={"login": "mika"})
    wire.client.cookies.clear()
    mine, now = {"Cookie": next(iter(cookies(signed)))}, wire.wired.clock.now()
    wire.wired.clock.forward(hours=720)
    gone = wire.client.get("/me", headers=mine).status_code
    wire.wired.clock.set(now)
    assert gone == 401
    assert wire.client.get("/me", headers=mine).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "Lena", "é", "a=b", "%00", '"', "\x7f"])
def test_a_cookie_that_is_none_is_nobody(wire: Wire, token: str) -> None:
    assert wire.client.get("/me", headers={"Cookie": f"askwell={token}".encode()}).status_code == 401


# The way in.


@pytest.mark.parametrize("onward", AWAY, ids=lambda onward: repr(onward[:24]))
def test_the_way_in_never_leads_off_the_site(wire: Wire, onward: str) -> None:
    answer = wire.client.post("/sign-in/sample", data={"login": "lena", "next": onward})
    wire.client.cookies.clear()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert len(answer.headers.get_list("set-cookie")) == 1
    shown = wire.client.get("/sign-in", params={"next": onward})
    assert 'name="next" value=""' in shown.text
    assert "evil.example" not in shown.text


def test_a_line_end_in_the_way_stays_an_address(wire: Wire) -> None:
    answer = wire.client.post("/sign-in/sample", data={"login": "lena", "next": "/%0d%0aSet-Cookie:%20a=b"})
    wire.client.cookies.clear()
    assert answer.headers["location"] == "/%0d%0aSet-Cookie:%20a=b"
    assert len(answer.headers.get_list("set-cookie")) == 1
    assert 'value=""' in wire.client.get("/sign-in?next=/x%0d%0aSet-Cookie:%20a=b").text


@pytest.mark.parametrize("onward", ["/", "/mentor?request=r1", "/article/board-slides?start=0&end=9#quote", "/requests"])
def test_the_way_in_leads_to_where_one_wanted_to_be(wire: Wire, onward: str) -> None:
    away = wire.get("", onward.split("#")[0])
    assert away.status_code == 303
    answer = wire.client.post("/sign-in/sample", data={"login": "lena", "next": onward})
    wire.client.cookies.clear()
    assert answer.headers["location"] == onward


@pytest.mark.parametrize(("login", "start"), [
    ("lena", "/"), ("login-ada", "/mentor"), ("login-cleo", "/"), ("petra", "/library"),
])  # fmt: skip
def test_everybody_begins_at_their_page(wire: Wire, login: str, start: str) -> None:
    answer = wire.client.post("/sign-in/sample", data={"login": login})
    wire.client.cookies.clear()
    assert answer.headers["location"] == start


def test_without_a_demo_nobody_comes_in_as_a_sample(secure: Wire) -> None:
    for login in ("lena", "login-ada", "alasdair", "", "x" * 9000):
        answer = secure.client.post("/sign-in/sample", data={"login": login})
        assert (answer.status_code, cookies(answer)) == (401, {})
        assert say("refuse.no_sample") in answer.text
    page = secure.client.get("/sign-in").text
    assert "/sign-in/sample" not in page
    assert "Lena Brack" not in page


def test_an_account_of_the_command_line_signs_in_here(secure: Wire) -> None:
    add_account(secure, "noor")
    wrong = ("noor", "wrong"), ("nobody", PASSWORD), ("", ""), ("noor", ""), ("noor", "x" * 9000), ("é\x00", "y")
    for login, password in wrong:
        refused = secure.client.post("/sign-in", data={"login": login, "password": password})
        assert (refused.status_code, cookies(refused)) == (401, {})
        assert say("refuse.sign_in") in refused.text or "too many failed attempts" in refused.text
        assert PASSWORD not in refused.text
        secure.wired.clock.forward(hours=2)
    answer = secure.client.post("/sign-in", data={"login": "noor", "password": PASSWORD})
    assert answer.status_code == 303
    secure.client.cookies.clear()


def test_guessing_becomes_slow_and_is_told_kindly(secure: Wire) -> None:
    add_account(secure, "olu")
    secure.wired.clock.forward(hours=30)
    told = []
    for _ in range(8):
        answer = secure.client.post("/sign-in", data={"login": "olu", "password": "not this one"})
        told.append("too many failed attempts" in answer.text)
        assert answer.status_code == 401
    assert told[0] is False
    assert told[-1] is True
    right = secure.client.post("/sign-in", data={"login": "olu", "password": PASSWORD})
    assert (right.status_code, cookies(right)) == (401, {})
    secure.wired.clock.forward(hours=30)
    assert secure.client.post("/sign-in", data={"login": "olu", "password": PASSWORD}).status_code == 303
    secure.client.cookies.clear()


def test_what_is_typed_as_a_login_is_shown_as_text(wire: Wire) -> None:
    answer = wire.client.post("/sign-in", data={"login": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


# Articles, as anybody who is signed in may read them.


@pytest.mark.parametrize("query", ["start=-1&end=5", "start=9&end=3", "start=0&end=99999", "part=1", "start=0&end=7"])
def test_an_article_is_shown_whatever_the_range(wire: Wire, query: str) -> None:
    answer = wire.get("lena", f"/article/board-slides?{query}")
    assert answer.status_code == 200
    assert ('id="quote"' in answer.text) is (query == "start=0&end=7")


@pytest.mark.parametrize("name", ["nowhere", "..%2f..%2fetc%2fpasswd", "%00", "x" * 3000, "%ff", "board-slides'--"])
def test_an_article_that_is_not_there_is_said_so(wire: Wire, name: str) -> None:
    answer = wire.get("lena", f"/article/{name}")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("query", ["start=x", "end=1e9", "part=yes", "start=99999999999999999999999999"])
def test_a_range_that_is_none_is_no_failure(wire: Wire, query: str) -> None:
    assert wire.get("lena", f"/article/board-slides?{query}").status_code in (200, 422)


def add_account(wire: Wire, login: str) -> None:
    """By `askwell user add`, as an administrator of the installation would."""
    from assistant.cli.app import app

    settings = wire.wired.app.settings
    env = {"ASKWELL_DATA": str(settings.data), "ASKWELL_KNOWLEDGE": str(settings.knowledge), "ASKWELL_DEMO": "false"}
    order = ["user", "add", login, "--name", login.title(), "--role", "mentee", "--as", "alasdair", "--password-stdin"]
    found = CliRunner().invoke(app, order, input=f"{PASSWORD}\n", env=env)
    assert found.exit_code == 0, found.output
