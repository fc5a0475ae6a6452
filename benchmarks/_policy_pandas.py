"""pandas as its documentation writes it: filtered reads into Arrow columns, merges, groupbys."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._policy_task import Answer, Quota, Task, counted, run

_KEPT = ["kind", "village_code", "staff_id", "local_date", "object_id"]


def measure(task: Task, folder: Path) -> Answer:
    """Credit the events once, then a groupby a rule."""
    postings = posted(task, folder)
    events = credited(task, folder, postings)
    rows = [row for quota in task.quotas for row in _judged(task, quota, postings, events)]
    return Answer(counts=counted([*rows, *_coverage(task, folder)]))


def read(folder: Path, table: str, **options: object) -> pd.DataFrame:
    """A table as Arrow-backed columns: texts stay out of Python objects."""
    return pd.read_parquet(folder / f"{table}.parquet", dtype_backend="pyarrow", **options)


def posted(task: Task, folder: Path) -> pd.DataFrame:
    """Postings with a day in the month: first, last and available days, whether heard of."""
    start, end = date.fromisoformat(task.start), date.fromisoformat(task.end)
    postings = read(folder, "postings").query("role in @roles", local_dict={"roles": task.roles})
    postings = postings.assign(
        day_from=postings["valid_from"].clip(lower=start),
        day_to=postings["valid_to"].fillna(end).clip(upper=end),
    )
    postings = postings[postings["day_from"] < postings["day_to"]]
    days = (postings["day_to"] - postings["day_from"]).dt.days
    sync = read(folder, "sync")
    heard = sync.loc[sync["last_sync_at"] >= pd.Timestamp(task.synced_by), "staff_id"]
    return postings.assign(
        available=days - absent_days(folder, postings),
        heard=postings["staff_id"].isin(heard),
    ).set_index("posting_id")


def absent_days(folder: Path, postings: pd.DataFrame) -> pd.Series:
    """Different days of absence within each posting; days of two absences count once."""
    absences = read(folder, "absences")
    absences["day"] = [
        pd.date_range(*span, inclusive="left").date
        for span in zip(absences["date_from"], absences["date_to"], strict=True)
    ]
    days = absences[["staff_id", "day"]].explode("day").drop_duplicates()
    days["day"] = days["day"].astype("date32[pyarrow]")
    gone = postings.merge(days, on="staff_id")
    gone = gone[(gone["day"] >= gone["day_from"]) & (gone["day"] < gone["day_to"])]
    return postings["posting_id"].map(gone.groupby("posting_id").size()).fillna(0)


def credited(task: Task, folder: Path, postings: pd.DataFrame) -> pd.DataFrame:
    """Events that count, each with its posting."""
    events = read(
        folder,
        "events",
        columns=[*_KEPT, "occurred_at", "received_at", "void"],
        filters=[
            ("kind", "in", task.kinds),
            ("local_date", ">=", date.fromisoformat(task.start)),
            ("local_date", "<", date.fromisoformat(task.end)),
        ],
    )
    received = events["received_at"].fillna(events["occurred_at"])
    in_time = (received <= pd.Timestamp(task.as_of)).fillna(value=True)
    events = events.loc[in_time & ~events["void"].fillna(value=False), _KEPT]
    spans = postings.reset_index()[["posting_id", "village_code", "staff_id", "day_from", "day_to"]]
    events = events.merge(spans, on=["village_code", "staff_id"])
    within = (events["local_date"] >= events["day_from"]) & (
        events["local_date"] < events["day_to"]
    )
    return events.loc[within, ["kind", "posting_id", "local_date", "object_id"]]


def _judged(
    task: Task, quota: Quota, postings: pd.DataFrame, events: pd.DataFrame
) -> list[tuple[str, str, int, int, int]]:
    groups = events[events["kind"] == quota.kind].groupby("posting_id")
    match quota.tally:
        case "distinct_days":
            values = groups["local_date"].nunique()
        case "distinct_objects":
            values = groups["object_id"].nunique()
        case _:
            values = groups.size()
    value = values.reindex(postings.index, fill_value=0).astype("int64")
    available = postings["available"].astype("int64")
    exempt = available < task.minimum_days
    prorated = -(-quota.threshold * available // task.days)
    threshold = prorated.mask(exempt, quota.threshold)
    verdict = np.select(
        [exempt, value >= threshold, ~postings["heard"].astype(bool)],
        ["exempt", "pass", "unknown"],
        "fail",
    )
    return _totals(quota.rule, verdict=verdict, value=value, threshold=threshold)


def _coverage(task: Task, folder: Path) -> list[tuple[str, str, int, int, int]]:
    look_day = date.fromisoformat(task.look_day)
    postings = read(folder, "postings")
    held = postings[
        postings["role"].isin(task.coverage_roles)
        & (postings["valid_from"] <= look_day)
        & (postings["valid_to"].isna() | (postings["valid_to"] > look_day))
    ]
    villages = read(folder, "villages", columns=["village_code"])["village_code"]
    value = villages.map(held.groupby("village_code").size()).fillna(0).astype("int64")
    verdict = np.select(
        [value.between(task.coverage_low, task.coverage_high), value > task.coverage_high],
        ["pass", "advice"],
        "fail",
    )
    return _totals(task.coverage, verdict=verdict, value=value, threshold=value * 0)


def _totals(
    rule: str, *, verdict: "np.ndarray[tuple[int], np.dtype[np.str_]]", value: pd.Series,
    threshold: pd.Series,
) -> list[tuple[str, str, int, int, int]]:  # fmt: skip
    rows = pd.DataFrame({"verdict": verdict, "value": value, "threshold": threshold})
    totals = rows.groupby("verdict").agg(
        subjects=("value", "size"), value=("value", "sum"), threshold=("threshold", "sum")
    )
    return [(rule, *row) for row in totals.itertuples(name=None)]


if __name__ == "__main__":
    run(measure)
