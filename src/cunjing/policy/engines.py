"""The engines by name, imported only when asked for: each brings its own heavy library or none."""

import importlib
from typing import cast

from cunjing.policy.errors import RequestError
from cunjing.policy.verdict import Engine

ENGINES = {"duckdb": "cunjing.policy.duck.engine", "reference": "cunjing.policy.reference"}
"""Engine name -> module providing `Engine`."""


def load_engine(name: str) -> Engine:
    """The engine of this name. Raises RequestError when it is not installed."""
    module = ENGINES.get(name)
    if module is None:
        raise RequestError(f"这里没有装“{name}”引擎，可用：{'、'.join(ENGINES)}")
    return cast("Engine", importlib.import_module(module))
