"""Polars as its documentation writes it: lazy scans, one plan, the streaming engine."""

from datetime import date, datetime
from pathlib import Path

import polars as pl

from benchmarks._policy_task import Answer, Quota, Task, counted, run

_TALLIES = {
    "count": pl.len(),
    "distinct_days": pl.col("local_date").n_unique(),
    "distinct_objects": pl.col("object_id").drop_nulls().n_unique(),
}


def measure(task: Task, folder: Path) -> Answer:
    """Plans for all rules, collected together so that what they share is read once."""
    postings = _posted(task, folder)
    events = _credited(task, folder, postings)
    plans = [_judged(task, quota, postings, events) for quota in task.quotas]
    plans.append(_coverage(task, folder))
    rules = [*(quota.rule for quota in task.quotas), task.coverage]
    frames = pl.collect_all(plans, engine="streaming")
    return Answer(
        counts=counted(
            (rule, *row) for rule, frame in zip(rules, frames, strict=True) for row in frame.rows()
        )
    )


def _scan(folder: Path, table: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / f"{table}.parquet")


def _posted(task: Task, folder: Path) -> pl.LazyFrame:
    """Postings with a day in the month: first, last and available days, whether heard of."""
    start, end = date.fromisoformat(task.start), date.fromisoformat(task.end)
    postings = (
        _scan(folder, "postings")
        .filter(pl.col("role").is_in(task.roles))
        .with_columns(
            day_from=pl.max_horizontal("valid_from", start),
            day_to=pl.min_horizontal("valid_to", end),
        )
        .filter(pl.col("day_from") < pl.col("day_to"))
    )
    days = (
        _scan(folder, "absences")
        .select("staff_id", day=pl.date_ranges("date_from", "date_to", closed="left"))
        .explode("day")
        .unique()
    )
    absent = (
        postings.join(days, on="staff_id")
        .filter(pl.col("day").is_between("day_from", "day_to", closed="left"))
        .group_by("posting_id")
        .agg(absent=pl.len())
    )
    heard = _scan(folder, "sync").filter(
        pl.col("last_sync_at") >= datetime.fromisoformat(task.synced_by)
    )
    heard = heard.select("staff_id", heard=pl.lit(value=True))
    span = (pl.col("day_to") - pl.col("day_from")).dt.total_days()
    return (
        postings.join(absent, on="posting_id", how="left")
        .join(heard, on="staff_id", how="left")
        .with_columns(
            available=span - pl.col("absent").fill_null(0),
            heard=pl.col("heard").fill_null(value=False),
        )
    )


def _credited(task: Task, folder: Path, postings: pl.LazyFrame) -> pl.LazyFrame:
    """Events that count, each with its posting."""
    month = date.fromisoformat(task.start), date.fromisoformat(task.end)
    in_time = pl.coalesce("received_at", "occurred_at") <= datetime.fromisoformat(task.as_of)
    return (
        _scan(folder, "events")
        .filter(
            pl.col("kind").is_in(task.kinds),
            pl.col("local_date").is_between(*month, closed="left"),
            ~pl.col("void").fill_null(value=False),
            in_time.fill_null(value=True),
        )
        .join(postings, on=["village_code", "staff_id"])
        .filter(pl.col("local_date").is_between("day_from", "day_to", closed="left"))
    )


def _judged(task: Task, quota: Quota, postings: pl.LazyFrame, events: pl.LazyFrame) -> pl.LazyFrame:
    values = (
        events.filter(pl.col("kind") == quota.kind)
        .group_by("posting_id")
        .agg(value=_TALLIES[quota.tally])
    )
    exempt = pl.col("available") < task.minimum_days
    prorated = (quota.threshold * pl.col("available") + task.days - 1) // task.days
    return _totals(
        postings.join(values, on="posting_id", how="left")
        .with_columns(
            pl.col("value").fill_null(0),
            threshold=pl.when(exempt).then(quota.threshold).otherwise(prorated),
        )
        .with_columns(
            verdict=pl.when(exempt)
            .then(pl.lit("exempt"))
            .when(pl.col("value") >= pl.col("threshold"))
            .then(pl.lit("pass"))
            .when(~pl.col("heard"))
            .then(pl.lit("unknown"))
            .otherwise(pl.lit("fail"))
        )
    )


def _coverage(task: Task, folder: Path) -> pl.LazyFrame:
    look_day = date.fromisoformat(task.look_day)
    held = (
        _scan(folder, "postings")
        .filter(
            pl.col("role").is_in(task.coverage_roles),
            pl.col("valid_from") <= look_day,
            pl.col("valid_to").is_null() | (pl.col("valid_to") > look_day),
        )
        .group_by("village_code")
        .agg(value=pl.len())
    )
    return _totals(
        _scan(folder, "villages")
        .join(held, on="village_code", how="left")
        .with_columns(pl.col("value").fill_null(0), threshold=0)
        .with_columns(
            verdict=pl.when(pl.col("value").is_between(task.coverage_low, task.coverage_high))
            .then(pl.lit("pass"))
            .when(pl.col("value") > task.coverage_high)
            .then(pl.lit("advice"))
            .otherwise(pl.lit("fail"))
        )
    )


def _totals(judged: pl.LazyFrame) -> pl.LazyFrame:
    return judged.group_by("verdict").agg(
        pl.len(),
        pl.col("value").cast(pl.Int64).sum(),
        pl.col("threshold").cast(pl.Int64).sum().alias("threshold"),
    )


if __name__ == "__main__":
    run(measure)
