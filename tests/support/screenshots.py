"""Pictures for people to look at, kept under var/screenshots."""

from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[2] / "var/screenshots"


def screenshot(page: Page, name: str) -> Path:
    """Save the whole page as NAME.png and return where."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    target = FOLDER / f"{name}.png"
    page.screenshot(path=target, full_page=True)
    return target
