"""Whether a rule's dated thresholds follow each other and fill the policy's own dates."""

from pathlib import Path

import pytest
from tests.support.policy_files import HEAD, findings_of, written_policy

Keys = dict[str, str | None]
FIRST_LINE = len(HEAD) + 2
TENURE: Keys = {
    "period": None,
    "measure": "{kind: tenure_months}",
    "operator": '"<="',
    "unit": "个月",
}
BARE = "threshold 的日期有空档："
OVERLAP = "threshold 的日期重叠：前一段要有 valid_to，后一段要有 valid_from"
NEVER = "在政策有效期内从不生效，请改 threshold 的日期，或政策的 valid_from、valid_to"
MAY, JUNE, JULY = "2026-05-01", "2026-06-01", "2026-07-01"


def _dated(*spans: tuple[str | None, str | None]) -> str:
    entries = []
    for number, (start, end) in enumerate(spans, start=2):
        said = {"value": str(number), "valid_from": start, "valid_to": end}
        entries.append(", ".join(f"{key}: {text}" for key, text in said.items() if text))
    return "[" + ", ".join(f"{{{entry}}}" for entry in entries) + "]"


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(None, JUNE), (JUNE, None)], []),
        ([(None, MAY), (MAY, JUNE), (JUNE, None)], []),
        ([(MAY, JUNE), (JUNE, None)], []),
        (
            [(None, MAY), (MAY, JUNE), (JUNE, JULY)],
            [f"{BARE}门槛到 {JULY} 为止，政策没有写失效日期"],
        ),
        ([(None, None), (JUNE, None)], [OVERLAP]),
        ([(None, JUNE), (None, None)], [OVERLAP]),
        ([(None, JULY), (JUNE, None)], [f"threshold 的日期重叠：{JUNE} 至 {JULY}"]),
        ([(None, JUNE), (JULY, None)], [f"threshold 的日期有空档：{JUNE} 至 {JULY}"]),
        ([(None, JUNE), (JUNE, MAY)], ["threshold 的 valid_to 应晚于 valid_from"]),
        ([(JUNE, JUNE), (JUNE, None)], ["threshold 的 valid_to 应晚于 valid_from"]),
        ([], ["threshold 是空的，请写门槛"]),
    ],
)
def test_dated_thresholds_follow_each_other(
    tmp_path: Path, spans: list[tuple[str | None, str | None]], words: list[str]
) -> None:
    found = findings_of(written_policy(tmp_path, threshold=_dated(*spans)))
    assert found == [(FIRST_LINE, "visits", said) for said in words]


def test_a_gap_in_a_parameter_is_found_where_the_parameter_stands(tmp_path: Path) -> None:
    spans = _dated((None, JUNE), (JULY, None))
    known = f"{{id: often, parameter: county, title: 次数, default: {spans}, unit: 次, note: 没写}}"
    path = written_policy(
        tmp_path, head={"parameters": f"[{known}]"}, threshold="{parameter: often}"
    )
    said = f"threshold 的日期有空档：{JUNE} 至 {JULY}"
    assert findings_of(path) == [(FIRST_LINE - 1, "visits", said)]


