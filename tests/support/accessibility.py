"""WCAG 2.1 A and AA checks by axe-core, run inside the page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    # Of what is in order only that it is: no selector and no text of each such element.
    "resultTypes": ["violations"],
}
AT_REST = """() => Promise.all(
    document.getAnimations()
        .filter(one => one.effect.getComputedTiming().endTime !== Infinity)
        .map(one => one.finished.catch(() => null))
).then(() => null)"""
# Every one of these elements is gone or on its way: one that stays as it is has no excuse.
CHANGING = """targets => targets.every(([selector]) => {
    const found = document.querySelector(selector);
    const moving = document.getAnimations().map(one => one.effect.target);
    return found === null || !found.checkVisibility() || moving.some(one => one.contains(found));
})"""
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
# A window just made smaller is laid out a moment later; what is still too wide then stays so.
LAYING_OUT_MS = 100
LOOKS = 20


def assert_accessible(page: Page) -> None:
    """Fail with rule, help and elements of every violation axe finds on the page as it stands."""
    # Evaluated through the debugger, so the page's content security policy stays as it is.
    page.evaluate(AXE.read_text("utf-8"))
    found = _violations(page)
    # What faded in or out while axe looked had little contrast: only then it looks once more.
    places = [node["target"] for violation in found for node in violation["nodes"]]
    if found and page.evaluate(CHANGING, places):
        found = _violations(page)
    assert found == [], f"{page.url}\n" + "\n".join(map(_sentence, found))


def _violations(page: Page) -> list[dict[str, Any]]:
    page.evaluate(AT_REST)
    return list(page.evaluate("rules => axe.run(document, rules)", RULES)["violations"])


def assert_no_sideways_scroll(page: Page) -> None:
    """Fail if the page itself (not a table in its own box) is wider than the window."""
    wide = 0
    for _ in range(LOOKS):
        wide = page.evaluate(TOO_WIDE)
        if wide <= 0:
            return
        page.wait_for_timeout(LAYING_OUT_MS)
    raise AssertionError(f"{page.url} is {wide} px wider than the window")


def _sentence(violation: dict[str, Any]) -> str:
    places = ", ".join(str(node["target"]) for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']} ({places})"
