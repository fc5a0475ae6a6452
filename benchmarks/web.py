"""Pages and API reads of a county of 3,000 villages and a year, beside a bare Django view.

`./run bench web [sqlite|postgresql]…`: builds the database once (kept in var/bench), serves it as
`./run` does, reads every address 60 times and writes docs/reference/performance.md.
"""

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.databases import create_database
from tools.runner import postgres

from benchmarks._web_client import Reader, Timing

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "reference" / "performance.md"
PORT = 8790
TIMES = 60
TARGET_MS = 300
TARGET_ASSESS_SECONDS = 10
COUNTY = "990101"
VILLAGE = f"{COUNTY}100210"
POLICY = "/policies/bozhou-2014/"


@dataclass(frozen=True, slots=True)
class Measured:
    """One database's figures."""

    database: str
    built: dict[str, object]
    bare: Timing
    pages: list[tuple[str, Timing]]
    reads: list[tuple[str, Timing]]


def main() -> int:
    """Measure the databases asked for (both by default); 1 where a target is missed."""
    wanted = sys.argv[1:] or ["sqlite", "postgresql"]
    measured = [_measure(name) for name in wanted]
    text = _report(measured)
    print(text)
    if len(measured) == 2:
        REPORT.write_text(text)
        print(f"written to {REPORT.relative_to(ROOT)}")
    return 0 if all(_meets(one) for one in measured) else 1


def _measure(database: str) -> Measured:
    home = ROOT / "var" / "bench" / database
    home.mkdir(parents=True, exist_ok=True)
    with _database(database, home=home) as url:
        env = {
            **os.environ,
            "CUNJING_VAR": str(home),
            "CUNJING_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "benchmarks._web_settings",
            "PYTHONPATH": str(ROOT),
        }
        print(f"{database}: building 3,000 villages × 13 months (minutes, the first time) …")
        build = [sys.executable, "-m", "benchmarks._web_build"]
        done = subprocess.run(build, cwd=ROOT, env=env, stdout=subprocess.PIPE, check=True)
        built: dict[str, object] = json.loads(done.stdout)
        with _server(env):
            measured = _read_all(database, built=built)
    print("\n".join(_section(measured)), flush=True)
    return measured


def _read_all(database: str, *, built: dict[str, object]) -> Measured:
    county = Reader(PORT)
    bare = county.timed("/bare/", times=TIMES * 3)
    county.sign_in(username="bench-county", password="bench-county-2026")  # noqa: S106
    run = re.search(r"/assessments/([0-9a-f-]{36})/", county.get("/assessments/"))
    if run is None:
        raise RuntimeError("the assessment of the benchmark is not listed")
    program = Reader(PORT, token=str(built["token"]))
    month = built["period"]
    pages = {
        "county: today": "/",
        "villages": "/villages/",
        "village": f"/villages/{VILLAGE}/",
        "coverage": "/coverage/",
        "ledger of household visits": f"/ledgers/household_visit/?date_from={month}-01",
        "assessment matrix": f"/assessments/{run[1]}/",
        "explanation of a verdict": _first(county, f"/assessments/{run[1]}/", within=run[1]),
        "document as a picture": f"{POLICY}?by=result&period={month}",
        "clause": f"{POLICY}clauses/2.4-1/?period={month}",
        "rule and its year": f"{POLICY}rules/visit-days/?period={month}",
    }
    reads = {
        "villages": "/api/v1/villages",
        "postings": "/api/v1/postings",
        "records of a month": f"/api/v1/records?kind=household_visit&date_from={month}-01",
        "uncovered villages": "/api/v1/uncovered-villages",
        "results of an assessment": f"/api/v1/assessments/{run[1]}/results",
        "how a programme is kept": "/api/v1/policies/bozhou-2014/standing",
        "how a rule was kept for a year": "/api/v1/policies/bozhou-2014/rules/visit-days",
    }
    return Measured(
        database=database,
        built=built,
        bare=bare,
        pages=[(name, county.timed(path, times=TIMES)) for name, path in pages.items()],
        reads=[(name, program.timed(path, times=TIMES)) for name, path in reads.items()],
    )


