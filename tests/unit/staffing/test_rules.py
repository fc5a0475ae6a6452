"""What may be said about a person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cunjing.staffing.rules import StaffFields, check_duty, clean_badge, clean_fields, overlaps
from cunjing.standards.errors import UnreadableValueError

# Invented: the sequence number is made so that the check digit fits.
WOMAN_1985 = "110101198503070021"
DAYS = st.dates(date(2026, 1, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "badge"),
    [("a001", "A001"), (" ０１２３ ", "0123"), ("ZL-0001", "ZL-0001"), ("辅12", "辅12")],
)
def test_badge_numbers_have_one_form(text: str, badge: str) -> None:
    assert clean_badge(text) == badge


@pytest.mark.parametrize("text", ["", "1", "-12", "A 1", "=A1", "A" * 21])
def test_other_badge_numbers_are_refused(text: str) -> None:
    with pytest.raises(UnreadableValueError):
        clean_badge(text)


def test_sound_fields_become_columns() -> None:
    fields: StaffFields = {
        "name": " 示例 ",
        "role": "beat_officer",
        "unit_code": "990101",
        "phone": "138 0000 0000",
        "birth_month": "1985年3月",
        "home_village_code": "",
        "trained_on": date(2026, 8, 1),
    }
    columns, faults = clean_fields(fields)
    assert faults == []
    assert columns == {
        "name": "示例",
        "role": "beat_officer",
        "unit_id": "990101",
        "phone": "13800000000",
        "birth_month": "1985-03",
        "home_village_id": None,
        "trained_on": date(2026, 8, 1),
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "长" * 41),
        ("role", "sheriff"),
        ("post", "职" * 41),
        ("phone", "12345"),
        ("birth_month", "1985-13"),
        ("sex", "3"),
        ("education", "99"),
        ("id_number", "110101198503070023"),
        ("id_number", "123"),
    ],
)
def test_each_unsound_field_is_named(field: str, value: str) -> None:
    _, faults = clean_fields({field: value})  # type: ignore[misc]
    assert [fault.field for fault in faults] == [field]


def test_an_identity_number_gives_birth_month_and_sex_and_is_gone() -> None:
    columns, faults = clean_fields({"id_number": WOMAN_1985})
    assert faults == []
    assert columns == {"birth_month": "1985-03", "sex": "2"}


def test_an_identity_number_that_contradicts_is_refused() -> None:
    _, faults = clean_fields({"id_number": WOMAN_1985, "birth_month": "1985-04", "sex": "1"})
    assert [fault.field for fault in faults] == ["birth_month", "sex"]
    assert not any(WOMAN_1985 in fault.message for fault in faults)


def test_duty_has_a_day() -> None:
    day = date(2026, 9, 1)
    assert check_duty(on_duty_from=day, on_duty_to=None) == []
    assert check_duty(on_duty_from=None, on_duty_to=day) == []
    assert len(check_duty(on_duty_from=day, on_duty_to=day)) == 1


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_intervals_overlap_exactly_when_they_share_a_day(
    start: date, end: date | None, other_start: date, other_end: date | None
) -> None:
    calendar = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(60)]
    shared = [
        day
        for day in calendar
        if start <= day
        and other_start <= day
        and (end is None or day < end)
        and (other_end is None or day < other_end)
    ]
    proper = (end is None or start < end) and (other_end is None or other_start < other_end)
    if proper:
        said = overlaps(start=start, end=end, other_start=other_start, other_end=other_end)
        assert said == bool(shared)
