"""Importing people through the page: a dry run first, then all of it or nothing."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.support.console_pages import notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World
from tests.support.documents_factories import Book, Cell, Dated, Formula, Tab, package

from cunjing.console import uploads
from cunjing.coverage.models import Posting
from cunjing.staffing.models import Staff

HEADER = ("警号", "姓名", "岗位", "单位", "到岗日", "包联村", "包联起日")
SEPTEMBER_FIRST = Dated(46266)
UPLOAD, APPLY = "staff_import", "staff_import_apply"
MEGABYTE = 1024 * 1024


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def line(world: World, badge: str, **changes: Cell) -> tuple[Cell, ...]:
    """A sound row of somebody new, posted to the uncovered village of the first station."""
    cells: dict[str, Cell] = {
        "警号": badge,
        "姓名": f"示例{badge}",
        "岗位": "包村民警",
        "单位": world.own.unit,
        "到岗日": SEPTEMBER_FIRST,
        "包联村": uncovered(world),
        "包联起日": SEPTEMBER_FIRST,
    }
    return tuple({**cells, **changes}.values())


def uncovered(world: World) -> str:
    return world.own.village[:-1] + "2"


def workbook(*rows: tuple[Cell, ...], merges: tuple[str, ...] = ()) -> bytes:
    return Book([Tab([HEADER, *rows], merges=merges)]).data()


def send(client: Client, data: bytes, name: str = "名册.xlsx") -> Any:
    return client.post(reverse(UPLOAD), {"sheet": SimpleUploadedFile(name, data)})


def apply(client: Client, preview: Any) -> Any:
    ticket, digest = preview.context["ticket"], preview.context["plan"].digest
    return client.post(reverse(APPLY), {"ticket": ticket, "digest": digest}, follow=True)


def test_a_dry_run_says_what_will_change_and_writes_nothing(world: World, bureau: Client) -> None:
    before = stored()
    known = world.station.staff
    old = line(
        world, known.badge_number, 姓名="示例改名", 单位=world.station.unit, 包联村="", 包联起日=""
    )
    preview = send(bureau, workbook(line(world, "NEW-1"), old))
    page = text_of(preview)
    assert preview.status_code == 200
    assert "NEW-1" in page
    assert "新增" in page
    assert f"{known.name} → 示例改名" in page
    assert "确认导入" in page
    assert stored() == before


def test_applied_it_is_stored_and_repeated_it_changes_nothing(world: World, bureau: Client) -> None:
    data = workbook(line(world, "NEW-1"), line(world, "NEW-2", 包联村="", 包联起日=""))
    done = apply(bureau, send(bureau, data))
    assert notices_of(done) == ["已导入：新增 2 人，变更 0 人，不变 0 人，新开包村安排 1 项。"]
    assert Staff.objects.get(badge_number="NEW-1").unit_id == world.own.unit
    assert Posting.objects.get(staff__badge_number="NEW-1").village_id == uncovered(world)
    once = stored()
    again = apply(bureau, send(bureau, data))
    assert notices_of(again) == ["已导入：新增 0 人，变更 0 人，不变 2 人，新开包村安排 0 项。"]
    assert stored() == once


def test_the_template_filled_in_is_imported(world: World, bureau: Client) -> None:
    template = bureau.get(reverse("staff_template", args=["xlsx"]))
    assert "attachment" in template["Content-Disposition"]
    book = load_workbook(BytesIO(template.content))
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    filled = {"警号": "TPL-1", "姓名": "示例模板", "岗位": "包村民警", "单位": world.own.unit}
    sheet.delete_rows(3)  # the example
    for title, value in filled.items():
        sheet.cell(row=3, column=titles.index(title) + 1, value=value)
    out = BytesIO()
    book.save(out)
    done = apply(bureau, send(bureau, out.getvalue()))
    assert "新增 1 人" in notices_of(done)[0]
    assert Staff.objects.filter(badge_number="TPL-1").exists()


def test_the_csv_template_comes_as_csv_and_there_is_no_other(bureau: Client) -> None:
    template = bureau.get(reverse("staff_template", args=["csv"]))
    assert template["Content-Type"] == "text/csv; charset=utf-8"
    assert "警号" in template.content.decode("utf-8-sig")
    assert bureau.get(reverse("staff_template", args=["pdf"])).status_code == 404


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_usual_encoding_is_read(world: World, bureau: Client, encoding: str) -> None:
    preview = send(bureau, csv(world).encode(encoding), "名册.csv")
    assert preview.status_code == 200
    assert "示例逗" in text_of(preview)


def csv(world: World, *, end: str = "# 共 1 行\r\n") -> str:
    return f"警号,姓名,岗位,单位\r\nCSV-1,示例逗,包村民警,{world.own.unit}\r\n{end}"


def zip_bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (300 * MEGABYTE))
    return out.getvalue()


BAD_ROWS: dict[str, tuple[dict[str, Cell], str]] = {
    "a day as text nobody can read": ({"到岗日": "上个礼拜三"}, "第2行“到岗日”"),
    "a formula": ({"姓名": Formula("cmd|' /C calc'!A0", "示例")}, "是公式"),
    "a village of another county": ({"包联村": "990102101201"}, "第2行“包联村”"),
    "a unit of another county": ({"单位": "990102101"}, "第2行“单位”"),
    "an unknown role": ({"岗位": "队长"}, "第2行“岗位”"),
    "no badge": ({"警号": ""}, "第2行“警号”"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_is_named_with_its_column_and_nothing_is_written(
    world: World, bureau: Client, case: str
) -> None:
    changes, said = BAD_ROWS[case]
    before = stored()
    refused = send(bureau, workbook(line(world, "NEW-1", **changes), line(world, "NEW-2")))
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert "确认导入" not in text_of(refused)
    assert stored() == before


def test_a_repeated_badge_is_named_in_both_rows(world: World, bureau: Client) -> None:
    before = stored()
    page = text_of(send(bureau, workbook(line(world, "NEW-1"), line(world, "NEW-1"))))
    assert "第3行“警号”" in page
    assert "第2行" in page
    assert stored() == before


def bad_file(case: str, world: World) -> tuple[bytes, str]:
    good = workbook(line(world, "NEW-1"))
    files = {
        "merged header": lambda: (workbook(line(world, "NEW-1"), merges=("A1:B1",)), "名册.xlsx"),
        "zip bomb": lambda: (zip_bomb(), "名册.xlsx"),
        "10 MB and a little": lambda: (good + b"0" * (10 * MEGABYTE), "名册.xlsx"),
        "wrong encoding": lambda: (csv(world).encode("utf-16"), "名册.csv"),
        "cut csv": lambda: (csv(world, end="").encode(), "名册.csv"),
        "csv cut in a character": lambda: (csv(world).encode()[:-40], "名册.csv"),
        "cut xlsx": lambda: (good[:-200], "名册.xlsx"),
        "a picture": lambda: (b"\x89PNG\r\n\x1a\n" + b"0" * 99, "名册.xlsx"),
        "an old workbook": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "名册.xls"),
        "a zip that is no workbook": lambda: (package({"a.txt": "b"}), "名册.xlsx"),
        "another header": lambda: (Book([Tab([("甲", "乙"), ("1", "2")])]).data(), "名册.xlsx"),
        "an empty file": lambda: (b"", "名册.xlsx"),
    }
    return files[case]()


SAID = {
    "merged header": "合并",
    "zip bomb": "展开后异常庞大",
    "10 MB and a little": "MB",
    "wrong encoding": "文字编码",
    "cut csv": "截断",
    "csv cut in a character": "什么都没有导入",
    "cut xlsx": "不完整或已损坏",
    "a picture": "xlsx",
    "an old workbook": "xlsx",
    "a zip that is no workbook": "xlsx",
    "another header": "警号",
    "an empty file": "空",
}


@pytest.mark.parametrize("case", SAID)
def test_a_bad_file_is_refused_with_advice_and_nothing_is_written(
    world: World, bureau: Client, case: str
) -> None:
    before = stored()
    refused = send(bureau, *bad_file(case, world))
    assert 400 <= refused.status_code < 500
    assert SAID[case] in text_of(refused)
    assert stored() == before


def test_fifty_megabytes_are_refused_before_any_page_reads_them(
    world: World, bureau: Client
) -> None:
    before = stored()
    refused = bureau.post(
        reverse(UPLOAD),
        {"sheet": SimpleUploadedFile("名册.xlsx", b"0" * (50 * MEGABYTE))},
        headers={"accept": "text/html"},
    )
    assert refused.status_code == 413
    assert "50.0 MB，超过 11.0 MB 的上限，什么都没有保存" in text_of(refused)
    assert stored() == before


def test_a_form_without_a_file_asks_for_one(bureau: Client) -> None:
    assert bureau.post(reverse(UPLOAD), {}).status_code == 422


def test_a_station_is_told_that_the_county_imports(world: World) -> None:
    refused = visitor(world, "chief").get(reverse(UPLOAD))
    assert refused.status_code == 403
    assert "没有“维护人员”的权限" in text_of(refused)


def test_the_ticket_of_somebody_else_opens_nothing(world: World, bureau: Client) -> None:
    preview = send(bureau, workbook(line(world, "NEW-1")))
    before = stored()
    other = apply(visitor(world, "neighbour"), preview)
    assert other.status_code == 422
    assert "请重新上传文件" in text_of(other)
    assert stored() == before


def test_an_expired_ticket_opens_nothing(
    world: World, bureau: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = send(bureau, workbook(line(world, "NEW-1")))
    monkeypatch.setattr(uploads, "KEPT_SECONDS", -1)
    before = stored()
    assert "预览已经过期，什么都没有导入" in text_of(apply(bureau, preview))
    assert stored() == before


def test_what_was_imported_cannot_be_imported_again_by_its_ticket(
    world: World, bureau: Client
) -> None:
    preview = send(bureau, workbook(line(world, "NEW-1")))
    apply(bureau, preview)
    once = stored()
    assert "预览已经过期" in text_of(apply(bureau, preview))
    assert stored() == once


def test_data_that_changed_since_the_dry_run_stop_the_import(world: World, bureau: Client) -> None:
    first = send(bureau, workbook(line(world, "NEW-1")))
    second = send(bureau, workbook(line(world, "NEW-1", 姓名="示例另")))
    apply(bureau, second)
    once = stored()
    refused = apply(bureau, first)
    assert refused.status_code == 409
    assert "预览之后数据有了变化" in text_of(refused)
    assert stored() == once


def test_attributes_are_shown_first_and_imported_as_shown(world: World) -> None:
    chief, badge = visitor(world, "chief"), world.own.staff.badge_number
    text = f"警号,可包村数\r\n{badge},3\r\n# 共 1 行\r\n"
    shown = chief.post(
        reverse("candidate_import"), {"sheet": SimpleUploadedFile("匹配条件.csv", text.encode())}
    )
    assert "可包村数：1 → 3" in text_of(shown)
    sent = {"ticket": shown.context["ticket"], "digest": shown.context["plan"].digest}
    done = chief.post(reverse("candidate_import_apply"), sent, follow=True)
    assert notices_of(done) == ["已导入：1 人有变化。"]
    wrong = text.replace(",3", ",很多")
    refused = chief.post(
        reverse("candidate_import"), {"sheet": SimpleUploadedFile("匹配条件.csv", wrong.encode())}
    )
    assert refused.status_code == 422
    for said in ("第2行“可包村数”", "请填整数"):
        assert said in text_of(refused)
