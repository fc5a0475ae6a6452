"""One phone, bound once: how it locks, opens and is renewed, what it says of a place, and how the
station's screens look on it (B1, B2). The checks follow each other; each begins on today's screen.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.field_app import (
    APP,
    PASSPHRASE,
    begin_visit,
    bind,
    grant,
    invitation,
    kept_offline,
    on_site,
    phone_in,
    sync,
    unlock,
    villages,
)
from tests.support.field_journeys import a_photo
from tests.support.field_servers import files_beside
from tests.support.field_versions import Versions, versions_of
from tests.support.screenshots import screenshot
from tests.support.site import Site

USER = "demo-officer"
HOUR_MS = 3_600_000
TWICE = "225%"
"""Of the page's own size, which is that of somebody who reads 200 % text."""
SHOWN = {
    "today": "照片已送到派出所", "question": "我的说明", "village": "进村前请看",
    "households": "走访优先", "household": "只记门牌", "matter": "谁来办",
}  # fmt: skip
# What the page asked the phone's positioning for.
_COUNTED = """
window.asked = [];
for (const name of ["getCurrentPosition", "watchPosition"]) {
  const real = Geolocation.prototype[name];
  Geolocation.prototype[name] = function (...said) {
    window.asked.push(name);
    return real.apply(this, said);
  };
}
"""
_STATION = """
import django
django.setup()
from datetime import timedelta
from cunjing.base.clock import today
from cunjing.briefings.actions import write_briefing
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.access import Actor
from cunjing.questions.actions import ask
from cunjing.questions.models import Question, QuestionKind
from cunjing.questions.rules import Doubt
own = WorkRecord.objects.filter(
    staff__user__username={user!r}, kind="village_visit", voided_at=None
).order_by("-occurred_at")
system = Actor.for_system("test")
doubt = Doubt(QuestionKind.COPIED_TEXT, own[0].pk, own[1].pk, {{"percent": 96}})
write_briefing(
    actor=system,
    village_code={village!r},
    text="集市日路口停车多，请提醒商户不要占道；查看桥头护栏，松动的拍照报回。",
    valid_until=today() + timedelta(days=3),
)
ask(actor=system, doubts=[doubt])
print(Question.objects.get(record=own[0], kind=doubt.kind).pk)
"""


@dataclass(frozen=True)
class Kept:
    """The phone's page, the site behind its address, and the versions of the app there."""

    page: Page
    site: Site
    versions: Versions


