"""What the product is for, done by the people who do it, in real Chromium."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from tests.support.accessibility import assert_accessible
from tests.support.journeys import counting_taps, tab_to
from tests.support.site import Site
from tests.support.visitors import sign_in

from cunjing.base.clock import today

EXPLANATION = re.compile(r"/assessments/[0-9a-f-]{36}/[a-z-]+/[^/]+/$")
RECORD = re.compile(r"/records/[0-9a-f-]{36}/$")
FEW_TAPS = 5


def test_the_county_goes_from_the_dashboard_to_a_record_and_back_by_keyboard(
    desktop: Page, site: Site
) -> None:
    sign_in(desktop, site, "demo-bureau")
    dashboard = desktop.url
    # A village nobody serves has no records; a clause somebody began to fulfil has.
    clause = "main tbody a[href*='-visits/'], main tbody a[href*='/visit-days/']"
    tab_to(desktop, clause)
    desktop.keyboard.press("Enter")
    desktop.wait_for_url(EXPLANATION)
    explained = desktop.url
    expect(desktop.get_by_role("heading", name="依据的条款")).to_be_visible()
    tab_to(desktop, "main a[href^='/records/']")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url(RECORD)
    expect(desktop.get_by_role("heading", name="时间证据")).to_be_visible()
    desktop.go_back()
    expect(desktop).to_have_url(explained)
    desktop.go_back()
    expect(desktop).to_have_url(dashboard)


def test_the_door_is_passed_by_keyboard(desktop: Page, site: Site) -> None:
    desktop.goto("/villages/")
    expect(desktop.get_by_label("登录名")).to_be_focused()
    desktop.keyboard.type("demo-auditor")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type((site.var / "demo-password").read_text("utf-8").strip())
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_contain_text("村庄")
    desktop.keyboard.press("Tab")
    expect(desktop.get_by_role("link", name="跳到正文")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("main")).to_be_focused()


def test_an_officer_records_a_visit_with_a_call_in_few_taps(phone: Page, site: Site) -> None:
    taps = counting_taps(phone)
    sign_in(phone, site, "demo-officer")
    before = taps()
    phone.get_by_role("link", name="登记进村").first.tap()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("登记进村")
    phone.get_by_label("日期").fill((today() - timedelta(days=1)).isoformat())
    phone.get_by_label("到村").fill("09:05")
    phone.get_by_label("离村").fill("11:05")
    phone.get_by_label("工作日志").fill("巡村一圈，提醒用火安全。")
    phone.get_by_role("button", name="加一户").tap()
    phone.get_by_label("哪一户").select_option(index=1)
    phone.locator(".entry-row").get_by_text("用火用电用气", exact=True).tap()
    assert_accessible(phone)
    phone.get_by_role("button", name="保存").tap()
    expect(phone.get_by_role("status")).to_contain_text("已保存。另有 1 条进入各自台账。")
    expect(phone.get_by_role("main")).to_contain_text("巡村一圈，提醒用火安全。")
    assert taps() - before <= FEW_TAPS
    phone.get_by_role("link", name=re.compile("^入户走访")).first.tap()
    expect(phone.get_by_role("main")).to_contain_text("用火用电用气")


def test_a_visit_with_a_fault_keeps_what_was_typed(phone: Page, site: Site) -> None:
    sign_in(phone, site, "demo-officer")
    phone.get_by_role("link", name="登记进村").last.tap()
    phone.get_by_label("日期").fill((today() - timedelta(days=1)).isoformat())
    phone.get_by_label("到村").fill("14:00")
    phone.get_by_label("离村").fill("16:00")
    phone.get_by_role("button", name="加一户").tap()
    phone.get_by_label("哪一户").select_option(index=1)
    phone.locator(".entry-row .question input[type=text]").first.fill("电话13812345678")
    phone.get_by_role("button", name="保存").tap()
    expect(phone.get_by_role("alert").first).to_contain_text("什么都没有保存")
    expect(phone.locator(".entry-row .invalid-feedback").first).to_contain_text("号码")
    expect(phone.locator(".entry-row .question input[type=text]").first).to_have_value(
        "电话13812345678"
    )
    assert_accessible(phone)


def test_a_station_chief_fills_a_gap_and_changes_the_officer(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-chief")
    desktop.get_by_role("link", name="包村安排").click()
    gap = desktop.get_by_role("row").filter(has=desktop.get_by_role("link", name="派人"))
    village = gap.first.get_by_role("link").first.inner_text()
    gaps = gap.count()
    gap.first.get_by_role("link", name="派人").click()
    first, second = chosen(desktop, 0), chosen(desktop, 1)
    desktop.get_by_label("警号或辅警号").fill(first)
    desktop.get_by_role("button", name="保存").click()
    expect(desktop.get_by_role("status")).to_contain_text("已安排。")
    expect(desktop.get_by_role("heading", level=1)).to_have_text(village)
    desktop.get_by_role("link", name="包村安排").click()
    expect(gap).to_have_count(gaps - 1)
    desktop.get_by_role("link", name=village, exact=True).first.click()
    desktop.get_by_role("row", name=first.split()[1]).get_by_role("link", name="更换").click()
    desktop.get_by_label("接任人警号").fill(second)
    desktop.get_by_label("调整理由").fill("工作需要")
    desktop.get_by_role("button", name="保存").click()
    expect(desktop.get_by_role("status")).to_contain_text("已交接，中间没有空档。")
    expect(desktop.get_by_role("main")).to_contain_text(second.split()[1])
    assert_accessible(desktop)


def chosen(page: Page, number: int) -> str:
    """An officer offered by the list of people: badge and name."""
    officers = "[...document.querySelectorAll('#people option')].filter(one => !/辅警|助理/.test("
    found: str = page.evaluate(f"{officers}one.textContent))[{number}].value")
    return found


def test_the_county_imports_people_after_a_dry_run(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-bureau")
    desktop.get_by_role("link", name="人员", exact=True).click()
    desktop.get_by_role("link", name=re.compile("导入")).click()
    for outcome in ("新增 1 人", "不变 1 人"):
        desktop.goto("/staff/import/")
        rows = "警号,姓名,岗位,单位\r\nIMP-1,演示导入,包村民警,532323\r\n# 共 1 行\r\n"
        desktop.get_by_label("名册文件").set_input_files(
            {"name": "名册.csv", "mimeType": "text/csv", "buffer": rows.encode("gb18030")}
        )
        desktop.get_by_role("button", name="预览").click()
        expect(desktop.get_by_role("row", name="IMP-1")).to_be_visible()
        assert_accessible(desktop)
        desktop.get_by_role("button", name="确认导入").click()
        expect(desktop.get_by_role("status")).to_contain_text(outcome)


def test_an_auditor_opens_the_evidence_of_a_figure_in_two_clicks(desktop: Page, site: Site) -> None:
    sign_in(desktop, site, "demo-auditor")
    unmet = desktop.locator("main tbody a[href^='/assessments/']")
    figures = [href for link in unmet.all() if (href := link.get_attribute("href"))]
    assert figures != []
    for figure in figures:
        desktop.goto("/")
        desktop.locator(f"main a[href='{figure}']").first.click()
        evidence = desktop.locator("main a[href^='/records/']")
        if evidence.count():
            evidence.first.click()
            break
    desktop.wait_for_url(RECORD)
    expect(desktop.get_by_role("heading", name="时间证据")).to_be_visible()
    correct = desktop.get_by_role("button", name="更正")
    expect(correct).to_be_disabled()
    assert "没有" in str(correct.get_attribute("title"))
