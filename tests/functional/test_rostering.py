"""Who holds which village, and the month walked: by the chief and the officer, in Chromium."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect
from tests.support.accessibility import assert_accessible, assert_no_sideways_scroll
from tests.support.screenshots import screenshot
from tests.support.site import Site
from tests.support.visitors import sign_in

from cunjing.base.clock import today
from cunjing.policy.periods import PeriodKind, following, period_at

DRAFT = re.compile(r"/matching/[0-9a-f-]{36}/$")


def next_month() -> str:
    return following(period_at(PeriodKind.MONTH, today())).text


def leave_a_village(page: Page) -> None:
    """The last officer in the list leaves: another test may have filled the demo's vacancy."""
    page.goto("/coverage/")
    officers = page.get_by_role("row").filter(has=page.get_by_role("link", name="终止"))
    officers.filter(has_text="包村民警").last.get_by_role("link", name="终止").click()
    page.get_by_label("终止日").fill(today().isoformat())
    page.get_by_label("终止理由").fill("调离")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_be_visible()


def ask_for_somebody_who_fits(page: Page) -> None:
    """Choose somebody else who could have the village; the first ones may be full elsewhere."""
    choice = page.get_by_label("人员", exact=True)
    answer = page.locator("#answer")
    others = page.locator("#why-staff option:not(:checked)").all_text_contents()
    for other in others:
        name = other.split()[0]
        choice.select_option(label=other)
        expect(answer.get_by_role("heading", name=name)).to_be_visible()
        if answer.get_by_role("button", name="这个村就用此人").count():
            return
    raise AssertionError("nobody else fits")


