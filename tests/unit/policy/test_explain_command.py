"""`explain` as a function: one verdict with its reasons, for people or as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from cunjing.policy.errors import InputError, RequestError

from .asked import told
from .folders import VILLAGE, sound_folder
from .test_assess_command import AS_OF, FIELDS

EVENTS = (
    "event_id,kind,village_code,staff_id,local_date,void\n"
    f"E1,village_visit,{VILLAGE},S1,2026-09-03,\n"
    f"E2,village_visit,{VILLAGE},S1,2026-09-04,true\n"
    "E3,village_visit,532323100201,S1,2026-09-05,\n"
    f"E4,village_visit,{VILLAGE},S1,2026-10-02,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A facts folder with one visit that counts and three that do not."""
    place = tmp_path / "facts"
    place.mkdir()
    return sound_folder(place, events=EVENTS)


def explain(folder: Path, *words: str | Path, policy: str = "bozhou-2014") -> str:
    """`explain` of September, as of the 8th of October."""
    common = ("--policy", policy, "--facts", folder, "--period", "2026-09", *AS_OF)
    return told("explain", *common, *words)


def visits(folder: Path, *words: str | Path) -> str:
    """P1's visit days."""
    return explain(folder, "--rule", "visit-days", "--subject", "P1", *words)


def found(text: str) -> dict[str, Any]:
    """The JSON object."""
    content: dict[str, Any] = json.loads(text)
    return content


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_it_names_what_counted_and_why_the_rest_did_not(folder: Path, engine: str) -> None:
    said = found(visits(folder, "--format", "json", "--engine", engine))
    assert list(said) == [*FIELDS, "message", "clause_note", "counted", "rejected"]
    assert (said["rule"], said["subject"], said["engine"]) == ("visit-days", "P1", engine)
    assert (said["period"], said["watermark"]) == ("2026-09", "2026-10-08T00:00:00+08:00")
    assert (said["value"], said["threshold"], said["verdict"]) == (1, 2, "fail")
    assert said["message"] == "9月还差1天进村"
    assert said["counted"] == ["E1"]
    assert said["rejected"] == [["E2", "void"], ["E3", "wrong_village"], ["E4", "out_of_period"]]
    assert said["clause_note"]


def test_people_read_it_in_chinese_with_the_days_that_counted(folder: Path) -> None:
    text = visits(folder)
    assert text == visits(folder, "--format", "text")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "结论：未达标。9月还差1天进村" in text
    assert "现在：计入1条进村工作记录，合1天" in text
    assert "计入 1 项：E1" in text
    assert "E3：不是这个村的记录" in text


def test_a_file_takes_what_would_be_printed(folder: Path, tmp_path: Path) -> None:
    for shape in ("text", "json"):
        out = tmp_path / shape
        assert visits(folder, "--format", shape, "--out", out) == ""
        assert out.read_text(encoding="utf-8") == visits(folder, "--format", shape)


def test_nobody_of_that_name_is_told_which_rule_and_period(folder: Path) -> None:
    for subject in ("P9", "\udce4"):
        with pytest.raises(RequestError) as refused:
            explain(folder, "--rule", "visit-days", "--subject", subject)
        said = f"命令：规则“visit-days”在 2026-09 没有对象“{subject}”，请检查 --subject"
        assert str(refused.value) == said


def test_a_mark_on_no_grade_is_refused(folder: Path) -> None:
    sound_folder(folder, marks="subject_id,period,item,value\nS1,2025,yearly_grade,A\n")
    common = ("--policy", "jilin-2019", "--facts", folder, "--period", "2025", *AS_OF)
    with pytest.raises(InputError, match="“A”不是政策里的等次"):
        told("explain", *common, "--rule", "yearly-grade", "--subject", "S1")


def test_a_company_is_told_whose_seat_is_empty(folder: Path) -> None:
    sound_folder(
        folder,
        groups="group_id,kind,parent_id,village_code,name\n"
        f"G1,company,,{VILLAGE},民兵连\nG2,platoon,G1,,二排\nG3,squad,G2,,\n",
        members="member_id,group_id,person_id,post\n"
        "M1,G1,S1,commander\nM2,G1,S2,instructor\nM3,G3,S3,squad_leader\nM4,G3,S4,squad_leader\n",
    )
    asked = ("--rule", "company-posts", "--subject", "G1")
    lines = explain(folder, *asked, policy="huangchuan-2021").splitlines()
    place = lines.index("差在哪里：不合要求的2处")
    assert lines[place + 1 : place + 3] == ["  二排（G2）缺排长", "  班 G3 多1名班长"]
    said = found(explain(folder, *asked, "--format", "json", policy="huangchuan-2021"))
    assert list(said)[-2:] == ["rejected", "amiss"]
    assert said["amiss"] == ["二排（G2）缺排长", "班 G3 多1名班长"]


def test_a_number_the_county_gave_is_said_to_be_its_own(folder: Path) -> None:
    sound_folder(
        folder,
        staff="staff_id,role\nS1,village_auxiliary\n",
        postings="posting_id,village_code,staff_id,role,valid_from\n"
        f"P1,{VILLAGE},S1,village_auxiliary,2020-01-01\n",
        events="event_id,kind,local_date\n",
    )
    asked = ("--rule", "auxiliary-rotation", "--subject", "P1", "--format", "json")
    said = found(explain(folder, *asked, policy="suzhou-2021"))
    assert "由县里定" in said["clause_note"]
    assert said["message"] == "已在这个村驻了81个月，比规定的24个月多57个月"


def test_the_half_month_without_a_visit_is_named(folder: Path) -> None:
    visit = f"E1,village_visit,{VILLAGE},S1,2026-09-03"
    sound_folder(folder, events=f"event_id,kind,village_code,staff_id,local_date\n{visit}\n")
    asked = ("--rule", "visit-spread", "--subject", "P1")
    text = explain(folder, *asked, policy="suzhou-2021")
    assert "差在哪里：还差1段：9月下半月（16日至30日）" in text


def test_who_was_there_for_a_part_only_reads_the_sum(folder: Path) -> None:
    sound_folder(
        folder,
        postings="posting_id,village_code,staff_id,role,valid_from\n"
        f"P1,{VILLAGE},S1,liaison_officer,2026-09-16\n",
        events="event_id,kind,local_date\n",
        absences="staff_id,kind,date_from,date_to\nS1,leave,2026-09-20,2026-09-25\n",
    )
    assert (
        "在岗天数：本期共30天，任职15天，其中请假5天，在岗10天；"
        "2×10÷30＝0余20，有余数进一，应有1天\n"
    ) in visits(folder)
