"""The engines by name, imported only when asked for: each brings its own heavy library or none."""

import importlib
from typing import cast

from cunjing.policy.errors import RequestError
from cunjing.policy.verdict import Engine

ENGINES = {
    "duckdb": "cunjing.policy.engine",
    "reference": "cunjing.policy.reference",
    "spark": "cunjing.policy.spark.engine",
}
"""Engine name -> module providing `Engine`."""

_EXTRA = {"ibis", "pyspark"}
"""Libraries of `requirements/spark.txt`, which a plain installation does without."""


def load_engine(name: str) -> Engine:
    """The engine of this name. Raises RequestError when it is not installed."""
    module = ENGINES.get(name)
    if module is None:
        raise RequestError(f"这里没有装“{name}”引擎，可用：{'、'.join(ENGINES)}")
    try:
        return cast("Engine", importlib.import_module(module))
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise RequestError(f"“{name}”引擎要另装，请运行 ./run setup --spark") from error
