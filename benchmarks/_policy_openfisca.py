"""OpenFisca as a modeller would use it: pandas brings the facts in, the model judges the month."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openfisca_core.simulations import Simulation, SimulationBuilder

from benchmarks import _policy_openfisca_model as model
from benchmarks._policy_pandas import absent_days, read
from benchmarks._policy_task import Answer, Task, counted, cpu_seconds, run

_EVENTS = [
    "kind", "village_code", "staff_id", "local_date", "occurred_at", "received_at", "object_id",
    "void",
]  # fmt: skip
_MICROSECONDS = 1_000_000


def measure(task: Task, folder: Path) -> Answer:
    """Load, then calculate every verdict; the CPU seconds of calculating alone are a part."""
    simulation = _loaded(task, folder)
    before = cpu_seconds()
    rows = [row for quota in task.quotas for row in _quota(simulation, quota.rule, task.period)]
    rows += _coverage(simulation, task)
    return Answer(counts=counted(rows), cpu_parts={"simulation": cpu_seconds() - before})


def _loaded(task: Task, folder: Path) -> Simulation:
    postings = _postings(task, folder)
    villages = read(folder, "villages", columns=["village_code"])["village_code"]
    entries = _entries(task, folder, postings)
    times = {"watermark": task.as_of, "synced_by": task.synced_by}
    seconds = {name: int(datetime.fromisoformat(text).timestamp()) for name, text in times.items()}
    system = model.system(task, **seconds)
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("entry", range(len(entries)))
    posting = builder.declare_entity("posting", range(len(postings)))
    village = builder.declare_entity("village", range(len(villages)))
    of_posting = entries["posting"].to_numpy()
    builder.join_with_persons(posting, of_posting, roles=np.zeros(len(entries), dtype=int))
    # Set by hand: join_with_persons would take a village without entries for the next one.
    home = pd.Index(villages).get_indexer(postings["village_code"])
    village.members_entity_id = home[of_posting]
    simulation = builder.build(system)
    _set_postings(simulation, task, folder, postings)
    for name in ("is_record", "kind", "day", "received_at", "is_void", "visited"):
        simulation.set_input(name, "ETERNITY", entries[name].to_numpy())
    return simulation


def _postings(task: Task, folder: Path) -> pd.DataFrame:
    postings = read(folder, "postings")
    start, end = date.fromisoformat(task.start), date.fromisoformat(task.end)
    return postings.assign(
        posting=np.arange(len(postings)),
        day_from=postings["valid_from"].clip(lower=start),
        day_to=postings["valid_to"].fillna(end).clip(upper=end),
    )


def _entries(task: Task, folder: Path, postings: pd.DataFrame) -> pd.DataFrame:
    """One row per posting and one per record of its officer in its village."""
    events = read(folder, "events", columns=_EVENTS, filters=[("kind", "in", task.kinds)])
    received = events["received_at"].fillna(events["occurred_at"])
    kinds = [quota.kind for quota in task.quotas]
    events = pd.DataFrame(
        {
            "village_code": events["village_code"],
            "staff_id": events["staff_id"],
            "is_record": True,
            "kind": pd.Categorical(events["kind"], categories=kinds).codes,
            "day": _days(events["local_date"]),
            "received_at": _seconds(received),
            "is_void": events["void"].fillna(value=False).to_numpy(dtype=bool),
            "visited": pd.factorize(events["object_id"])[0].astype("int32"),
        }
    )
    keys = ["village_code", "staff_id"]
    records = events.merge(postings[[*keys, "posting"]], on=keys).drop(columns=keys)
    own = pd.DataFrame({"posting": postings["posting"], "is_record": False, "kind": -1})
    own = own.assign(day=np.datetime64("1970-01-01", "D"), received_at=0, is_void=False, visited=-1)
    return pd.concat([own.astype(records.dtypes), records])


def _days(dates: pd.Series) -> Any:
    """Dates as numpy has them; by way of times, else pandas makes each a Python object first."""
    return dates.astype("timestamp[s][pyarrow]").to_numpy(dtype="datetime64[D]")


def _seconds(moments: pd.Series) -> Any:
    """Whole seconds since 1970, rounded up so that none seems earlier; 0 where there is none."""
    ticks = moments.fillna(pd.Timestamp(0, tz="UTC")).to_numpy(dtype="datetime64[us]")
    return (-(-ticks.astype("int64") // _MICROSECONDS)).astype("int32")


def _set_postings(simulation: Simulation, task: Task, folder: Path, postings: pd.DataFrame) -> None:
    sync = read(folder, "sync").set_index("staff_id")["last_sync_at"]
    heard = pd.Series(_seconds(sync), index=sync.index)
    inputs = {
        "valid_from": _days(postings["valid_from"]),
        "valid_to": _days(postings["valid_to"].fillna(date.max)),
        "is_asked": postings["role"].isin(task.roles).to_numpy(dtype=bool),
        "covers": postings["role"].isin(task.coverage_roles).to_numpy(dtype=bool),
        "last_sync_at": postings["staff_id"].map(heard).fillna(0).to_numpy(dtype="int32"),
    }
    for name, cells in inputs.items():
        simulation.set_input(name, "ETERNITY", cells)
    absent = absent_days(folder, postings).to_numpy(dtype="int32")
    simulation.set_input("absent_days", task.period, absent)


def _quota(simulation: Simulation, rule: str, month: str) -> list[tuple[str, str, int, int, int]]:
    value, threshold, verdict = (
        simulation.calculate(model.variable_name(rule, part), month)
        for part in ("value", "threshold", "verdict")
    )
    asked = simulation.calculate("is_asked", month) & (
        simulation.calculate("posted_days", month) > 0
    )
    return _totals(rule, verdict[asked], value=value[asked], threshold=threshold[asked])


def _coverage(simulation: Simulation, task: Task) -> list[tuple[str, str, int, int, int]]:
    verdict = simulation.calculate("coverage", task.period)
    value = simulation.calculate("officers", task.period)
    return _totals(task.coverage, verdict, value=value, threshold=value * 0)


def _totals(
    rule: str, verdict: model.Array, *, value: model.Array, threshold: model.Array
) -> list[tuple[str, str, int, int, int]]:
    rows = []
    for kind in model.VERDICTS:
        chosen = np.asarray(verdict) == kind.index
        if chosen.any():
            sums = (int(chosen.sum()), int(value[chosen].sum()), int(threshold[chosen].sum()))
            rows.append((rule, kind.value, *sums))
    return rows


if __name__ == "__main__":
    run(measure)
