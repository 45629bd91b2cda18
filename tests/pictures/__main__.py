"""Takes pictures of the pages as small PNG files, named by state, width and colour scheme: `python -m tests.pictures [FOLDER]`.

Without a folder they go to `var/pictures`, which is not committed. `--committed` takes the few that the documents show.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Collection
from itertools import product
from pathlib import Path
from typing import Any

from assistant.bootstrap import build
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.browser.conftest import CHROMIUM, FLAGS, Site, free_port
from tests.browser.visitor import PHONE, WIDE
from tests.pictures.states import PageState, page_states

ROOT = Path(__file__).resolve().parent.parent.parent
COMMITTED = ROOT / "docs" / "pictures"
SHOWN = frozenset({
    "ask-question-wide-light", "ask-people-wide-light", "ask-brief-wide-light", "offer-wide-light", "mentor-debrief-wide-light",
    "sign-in-wide-light", "ask-answer-wide-light", "requests-wide-light", "library-search-wide-light", "ask-people-phone-dark",
})  # fmt: skip
"""The pictures that README.md and the pages in docs/ show."""
SHAPES = {"wide": WIDE, "phone": PHONE}
TALLEST = 2200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "var" / "pictures")
    parser.add_argument("--only", default="", help="states whose name contains one of these, with commas")
    parser.add_argument("--committed", action="store_true", help="the pictures of the documents, into docs/pictures")
    chosen = parser.parse_args()
    folder = COMMITTED if chosen.committed else chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data"
        app = build(Settings(data=data, database_url="", demo=True))
        prepare(app)
        app.close()
        states = [state for state in page_states(data) if any(part in state.name for part in chosen.only.split(","))]
        site = Site(data, free_port())
        site.start()
        try:
            _take_all(site, states, folder, SHOWN if chosen.committed else None)
        finally:
            site.stop()


def _take_all(site: Site, states: list[PageState], folder: Path, only: Collection[str] | None) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for state, shape, scheme in product(states, SHAPES, ("light", "dark")):
            name = f"{state.name}-{shape}-{scheme}"
            if only is None or name in only:
                (folder / f"{name}.png").write_bytes(_take(browser, site, state, shape, scheme))
                print(name, flush=True)
        browser.close()


def _take(browser: Any, site: Site, state: PageState, shape: str, scheme: str) -> bytes:
    width, height = SHAPES[shape]
    phone = shape == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if state.login:
        context.request.post(f"{site.url}/sign-in/sample", form={"login": state.login}, max_redirects=0)
    page.goto(site.url + state.path)
    if state.login and "/article/" not in state.path:
        page.wait_for_selector(".aw.ready")
    drawer = state.path.startswith("/?request") and (not state.clicks or page.locator(f".drawer {state.clicks[0]}").count())
    if phone and drawer:
        page.locator(".drawer-toggle").click()
    for selector in state.clicks:
        page.locator(selector).first.click()
    if state.fill[0]:
        page.fill(*state.fill)
        page.keyboard.press("Enter")
    page.wait_for_selector(state.wait)
    page.wait_for_timeout(400)
    tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": max(height, tall)}
    page.evaluate("scrollTo(0, 0)")
    picture = page.screenshot() if phone or state.floats else page.screenshot(full_page=True, clip=clip)
    context.close()
    return _smaller(picture)


def _smaller(picture: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
