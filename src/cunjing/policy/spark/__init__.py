"""The Spark engine: the same verdicts as portable Ibis expressions, for more than one machine.

1. Records -> state: one row per subject, source of events and month (`events`).
2. State -> verdicts: rules are rows the state is joined to (`subjects`, `postings`, `militia`,
   `posts`, `pay`, `verdicts`); never a query per subject, one query for all rules.
3. Verdict -> explanation, on demand (`rejected`).

`engine` is what `load_engine` hands out. `views` and `session` are all that knows of Spark; the
other modules turn Ibis tables into Ibis tables. Importing them needs `requirements/spark.txt`.
"""
