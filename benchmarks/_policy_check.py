"""What checking a folder costs, once per delivery: `cunjing facts check --remember`."""

from pathlib import Path

from benchmarks._policy_task import Answer, Task, run
from cunjing.policy.facts import open_facts
from cunjing.policy.soundness import FILE_NAME


def measure(_: Task, folder: Path) -> Answer:
    """Check everything as if never seen, and remember it."""
    (folder / FILE_NAME).unlink(missing_ok=True)
    with open_facts(folder) as facts:
        facts.remember()
    return Answer(counts={})


if __name__ == "__main__":
    run(measure)