def _first(reader: Reader, page: str, *, within: str) -> str:
    """The first verdict that a page of an assessment links to."""
    found = re.search(rf'href="(/assessments/{within}/visit-days/[^"]+)"', reader.get(page))
    if found is None:
        raise RuntimeError(f"{page} links to no verdict")
    return found[1]


@contextmanager
def _database(name: str, *, home: Path) -> Iterator[str]:
    if name == "sqlite":
        yield f"sqlite:///{home / 'bench.sqlite3'}"
        return
    installation = postgres.find()
    if installation is None:
        raise SystemExit(
            "no PostgreSQL that an ordinary account can run: apt-get install postgresql"
        )
    # The server is gone afterwards, so what was built in an earlier one is gone too.
    (home / "built.json").unlink(missing_ok=True)
    with postgres.server(installation) as url:
        yield create_database(url)


@contextmanager
def _server(env: dict[str, str]) -> Iterator[None]:
    """Granian as `./run` starts it: 2 workers × 4 threads."""
    argv = [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi",
        "--host", "127.0.0.1", "--port", str(PORT), "--workers", "2",
        "--blocking-threads", "4", "--log-level", "warning", "cunjing.config.wsgi:application",
    ]  # fmt: skip
    with subprocess.Popen(argv, cwd=ROOT, env=env) as process:
        try:
            _wait(process)
            yield
        finally:
            process.terminate()


def _wait(process: "subprocess.Popen[bytes]") -> None:
    for _ in range(120):
        if process.poll() is not None:
            raise RuntimeError("the server ended at once")
        try:
            Reader(PORT).get("/bare/")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise RuntimeError("the server did not answer within a minute")


def _meets(one: Measured) -> bool:
    slowest = max(timing.p95 for _, timing in (*one.pages, *one.reads))
    assessed = float(str(one.built["assess_seconds"]))
    return slowest <= TARGET_MS and assessed <= TARGET_ASSESS_SECONDS


def _report(measured: list[Measured]) -> str:
    lines = [
        "# Performance",
        "",
        "Written by `./run bench web`; do not edit. A made-up county of 3,000 villages: twelve",
        "full months of records and the running one, fixed seed, granian (2 workers × 4 threads),",
        f"read by one reader, {TIMES} reads an address. The ratio is against a bare Django view",
        "that does one indexed query, in the same server and the same run.",
        "",
        f"Measured {datetime.now(tz=UTC):%Y-%m-%d} on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. Target: every p95 ≤ {TARGET_MS} ms; "
        f"one month of all villages assessed in ≤ {TARGET_ASSESS_SECONDS} s.",
    ]
    for one in measured:
        lines += _section(one)
    return "\n".join(lines) + "\n"


def _section(one: Measured) -> list[str]:
    built = one.built
    lines = [
        "",
        f"## {one.database}",
        "",
        f"{built['villages']:,} villages, {built['records']:,} records. "
        f"Assessment of {built['period']}: {built['assess_seconds']:.1f} s "
        "(facts out of the database, judged, stored).",
        "",
        "| | median ms | p95 ms | p95 ÷ bare p95 |",
        "|---|---:|---:|---:|",
    ]
    rows = [("bare view", one.bare)]
    rows += [(f"page: {name}", timing) for name, timing in one.pages]
    rows += [(f"API: {name}", timing) for name, timing in one.reads]
    for name, timing in rows:
        ratio = timing.p95 / one.bare.p95
        lines.append(f"| {name} | {timing.median:.0f} | {timing.p95:.0f} | {ratio:.1f} |")
    return lines


if __name__ == "__main__":
    raise SystemExit(main())
