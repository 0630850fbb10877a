"""The system's Chromium on pages of this disk: whatever it asks of the network gets no answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.browser.jupyter import FLAGS, PAGE_SECONDS, chromium


@contextmanager
def offline_page(*, width: int = 1200, dark: bool = False) -> Iterator[tuple[Any, list[str]]]:
    """A page, and a list of what it complained of and what it asked for that is no file."""
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's does not run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*FLAGS, *sandbox], timeout=1000 * PAGE_SECONDS
        )
        try:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if dark else "light",
                offline=True,
            )
            context.set_default_timeout(1000 * PAGE_SECONDS)
            page = context.new_page()
            wrong: list[str] = []

            def asked(request: Any) -> None:
                if not request.url.startswith(("file:", "data:", "blob:")):
                    wrong.append(request.url)

            page.on("request", asked)
            page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else 0)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            yield page, wrong
        finally:
            browser.close()
