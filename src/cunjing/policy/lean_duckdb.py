"""DuckDB's engine without the rest of its Python package.

`import duckdb` costs 60 ms more than the engine in it, mostly for data frames we never use: more
than evaluating a county. Everything in `policy` takes the engine from here.
"""

from _duckdb import (
    ConversionException,
    DuckDBPyConnection,
    Error,
    InvalidInputException,
    IOException,
    OutOfMemoryException,
    SerializationException,
    connect,
)

__all__ = [
    "ConversionException",
    "DuckDBPyConnection",
    "Error",
    "IOException",
    "InvalidInputException",
    "OutOfMemoryException",
    "SerializationException",
    "connect",
]
