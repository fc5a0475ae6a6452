"""Photos of what is found: beside their matter, not lost on the way, their fate told (B10)."""

import sqlite3
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import (
    APP,
    PASSPHRASE,
    begin_visit,
    bind,
    phone_in,
    sync,
    villages,
)
from tests.support.field_journeys import a_photo
from tests.support.field_servers import files_beside
from tests.support.field_versions import versions_of
from tests.support.screenshots import screenshot
from tests.support.site import Site

TWICE = "225%"
"""Of the page's own size, which is that of somebody who reads 200 % text."""
SIZE = (200, 150)
# Drawing a picture anew takes as long as the test says.
_SLOW = """() => {
  const drawn = new Promise((resolve) => { window.draw = resolve; });
  const real = window.createImageBitmap;
  window.createImageBitmap = async (...said) => { await drawn; return real(...said); };
}"""
# The camera gives its picture when the screen it was asked for on is no longer there.
_GIVE = """() => {
  const given = new DataTransfer();
  given.items.add(new File(["jpeg"], "a.jpg", { type: "image/jpeg" }));
  window.asked.files = given.files;
  window.asked.dispatchEvent(new Event("change"));
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("photos")
    with (
        files_beside(site.var) as files,
        versions_of(site, files=files.port) as (seen, _),
        phone_in(browser, folder, site=seen) as page,
    ):
        bind(page, seen)
        yield page


def fill_in(page: Page, *, what: str) -> None:
    """The fields of a broken lamp, and its photo."""
    page.get_by_text("路灯损坏").tap()
    page.get_by_label("地点").fill("桥头")
    page.get_by_label("情况").fill(what)
    page.get_by_label("拍照").set_input_files(a_photo(SIZE))
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible()


def large(page: Page, *, name: str) -> None:
    """The screen can be read by everybody, also at twice the size."""
    for size, suffix in (("", ""), (TWICE, "-large")):
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        page.wait_for_timeout(200)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
        screenshot(page, f"{name}{suffix}")
    page.evaluate("document.documentElement.style.fontSize = ''")


def arrived(site: Site, what: str) -> int:
    """How many photos the server has beside the matter with this summary."""
    with sqlite3.connect(site.var / "cunjing.sqlite3") as database:
        found = database.execute(
            "SELECT count(*) FROM photos_photo p JOIN matters_matter m ON m.id = p.matter_id "
            "WHERE m.summary = ? AND p.received_at IS NOT NULL",
            (what,),
        )
        return int(found.fetchone()[0])


def test_a_hazard_reported_without_a_visit_has_its_photo(page: Page, site: Site) -> None:
    what = "桥头路灯不亮，夜里看不见路"
    page.goto(f"{APP}#/")
    code = str(villages(page).first.get_attribute("href")).rpartition("/")[2]
    page.goto(f"{APP}#/village/{code}/matter/hazard")
    fill_in(page, what=what)
    page.reload()
    unlock_here(page)
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible()
    expect(page.get_by_label("情况")).to_have_value(what)
    large(page, name="field-matter-photos")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存", exact=True).tap()
    page.wait_for_url(f"**#/village/{code}")
    open_record(page, what)
    expect(page.get_by_text("等待发送")).to_be_visible()
    large(page, name="field-record-photos")
    page.context.set_offline(False)
    page.goto(f"{APP}#/")
    sync(page)
    assert arrived(site, what) == 1
    open_record(page, what)
    expect(page.get_by_text("1 张已到派出所")).to_be_visible()
    page.goto(f"{APP}#/village/{code}/matter/hazard")
    expect(page.get_by_label("情况")).to_have_value("")
    expect(page.get_by_role("img", name="第 1 张照片")).to_have_count(0)


def unlock_here(page: Page) -> None:
    """Open the locked app on the screen it was left on."""
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="打开", exact=True).tap()


def open_record(page: Page, what: str) -> None:
    """One's own record of a matter."""
    page.goto(f"{APP}#/records")
    page.get_by_role("main").get_by_role("link").filter(has_text=what).first.tap()
    expect(page.get_by_role("heading", name="现场照片")).to_be_visible()


def test_a_photo_still_being_saved_holds_up_the_end_of_its_visit(page: Page, site: Site) -> None:
    what = "水塘边护栏断了一截"
    page.goto(f"{APP}#/")
    visit = begin_visit(page)
    page.get_by_role("link", name="安全隐患").tap()
    fill_in(page, what=what)
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.get_by_text("照片 1 张")).to_be_visible()
    page.evaluate(_SLOW)
    page.get_by_label("拍照").set_input_files(a_photo(SIZE))
    page.get_by_role("button", name="结束进村").tap()
    expect(page.get_by_text("照片正在保存")).to_be_visible()
    end = page.get_by_role("button", name="保存", exact=True)
    expect(end).to_be_disabled()
    page.evaluate("window.draw()")
    expect(end).to_be_enabled()
    end.tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
    sync(page)
    assert arrived(site, what) == 1
    page.goto(f"{APP}#/record/{visit}")
    expect(page.get_by_text("1 张已到派出所")).to_be_visible()


def test_a_photo_given_to_a_locked_phone_is_told_of_after_unlocking(page: Page) -> None:
    page.goto(f"{APP}#/")
    visit = begin_visit(page)
    camera = page.get_by_label("拍照")
    camera.evaluate("(input) => { window.asked = input; }")
    page.evaluate("location.hash = '#/settings'")
    page.get_by_role("button", name="现在锁住").tap()
    expect(page.get_by_label("口令")).to_be_visible()
    page.evaluate(_GIVE)
    page.evaluate(f"location.hash = '#/visit/{visit}'")
    unlock_here(page)
    told = page.get_by_role("alert").filter(has_text="手机锁住了，刚才的照片没有保存")
    expect(told).to_be_visible()
    page.get_by_role("button", name="知道了").tap()
    expect(told).to_have_count(0)
    page.get_by_role("button", name="误点了").tap()
    page.get_by_role("button", name="取消这次进村", exact=True).tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
