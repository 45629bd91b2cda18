"""`python -m tests.pictures [FOLDER]`: takes every picture, as PNG of 256 colours, named by state, width and light."""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path
from typing import Any

from assistant.bootstrap import build
from assistant.first_start import prepare
from assistant.settings import Settings
from tests.browser.conftest import CHROMIUM, FLAGS, Site, free_port
from tests.browser.visitor import PHONE, WIDE
from tests.pictures.states import Sight, sights

HERE = Path(__file__).resolve().parent
SHAPES = {"wide": WIDE, "phone": PHONE}
TALLEST = 2200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE)
    parser.add_argument("--only", default="", help="states whose name contains one of these, with commas")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data"
        app = build(Settings(data=data, database_url="", demo=True))
        prepare(app)
        app.close()
        seen = [sight for sight in sights(data) if any(part in sight.name for part in chosen.only.split(","))]
        site = Site(data, free_port())
        site.start()
        try:
            _take_all(site, seen, chosen.folder)
        finally:
            site.stop()


def _take_all(site: Site, seen: list[Sight], folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for shape in SHAPES:
            for light in ("light", "dark"):
                for sight in seen:
                    picture = _take(browser, site, sight, shape, light)
                    (folder / f"{sight.name}-{shape}-{light}.png").write_bytes(picture)
                print(f"{len(seen)} pictures, {shape}, {light}", flush=True)
        browser.close()


def _take(browser: Any, site: Site, sight: Sight, shape: str, light: str) -> bytes:
    width, height = SHAPES[shape]
    phone = shape == "phone"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=light, has_touch=phone, is_mobile=phone, reduced_motion="reduce"
    )
    page = context.new_page()
    if sight.login:
        context.request.post(f"{site.url}/sign-in/sample", form={"login": sight.login}, max_redirects=0)
    page.goto(site.url + sight.path)
    if sight.login and "/article/" not in sight.path:
        page.wait_for_selector(".aw.ready")
    drawer = sight.path.startswith("/?request") and (not sight.clicks or page.locator(f".drawer {sight.clicks[0]}").count())
    if phone and drawer:
        page.locator(".drawer-toggle").click()
    for selector in sight.clicks:
        page.locator(selector).first.click()
    if sight.fill[0]:
        page.fill(*sight.fill)
        page.keyboard.press("Enter")
    page.wait_for_selector(sight.wait)
    page.wait_for_timeout(400)
    tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": max(height, tall)}
    page.evaluate("scrollTo(0, 0)")
    picture = page.screenshot() if phone or sight.floats else page.screenshot(full_page=True, clip=clip)
    context.close()
    return _smaller(picture)


def _smaller(picture: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(128).save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
