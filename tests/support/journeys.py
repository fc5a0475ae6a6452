"""What people do on journeys: walk by keyboard, meet one page of every shape, count taps."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Page

MOST_TABS = 150
# Downloads and addresses that end the session are no pages.
NO_PAGES = re.compile(
    r"/export/|/heads/|/template\.|/logout/|/static/|openapi|/download/|/photos/|\.(?:zip|xlsx)$"
)
NAMES = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{6,12}")


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until an element that matches the selector has the focus, and shows it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            outline = page.evaluate(
                "() => { const style = getComputedStyle(document.activeElement);"
                " return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
            )
            assert outline, f"{wanted} on {page.url} has the focus and does not show it"
            return
    raise AssertionError(f"{wanted} on {page.url} is not reached in {MOST_TABS} tabs")


def one_page_of_every_shape(page: Page, *, start: str = "/") -> Iterator[str]:
    """Go to one page of every address pattern that links lead to, from `start` on.

    Yields each address while its page is shown; each has to open.
    """
    waiting, seen = [start], {shape_of(start)}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        links = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        for href in links:
            parts = urlsplit(href)
            found = not parts.netloc and parts.path.startswith("/")
            if found and not NO_PAGES.search(href) and shape_of(parts.path) not in seen:
                seen.add(shape_of(parts.path))
                waiting.append(parts.path)
        yield path


def shape_of(path: str) -> str:
    """An address without the names of things in it."""
    path = re.sub(r"/(rules|clauses)/[^/]+", r"/\1/*", path)
    return NAMES.sub("*", re.sub(r"(?<=\*/)[a-z0-9-]+(?=/)", "*", NAMES.sub("*", path)))


def complaints(check: Callable[[Page], None], page: Page) -> list[str]:
    """What a check says of a page, so that a walk over all pages tells everything at once."""
    try:
        check(page)
    except AssertionError as error:
        return [str(error)]
    return []


def counting_taps(page: Page) -> Callable[[], int]:
    """How many taps the page has received since now, over all pages it shows."""
    taps: list[str] = []
    page.expose_function("noteTap", lambda: taps.append("tap"))
    page.add_init_script("addEventListener('click', event => event.isTrusted && noteTap(), true)")
    return lambda: len(taps)