def test_a_chief_fills_a_vacancy_by_a_draft(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-chief")
    leave_a_village(desktop)
    desktop.goto("/matching/vacancies/")
    card = desktop.locator("section.card", has=desktop.get_by_text("✕ 空白")).first
    name = card.get_by_role("heading").inner_text()
    expect(card.locator(".best-three > li")).to_have_count(3)
    card.get_by_role("button", name="重新匹配").click()
    desktop.wait_for_url(DRAFT)
    assert_accessible(desktop)
    short = name.removesuffix("民委员会").removesuffix("居民委员会")
    row = desktop.locator("tbody tr", has=desktop.get_by_text(short)).first
    expect(row).to_contain_text("变动")
    row.get_by_role("link", name="为何").click()
    answer = desktop.locator("#answer")
    expect(answer).to_contain_text("就是建议的人")
    ask_for_somebody_who_fits(desktop)
    screenshot(desktop, "draft-why-not")
    answer.get_by_text("固定或回避").click()
    answer.get_by_label("理由").fill("熟悉情况")
    answer.get_by_role("button", name="以后都固定").click()
    expect(desktop.get_by_role("status")).to_contain_text("按它重新匹配")
    chosen = desktop.locator("tbody tr", has=desktop.get_by_text(short)).first
    proposed = chosen.locator("td").nth(2).inner_text().split()[0]
    desktop.get_by_label("调整理由").fill("补上空白村")
    desktop.get_by_role("button", name="采用", exact=True).click()
    expect(desktop.get_by_role("status")).to_contain_text("已采用")
    desktop.goto("/matching/vacancies/")
    expect(desktop.get_by_role("heading", name=name)).to_have_count(0)
    desktop.goto("/villages/?q=" + short)
    expect(desktop.get_by_role("main")).to_contain_text(proposed)


def test_a_chief_drags_a_day_of_the_stations_month(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-chief")
    desktop.goto("/calendar/")
    desktop.goto(f"{desktop.url}?month={next_month()}")
    assert_accessible(desktop)
    chip = desktop.locator("a[data-plan-day]").first
    words = chip.inner_text()
    # The last day of the same week: in sight, and a Sunday, on which nobody is planned.
    target = chip.locator("xpath=ancestor::tr").locator("td[data-day]").last
    day = date.fromisoformat(target.get_attribute("data-day") or "")
    chip.drag_to(target)
    expect(desktop.get_by_role("status")).to_contain_text(f"已改到 {day:%m-%d}。")
    moved = desktop.locator(f"[data-day='{day.isoformat()}'] .plan-chip-moved")
    expect(moved).to_contain_text(words.split()[0])


def open_a_day_without_promise(phone: Page) -> date:
    """The last planned day that is promised to no household: such a day can be moved."""
    days = phone.get_by_role("link", name="看户、改期")
    for number in reversed(range(days.count())):
        days.nth(number).tap()
        main = phone.get_by_role("main")
        expect(main).to_contain_text("建议走访")
        if not re.search(r"\d\d:\d\d–\d\d:\d\d", main.inner_text()):
            heading = phone.get_by_role("heading", level=1).inner_text()
            return date.fromisoformat(heading.split()[0])
        phone.go_back()
        expect(phone.get_by_role("heading", name="建议的进村日程")).to_be_visible()
    raise AssertionError("every day is promised")


def test_an_officer_sees_the_days_ahead_and_moves_one_with_a_thumb(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-officer")
    expect(phone.get_by_role("heading", name="建议的进村日程")).to_be_visible()
    planned = set(re.findall(r"\b\d\d-\d\d\b", phone.get_by_role("main").inner_text()))
    day = open_a_day_without_promise(phone)
    assert_accessible(phone)
    assert_no_sideways_scroll(phone)
    phone.get_by_label("改到").fill("2020-01-01")
    phone.get_by_role("button", name="改期").tap()
    expect(phone.get_by_text("不能改到过去的日子。")).to_be_visible()
    later = (day + timedelta(days=number) for number in range(1, 7))
    free = (one for one in later if one.month == day.month and f"{one:%m-%d}" not in planned)
    to = next(free, day)
    phone.get_by_label("改到").fill(to.isoformat())
    phone.get_by_role("button", name="改期").tap()
    expect(phone.get_by_role("status")).to_contain_text(f"已改到 {to:%m-%d}。")


def test_an_officer_agrees_a_day_with_a_household_and_gives_it_up(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-officer")
    phone.get_by_role("link", name="看户、改期").last.tap()
    phone.get_by_role("link", name="约定走访").tap()
    phone.wait_for_url("**/agree/")
    assert_accessible(phone)
    assert_no_sideways_scroll(phone)
    phone.get_by_label("哪一户").select_option(index=1)
    address = phone.locator("select[name=household_id] option:checked").inner_text()
    phone.get_by_label("最早到户").fill("10:00")
    phone.get_by_label("最晚离户").fill("09:00")
    phone.get_by_role("button", name="登记约定").tap()
    expect(phone.get_by_text("最晚离户要晚于最早到户")).to_be_visible()
    phone.get_by_label("最晚离户").fill("11:00")
    phone.get_by_role("button", name="登记约定").tap()
    expect(phone.get_by_role("status")).to_contain_text("已约好")
    expect(phone.get_by_role("main")).to_contain_text("10:00–11:00")
    screenshot(phone, "plan-day-agreed")
    phone.goto("/")
    expect(phone.get_by_role("heading", name="和住户约好的")).to_be_visible()
    row = phone.get_by_role("listitem").filter(has_text=address.split()[-1])
    row.filter(has_text="10:00–11:00").get_by_role("link", name="取消约定").tap()
    phone.get_by_label("取消原因").fill("主人外出")
    phone.get_by_role("button", name="取消约定").tap()
    expect(phone.get_by_role("status")).to_contain_text("约定已取消。")


def test_an_officer_subscribes_and_stops(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-officer")
    desktop.get_by_role("button", name="订阅到手机日历").click()
    address = desktop.get_by_label("日历地址").input_value()
    answer = desktop.request.get(address)
    assert "BEGIN:VEVENT" in answer.text()
    assert "演示" not in answer.text()
    desktop.get_by_role("link", name="完成").click()
    desktop.get_by_role("button", name="停用日历地址").click()
    assert desktop.request.get(address).status == 404