@pytest.fixture(scope="module")
def kept(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("kept")
    with (
        files_beside(site.var) as files,
        versions_of(site, files=files.port) as (seen, versions),
        phone_in(browser, folder, site=seen) as page,
    ):
        page.add_init_script(_COUNTED)
        page.clock.install()
        bind(page, seen, username=USER)
        kept_offline(page)
        yield Kept(page, seen, versions)


@pytest.fixture
def page(kept: Kept) -> Page:
    """Today's screen, open, on a network."""
    page = kept.page
    page.context.set_offline(False)
    page.goto(f"{APP}#/")
    if page.get_by_label("口令").is_visible():
        unlock(page)
    expect(villages(page).first).to_be_visible()
    return page


def locked(page: Page) -> None:
    """Nothing can be read but the way in."""
    expect(page.get_by_label("口令")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("我的村")).to_have_count(0)


def test_the_phones_own_lock_opens_it(page: Page) -> None:
    """A passkey whose PRF extension gives the secret, from an authenticator in software."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
        "hasResidentKey": True, "hasUserVerification": True, "hasPrf": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto(f"{APP}#/settings/phone-lock")
    page.get_by_label("先输现在的口令").fill(PASSPHRASE)
    page.get_by_role("button", name="启用").tap()
    expect(page.get_by_text("已启用：可以用指纹")).to_be_visible()
    page.goto(f"{APP}#/settings")
    page.get_by_role("button", name="现在锁住").tap()
    locked(page)
    by_lock = page.get_by_role("button", name="用手机锁")
    by_lock.tap()
    page.get_by_role("button", name="现在锁住").tap()
    refusal = {"authenticatorId": made["authenticatorId"], "isUserVerified": False}
    devtools.send("WebAuthn.setUserVerified", refusal)
    by_lock.tap()
    expect(page.get_by_role("alert")).to_contain_text("手机锁没有打开")
    locked(page)
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="打开", exact=True).tap()
    expect(page.get_by_role("heading", name="设置")).to_be_visible()
    page.goto(f"{APP}#/settings/phone-lock")
    page.get_by_role("button", name="停用，只用口令").tap()
    expect(page.get_by_label("先输现在的口令")).to_be_visible()


def test_a_place_is_asked_for_once_when_a_visit_is_saved_and_only_if_allowed(
    page: Page, kept: Kept
) -> None:
    grant(page.context, page, site=kept.site, name="geolocation")
    page.context.set_geolocation({"latitude": 25.31, "longitude": 101.54, "accuracy": 12})
    without = visit_and_save(page)
    assert page.evaluate("asked") == []
    page.goto(f"{APP}#/settings")
    page.get_by_role("switch", name="保存进村时记一次位置").tap()
    page.goto(f"{APP}#/")
    with_place = visit_and_save(page)
    assert page.evaluate("asked") == ["getCurrentPosition"]
    sync(page)
    assert places(kept.site, without) == []
    assert places(kept.site, with_place) == [(25.31, 101.54)]
    page.goto(f"{APP}#/settings")
    page.get_by_role("switch", name="保存进村时记一次位置").tap()


def visit_and_save(page: Page) -> str:
    """A visit on which nothing was found; its id."""
    visit = begin_visit(page)
    page.goto(f"{APP}#/visit/{visit}/finish")
    page.get_by_role("button", name="没有发现问题").tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
    return visit


def call_on_a_household_that_cannot_be_chosen(page: Page) -> None:
    """Which it was stands in the log of the visit, which is then saved."""
    visit, said = begin_visit(page), "河东组12号，院里电线老化"
    page.goto(f"{APP}#/visit/{visit}/call")
    page.get_by_label("门牌，问到了什么").fill(said)
    page.get_by_role("button", name="写进这次的工作日志").tap()
    expect(page.get_by_text("已写进工作日志")).to_be_visible()
    page.goto(f"{APP}#/visit/{visit}/finish")
    expect(page.get_by_label("工作日志（可不填）")).to_have_value(f"入户：{said}")
    page.get_by_role("button", name="保存", exact=True).tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()


def places(site: Site, record: str) -> list[tuple[float, float]]:
    """Latitude and longitude the server keeps beside a record."""
    with sqlite3.connect(site.var / "cunjing.sqlite3") as database:
        rows = database.execute(
            "SELECT latitude, longitude FROM fieldwork_recordposition WHERE record_id = ?",
            (record.replace("-", ""),),
        )
        return [(float(latitude), float(longitude)) for latitude, longitude in rows]


def test_a_new_version_says_that_it_is_there_and_costs_no_sentence(page: Page, kept: Kept) -> None:
    notice = page.get_by_text("有新版本")
    expect(notice).to_have_count(0)
    code = village_of(page)
    kept.versions.newer = True
    page.reload()
    unlock(page)
    expect(notice).to_be_visible()
    page.goto(f"{APP}#/village/{code}/information")
    page.get_by_text("治安动态").tap()
    page.get_by_label("情况", exact=True).fill("集市上有人兜售假药")
    page.wait_for_timeout(700)
    with page.expect_navigation():
        page.get_by_role("button", name="现在更新").tap()
    page.get_by_label("口令").fill("错误的口令")
    page.get_by_role("button", name="打开", exact=True).tap()
    expect(page.get_by_role("alert")).to_contain_text("口令不对")
    page.get_by_label("口令").fill(PASSPHRASE)
    page.get_by_role("button", name="打开", exact=True).tap()
    expect(page.get_by_label("情况", exact=True)).to_have_value("集市上有人兜售假药")
    expect(page.get_by_label("治安动态")).to_be_checked()
    expect(notice).to_have_count(0)
    page.get_by_label("情况", exact=True).fill("")
    page.wait_for_timeout(700)


def village_of(page: Page) -> str:
    """The code of the first village on today's screen."""
    return str(villages(page).first.get_attribute("href")).rpartition("/")[2]


def test_only_the_officer_says_that_all_is_recorded(page: Page, kept: Kept) -> None:
    said = statements(kept.site)
    sync(page)
    assert statements(kept.site) == said
    page.goto(f"{APP}#/month")
    until = page.get_by_text("您已确认：到")
    before = until.inner_text()
    assert_accessible(page)
    page.get_by_role("button", name="到现在为止都已记录").tap()
    expect(until).not_to_have_text(before)
    screenshot(page, "field-month-said")
    sync(page)
    assert statements(kept.site) == said + 1
    expect(until).not_to_have_text(before)


def statements(site: Site) -> int:
    """How often phones have brought the word that all is recorded."""
    with sqlite3.connect(site.var / "cunjing.sqlite3") as database:
        found = database.execute("SELECT count(*) FROM sync_mutation WHERE type = 'seen'")
        return int(found.fetchone()[0])


def test_the_stations_screens_can_be_read_by_everybody(page: Page, kept: Kept) -> None:
    code = village_of(page)
    question = on_site(kept.site, _STATION.format(user=USER, village=code))
    a_photo_that_is_not_taken(page)
    sync(page)
    page.goto(f"{APP}#/village/{code}/households")
    house = page.locator('a[href*="/households/"]').first.get_attribute("href")
    page.goto(f"{APP}#/village/{code}")
    matter = page.locator('a[href*="/matters/"]').first.get_attribute("href")
    screens = {
        "today": "#/", "question": f"#/question/{question}", "village": f"#/village/{code}",
        "households": f"#/village/{code}/households", "household": house, "matter": matter,
    }  # fmt: skip
    for size, suffix in (("", ""), (TWICE, "-large")):
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        for name, address in screens.items():
            page.goto(f"{APP}{address}")
            expect(page.get_by_text(SHOWN[name]).first).to_be_visible()
            page.wait_for_timeout(200)
            if size:
                assert_accessible(page)
                assert_no_sideways_scroll(page)
            screenshot(page, f"field-station-{name}{suffix}")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.goto(f"{APP}#/")
    page.get_by_role("button", name="删除").tap()
    expect(page.get_by_text("照片已送到派出所")).to_have_count(0)


def a_photo_that_is_not_taken(page: Page) -> None:
    """A visit with a photo, saved and taken back before the network is there again."""
    page.context.set_offline(True)
    for _ in range(5):  # each failure makes the phone wait longer with the next try
        page.get_by_role("button", name="立即同步").tap()
    visit = begin_visit(page)
    page.get_by_label("拍照").set_input_files(a_photo((200, 150)))
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible()
    page.goto(f"{APP}#/visit/{visit}/finish")
    page.get_by_role("button", name="没有发现问题").or_(
        page.get_by_role("button", name="保存", exact=True)
    ).first.tap()
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
    page.goto(f"{APP}#/record/{visit}/withdraw")
    page.get_by_role("button", name="没有去成").tap()
    page.get_by_role("button", name="撤回这条记录").tap()
    expect(page.get_by_text("已作废", exact=True)).to_be_visible()
    page.context.set_offline(False)
    page.goto(f"{APP}#/")


def test_a_link_opened_where_the_app_runs_reaches_it(page: Page) -> None:
    page.evaluate(f"location.hash = '#enrol={'a' * 43}.{'0' * 64}'")
    page.get_by_role("link", name="用它绑定这台手机").tap()
    expect(page.get_by_text("绑定码已收到")).to_be_visible()
    assert "enrol" not in page.url
    expect(page.get_by_role("button", name="绑定", exact=True)).to_be_enabled()


def test_it_locks_itself_after_five_minutes_without_a_touch(page: Page) -> None:
    page.get_by_role("heading", level=1).tap()
    page.clock.fast_forward("04:40")
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
    page.get_by_role("heading", level=1).tap()
    page.clock.fast_forward("04:40")
    expect(page.get_by_role("heading", name="我的村")).to_be_visible()
    page.clock.fast_forward("00:30")
    locked(page)


def test_after_72_hours_pulled_data_is_locked_and_new_records_can_be_made(page: Page) -> None:
    # The minutes the check before put it forward would make the clock fast: no visit could end.
    page.clock.set_system_time(datetime.now(UTC))
    sync(page)
    code = village_of(page)
    page.context.set_offline(True)
    page.clock.fast_forward(73 * HOUR_MS)
    locked(page)
    unlock(page)
    expect(page.get_by_text("超过72小时没有联系服务器")).to_be_visible()
    page.goto(f"{APP}#/village/{code}/households")
    expect(page.get_by_text("资料已锁住。联网同步后再看")).to_be_visible()
    page.goto(f"{APP}#/")
    call_on_a_household_that_cannot_be_chosen(page)
    unsent = page.get_by_role("status").filter(has_text=re.compile(r"\d 条没有上传"))
    expect(unsent).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="立即同步").tap()
    expect(page.get_by_text("超过72小时没有联系服务器")).to_have_count(0, timeout=30_000)
    # What the page took for three days were seconds of the server's.
    expect(page.get_by_text("手机时间比实际快约3天")).to_be_visible()
    page.goto(f"{APP}#/village/{code}/households")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_a_phone_bound_anew_in_one_tab_locks_the_other(page: Page, kept: Kept) -> None:
    """The other would go on as the device that was."""
    other = page.context.new_page()
    other.goto(APP)
    unlock(other)
    link = invitation(kept.site, USER)
    page.evaluate(f"location.hash = '{link}'")
    page.get_by_role("link", name="用它绑定这台手机").tap()
    page.get_by_role("button", name="绑定", exact=True).tap()
    expect(villages(page).first).to_be_visible(timeout=20_000)
    locked(other)
    unlock(other)
    expect(villages(other).first).to_be_visible()
    other.close()


def test_whoever_forgets_the_passphrase_binds_anew_and_is_told_the_price(
    page: Page, kept: Kept
) -> None:
    begin_visit(page)
    page.goto(APP)
    page.reload()
    page.get_by_role("button", name="忘记口令").tap()
    expect(page.get_by_role("dialog")).to_contain_text("还有1次没有结束的进村")
    assert_accessible(page)
    page.get_by_role("button", name="再想想").tap()
    unlock(page)
    page.reload()
    page.get_by_role("button", name="忘记口令").tap()
    page.get_by_role("button", name="清除资料").tap()
    expect(page.get_by_label("设一个口令")).to_be_visible()
    page.goto("about:blank")  # the camera opens a page anew
    bind(page, kept.site, username=USER)
