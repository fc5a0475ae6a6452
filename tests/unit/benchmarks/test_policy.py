"""The benchmark itself: what it refuses, and that it insists on equal counts."""

import pytest
from benchmarks import policy

COUNTS = {"visit-days": {"pass": 3, "value": 7, "threshold": 6}}


def test_an_unknown_size_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert policy.main(["county", "galaxy"]) == 2
    assert "county, province, nation" in capsys.readouterr().err


def test_equal_counts_pass() -> None:
    policy.check_equal({"engine": COUNTS, "pandas": {**COUNTS}})


@pytest.mark.parametrize(
    "counts",
    [
        {"visit-days": {"pass": 2, "fail": 1, "value": 7, "threshold": 6}},
        {"visit-days": {"pass": 3, "value": 8, "threshold": 6}},
        {},
        {**COUNTS, "coverage": {"pass": 1}},
    ],
)
def test_a_contender_with_other_counts_ends_the_benchmark(
    counts: dict[str, dict[str, int]],
) -> None:
    with pytest.raises(SystemExit, match="do not agree:\npandas, "):
        policy.check_equal({"engine": COUNTS, "naive": COUNTS, "pandas": counts})
