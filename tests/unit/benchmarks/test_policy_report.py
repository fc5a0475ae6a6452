"""What the report says of what was measured."""

from pathlib import Path

from benchmarks._policy_process import Limits, Taken
from benchmarks._policy_report import Result, Size, render, targets
from benchmarks._policy_task import Answer

LOCKS = Path(__file__).resolve().parents[3] / "requirements"
COUNTS = {"visit-days": {"pass": 1200, "fail": 34, "value": 3000, "threshold": 2400}}


def _result(cpu: float, *, peak_mb: float = 100, parts: dict[str, float] | None = None) -> Result:
    """Three runs of which `cpu` is the median, not the mean."""
    runs = [Taken(wall=cpu / 2, cpu=each, peak_mb=peak_mb, output="") for each in (9e9, 0, cpu)]
    return Result("somebody", runs=runs, answers=[Answer(COUNTS, parts or {})] * 3)


def _nation() -> Size:
    results = {
        "scan": _result(4),
        "scan-shuffled": _result(5),
        "engine": _result(8, peak_mb=500),
        "engine-shuffled": _result(40),
        "pandas": Result("pandas", stopped="out of memory"),
        "openfisca": _result(120, parts={"simulation": 24}),
    }
    times = {"edit": [480.0], "evidence": [40.0, 60.0, 55.0]}
    return Size("nation", 620_000, 24_000_000, results, times)


def _county() -> Size:
    results = {"start": _result(0.02), "command": _result(0.1)}
    return Size("county", 300, 12_000, results)


def _rows(sizes: list[Size]) -> list[str]:
    return [target.row() for target in targets(sizes)]


def test_targets_are_met_or_missed() -> None:
    assert _rows([_county(), _nation()]) == [
        "| nation, clustered: CPU ÷ scan | ≤ 2.5 × | 2 × | met |",
        "| nation, clustered: peak memory | ≤ 512 MB | 500 MB | met |",
        "| nation, shuffled: CPU ÷ scan of the shuffled file | ≤ 7 × | 8 × | **MISSED** |",
        "| nation: OpenFisca's CPU ÷ engine's | ≥ 15 × | 15 × | met |",
        "| nation: all verdicts again after an edit of the policy | ≤ 0.5 s | 0.48 s | met |",
        "| nation: the evidence of one village | ≤ 50 ms | 55 ms | **MISSED** |",
        "| county: the command's CPU beyond the interpreter's start | ≤ 100 ms | 80 ms | met |",
    ]


def test_what_was_not_measured_is_not_missed() -> None:
    found = targets([])
    assert not any(target.missed for target in found)
    assert all(row.endswith("| not measured |") for row in _rows([]))


def test_a_peer_that_did_not_get_through_the_nation_is_taken_at_its_largest() -> None:
    nation, province = _nation(), _nation()
    province.name, province.villages = "province", 46_000
    province.results["openfisca"] = _result(80)
    nation.results["openfisca"] = Result("OpenFisca", stopped="out of memory")
    assert "| province: OpenFisca's CPU ÷ engine's | ≥ 15 × | 10 × | **MISSED** |" in _rows(
        [province, nation]
    )


def test_the_page_shows_ratios_parts_stops_and_counts() -> None:
    page = render([_nation()], limits=Limits(2**30, 60), rounds=3, locks=LOCKS)
    assert "openfisca-core 46." in page
    assert "620,000 villages, 24,000,000 events." in page
    assert "| **somebody** | 4.00 | 8.00 | 2.0 × | 1.0 × | 500 | 3 |" in page
    assert "| **somebody** | 20.00 | 40.00 | 8.0 × | 5.0 × | 100 | 3 |" in page
    assert "| — of it the simulation alone | | 24.00 | 6.0 × | 3.0 × | | |" in page
    assert "| pandas | out of memory | | | | | |" in page
    assert "| visit-days | 34 | 1,200 |" in page
