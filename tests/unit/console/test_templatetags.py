"""What templates say with filters and tags."""

from datetime import date

import pytest
from django.template import Context
from django.test import RequestFactory

from cunjing.base.errors import FieldFault
from cunjing.console.templatetags import console
from cunjing.policy.cases import CaseKind
from cunjing.policy.enums import Disposition, VerdictKind
from cunjing.policy.words import VERDICTS


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-09", "2026年9月"),
        ("2026-Q3", "2026年第3季度"),
        ("2026-H1", "2026年上半年"),
        ("2026-H2", "2026年下半年"),
        ("2026", "2026年"),
    ],
)
def test_a_period_in_words(period: str, said: str) -> None:
    assert console.period_label(period) == said


@pytest.mark.parametrize(
    ("threshold", "said"), [(2, "2"), ([7, 11], "7–11"), ([1, 1], "1"), (None, "—"), (0, "0")]
)
def test_a_threshold_in_words(threshold: object, said: str) -> None:
    assert console.threshold(threshold) == said


def test_every_verdict_has_a_word_a_sign_and_a_colour_of_its_own() -> None:
    assert set(console.VERDICTS) == {kind.value for kind in VerdictKind}
    for column in zip(*console.VERDICTS.values(), strict=True):
        assert len(set(column)) == len(console.VERDICTS)


def test_the_console_and_the_command_line_use_the_same_words_for_verdicts() -> None:
    shown = {kind: label for kind, (label, _sign, _colour) in console.VERDICTS.items()}
    assert shown == {kind.value: label for kind, label in VERDICTS.items()}


def test_every_disposition_has_a_word_a_colour_a_sign_and_a_meaning() -> None:
    kinds = {kind.value for kind in Disposition}
    assert set(console.DISPOSITIONS) == set(console.DISPOSITION_SIGNS) == kinds
    assert len(set(console.DISPOSITION_SIGNS.values())) == len(kinds)
    assert len({console.disposition_words(kind) for kind in kinds}) == len(kinds)


def test_every_kind_of_case_has_a_word() -> None:
    assert len({console.case_kind(kind) for kind in CaseKind}) == len(CaseKind)


def test_a_verdict_is_never_colour_alone() -> None:
    badge = console.verdict_badge("fail")
    assert "✕" in badge
    assert "未达标" in badge


def test_a_fault_names_row_and_column_or_the_field() -> None:
    assert console.fault_place(FieldFault("name", "x", row=3, column="姓名")) == "第3行“姓名”"
    assert console.fault_place(FieldFault("name", "x")) == "name"


def test_the_last_day_of_an_interval_is_the_one_before_its_end() -> None:
    assert console.last_day(date(2026, 3, 1)) == date(2026, 2, 28)


def test_a_query_is_changed_and_keeps_the_rest() -> None:
    context = Context({"request": RequestFactory().get("/", {"rule": "a", "page": "2"})})
    assert console.with_query(context, page=3) == "?rule=a&page=3"
    assert console.with_query(context, page=None, rule=None) == "?"


def test_points_are_said_with_their_sign_and_minutes_as_a_clock() -> None:
    assert [console.signed(points) for points in (20, -30, 0, None)] == ["+20", "−30", "0", "—"]
    assert [console.clock(minutes) for minutes in (0, 545)] == ["00:00", "09:05"]
    assert console.short_village("天台村民委员会") == "天台村"


def test_a_kind_of_record_in_words() -> None:
    assert console.record_name("places.unit") == "单位"
    assert console.record_name("unheard.of") == "unheard.of"
