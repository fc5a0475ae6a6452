"""Planning measured: matching beside its peers, and month plans beside greedy ones.

`./run bench planning [matching|month]`: both by default. Where matching is measured the page
docs/reference/planning-performance.md is written. 1 where a target is missed.
"""

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import _planning_matching as matching
from benchmarks import _planning_month as month

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "reference" / "planning-performance.md"
PARTS = ("matching", "month")


def main() -> int:
    """Measure what is asked for; 1 where a target is missed, 2 for what there is not."""
    wanted = sys.argv[1:] or list(PARTS)
    if not set(wanted) <= set(PARTS):
        print(f"planning has: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    lines, met = list(_head()), True
    if "matching" in wanted:
        rows = matching.measure()
        met = matching.meets(rows)
        lines += ["", "## Matching", "", *_MATCHING, "", *matching.report(rows)]
    if "month" in wanted:
        villages, county = list(month.households()), month.stations()
        met = month.meets(villages, county) and met
        lines += ["", "## Month plans", "", *_MONTH, "", *month.report(villages, county)]
    text = "\n".join(lines) + "\n"
    print(text)
    if "matching" in wanted:
        REPORT.write_text(text, encoding="utf-8")
        print(f"written to {REPORT.relative_to(ROOT)}")
    return 0 if met else 1


def _head() -> list[str]:
    load = os.getloadavg()[0]
    return [
        "<!-- Written by `./run bench planning`. -->",
        "# Planning: measured",
        "",
        f"On {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}; when it began {load:.1f} processes were waiting for a core "
        "(seconds by the clock suffer from that, those of the processor do not).",
    ]


_MATCHING = (
    "All villages of each place, a third as many officers with room for two to five, all pairs",
    "within a county legal; attributes made up from a fixed seed. A row is a process of its own;",
    "seconds are those of the matching, memory is the peak of the process with all pairs in it.",
    "SciPy is given each county as a dense matrix, CP-SAT 20 seconds and both cores.",
    "Targets of time are held against seconds of the processor, as the machine may be shared.",
)
_MONTH = (
    "Villages of three terrains and sizes from fixed seeds, three of each, three village days:",
    "beside a greedy insertion by prize for each minute added, which looks at every place of every",
    "tour and then fills what is left, and beside a person with a list. Then the stations of a",
    "county, each planned alone. Seconds are those of the processor.",
)

if __name__ == "__main__":
    sys.exit(main())