@pytest.mark.parametrize(
    ("period", "policy", "span", "holds"),
    [
        ("month", (None, None), ("2026-09-02", "2026-10-01"), False),
        ("month", (None, None), ("2026-09-01", "2026-09-02"), True),
        ("month", (None, None), ("2026-09-02", "2026-10-02"), True),
        ("month", ("2026-09-02", "2026-10-01"), (None, None), False),
        ("month", ("2026-10-01", None), (None, "2026-10-01"), False),
        ("month", ("2026-10-01", None), (None, "2026-10-02"), True),
        ("quarter", (None, None), ("2026-07-02", "2026-10-01"), False),
        ("quarter", (None, None), ("2026-07-01", "2026-07-02"), True),
        ("quarter", (None, None), ("2026-08-01", "2026-10-02"), True),
        ("half_year", (None, None), ("2026-01-02", "2026-07-01"), False),
        ("half_year", (None, None), ("2026-01-02", "2026-07-02"), True),
        ("year", (None, None), ("2026-01-02", "2027-01-01"), False),
        ("year", (None, None), ("2026-01-02", "2027-01-02"), True),
        ("year", (None, None), ("2025-12-31", "2026-01-02"), True),
    ],
)
def test_a_threshold_holds_on_the_first_day_of_some_period(
    tmp_path: Path,
    period: str,
    policy: tuple[str | None, str | None],
    span: tuple[str | None, str | None],
    holds: bool,
) -> None:
    head: Keys = dict(zip(("valid_from", "valid_to"), policy, strict=True))
    path = written_policy(tmp_path, head=head, period=period, threshold=_dated(span))
    found = [words for _, _, words in findings_of(path)]
    assert (found == [NEVER]) is not holds
    assert (NEVER in found) is not holds


@pytest.mark.parametrize(
    ("period", "policy", "span", "words"),
    [
        ("month", ("2026-01-01", None), ("2027-01-01", None), "{start}"),
        ("month", ("2026-01-01", None), ("2026-01-02", None), "{start}"),
        ("month", ("2026-01-01", None), ("2026-01-01", None), ""),
        ("month", ("2026-01-01", None), ("2025-01-01", None), ""),
        ("month", ("2026-01-02", None), ("2026-02-01", None), ""),
        ("month", ("2026-01-02", None), ("2026-02-02", None), "{start}"),
        ("month", (None, None), ("2026-01-01", None), ""),
        ("year", ("2026-01-02", None), ("2027-01-01", None), ""),
        ("year", ("2026-01-01", None), ("2027-01-01", None), "{start}"),
        (None, ("2026-01-01", None), ("2026-02-01", None), "{start}"),
        (None, ("2026-01-02", None), ("2026-02-01", None), ""),
        ("month", (None, "2027-01-01"), (None, "2027-01-01"), ""),
        ("month", (None, "2027-01-01"), (None, "2026-12-01"), "{end}"),
        ("month", (None, "2027-01-01"), (None, "2026-12-02"), ""),
        ("month", (None, "2027-01-01"), (None, "2028-01-01"), ""),
        ("year", (None, "2027-01-02"), (None, "2027-01-01"), "{end}"),
        ("year", (None, "2027-01-01"), (None, "2026-07-01"), ""),
        ("year", (None, None), (None, "2026-07-01"), "{open}"),
    ],
)
def test_every_period_of_the_policy_has_a_threshold(
    tmp_path: Path,
    period: str | None,
    policy: tuple[str | None, str | None],
    span: tuple[str | None, str | None],
    words: str,
) -> None:
    head: Keys = dict(zip(("valid_from", "valid_to"), policy, strict=True))
    asked = TENURE if period is None else {"period": period}
    path = written_policy(tmp_path, head=head, **{**asked, "threshold": _dated(span)})
    start = f"{BARE}政策从 {policy[0]} 起有效，门槛从 {span[0]} 才开始"
    end = f"{BARE}门槛到 {span[1]} 为止，政策到 {policy[1]} 才失效"
    bare = f"{BARE}门槛到 {span[1]} 为止，政策没有写失效日期"
    expected = words.format(start=start, end=end, open=bare)
    assert [said for _, _, said in findings_of(path)] == ([expected] if expected else [])


def test_both_ends_can_be_bare(tmp_path: Path) -> None:
    head: Keys = {"valid_from": "2026-01-01", "valid_to": "2027-01-01"}
    spans = [("2026-02-01", "2026-06-01"), ("2026-06-01", "2026-12-01")]
    found = findings_of(written_policy(tmp_path, head=head, threshold=_dated(*spans)))
    assert [said for _, _, said in found] == [
        f"{BARE}政策从 2026-01-01 起有效，门槛从 2026-02-01 才开始",
        f"{BARE}门槛到 2026-12-01 为止，政策到 2027-01-01 才失效",
    ]
