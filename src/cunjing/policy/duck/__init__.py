"""The DuckDB engine, in three stages.

1. Records -> state: one mergeable row per subject, source of events and month (`sql/state.sql`).
2. State -> verdicts: rules are tables the state is joined to (`sql/measures.sql`, `posts.sql`,
   `pay.sql`, `verdicts.sql`); there is never a query per subject.
3. Verdict -> explanation, on demand: the rows one subject rests on are looked up
   (`sql/subject.sql`); `policy.engine` has the plain interpreter judge them, which tells the ids
   counted and the events rejected with the first reason that holds.

The SQL is plain DuckDB (1.5 and 2.0) on the views `Facts.connect` gives. Values are integers
throughout; policies and ids reach it as rows and variables, never as text of a statement.
"""

from cunjing.policy.duck.engine import evaluate, name

__all__ = ["evaluate", "name"]
