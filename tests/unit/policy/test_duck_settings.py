"""What one evaluation looks at."""

from datetime import date, datetime, timedelta

import pytest

from cunjing.policy import lean_duckdb as duckdb
from cunjing.policy.duck.settings import literals, scan, settings
from cunjing.policy.periods import SHANGHAI, parse_period


def seen(period: str, as_of: datetime) -> dict[str, object]:
    """The settings of a period at a watermark."""
    return dict(settings(period=parse_period(period), as_of=as_of, sync_kept=True))


@pytest.mark.parametrize(
    ("as_of", "look_day"),
    [
        (datetime(2026, 11, 21, 9, tzinfo=SHANGHAI), date(2026, 9, 30)),
        (datetime(2026, 9, 12, 0, tzinfo=SHANGHAI), date(2026, 9, 12)),
        (datetime(2026, 8, 1, 0, tzinfo=SHANGHAI), date(2026, 8, 1)),
    ],
)
def test_state_rules_look_at_the_last_day_or_the_watermark(as_of: datetime, look_day: date) -> None:
    found = seen("2026-09", as_of)
    assert found["look_day"] == look_day
    assert found["day_after"] == look_day + timedelta(days=1)


def test_times_are_naive_utc_and_days_are_local() -> None:
    found = seen("2026-09", datetime(2026, 9, 30, 23, 30, tzinfo=SHANGHAI))
    assert found["as_of"] == datetime(2026, 9, 30, 15, 30)  # noqa: DTZ001 - as the views hold it
    assert found["as_of_day"] == date(2026, 9, 30)
    assert found["p_end_time"] == datetime(2026, 9, 30, 16)  # noqa: DTZ001 - as the views hold it


def test_parts_of_a_month_tile_its_31_bits() -> None:
    found = seen("2026-02", datetime(2026, 3, 1, tzinfo=SHANGHAI))
    for masks, starts in (("half_month_masks", [1, 16]), ("ten_day_masks", [1, 11, 21])):
        parts = found[masks]
        assert isinstance(parts, list)
        assert sum(parts) == 2**31 - 1
        assert [(part & -part).bit_length() for part in parts] == starts


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("2026-09", {"2026-09"}),
        ("2026-Q3", {"2026-Q3", "2026-07", "2026-08", "2026-09"}),
        (
            "2026-H1",
            {"2026-H1", "2026-Q1", "2026-Q2", *(f"2026-0{month}" for month in range(1, 7))},
        ),
    ],
)
def test_names_of_the_periods_within(period: str, names: set[str]) -> None:
    found = seen(period, datetime(2027, 1, 1, tzinfo=SHANGHAI))["period_names"]
    assert isinstance(found, list)
    assert set(found) == names


def test_a_year_holds_nineteen_named_periods() -> None:
    found = seen("2026", datetime(2027, 1, 1, tzinfo=SHANGHAI))["period_names"]
    assert isinstance(found, list)
    assert len(set(found)) == 1 + 2 + 4 + 12


def test_only_the_dates_that_can_matter_are_read() -> None:
    september = parse_period("2026-09")
    assert scan(period=september, named=False) == {
        "scan_from": date(2026, 9, 1),
        "scan_to": date(2026, 10, 1),
    }
    assert scan(period=september, named=True) == {"scan_from": date.min, "scan_to": date.max}


@pytest.mark.parametrize("period", ["2026-02", "2026-Q3", "2026"])
def test_a_literal_is_what_it_stands_for(period: str) -> None:
    whole = parse_period(period)
    values = settings(
        period=whole, as_of=datetime(2026, 9, 30, 23, 30, 1, 5, tzinfo=SHANGHAI), sync_kept=False
    ) | scan(period=whole, named=True)
    with duckdb.connect() as connection:
        for name, literal in literals(values).items():
            read = connection.execute(f"SELECT {literal}").fetchone()
            assert read == (values[name],), name
    assert literals({"name": "it's"}) == {"name": "'it''s'"}
