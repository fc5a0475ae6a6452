"""The engines tests ask hundreds of small questions."""

from cunjing.policy.engines import ENGINES

AT_ONCE = tuple(sorted(ENGINES.keys() - {"spark"}))
"""Those that answer in milliseconds. Spark takes a second for each question: it answers every spec
(`tests/spec/test_specs_on_spark.py`) and a sample of made-up counties."""
