"""The one Spark session of a process, started when first asked for and quiet."""

import atexit
import os
import shutil
import tempfile
import warnings
from functools import cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import ibis
import pyarrow as pa
from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from cunjing.policy.errors import RequestError
from cunjing.policy.spark.java import java_home

LOCAL = "local[*]"
_HERE = "127.0.0.1"
_SETTINGS = {
    "spark.app.name": "cunjing",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.maxResultSize": "0",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
_LAST_WORDS = 2000


class Started(NamedTuple):
    """A Spark session, and Ibis on it."""

    session: SparkSession
    ibis: Any


@cache
def started() -> Started:
    """Spark, local or on the master that CUNJING_SPARK_MASTER names.

    Spark's own settings may be changed as for any Spark program: `SPARK_CONF_DIR`,
    `PYSPARK_SUBMIT_ARGS`. RequestError when Java is missing or Spark does not start.
    """
    scratch = Path(tempfile.mkdtemp(prefix="cunjing-spark-"))
    atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    master = os.environ.get("CUNJING_SPARK_MASTER", LOCAL)
    os.environ["JAVA_HOME"] = str(java_home(scratch))
    conf = SparkConf(loadDefaults=False)
    conf.setAll([*_SETTINGS.items(), ("spark.master", master), *_where(master).items()])
    with (scratch / "log").open("w+b") as log:
        try:
            gateway = launch_gateway(conf, popen_kwargs={"stdout": log, "stderr": log})
            SparkContext(conf=conf, gateway=gateway)
        except Exception as error:
            raise RequestError(_sorry(master, log, error)) from error
    session = SparkSession.builder.getOrCreate()
    return Started(session, ibis.pyspark.connect(session))


def collected(frame: Any) -> pa.Table:
    """The rows of a Spark data frame."""
    with warnings.catch_warnings():
        # What came through the socket is read to its end; its closing is left to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        return frame.toArrow()


def _where(master: str) -> dict[str, str]:
    """A driver whose master is this machine is spoken to on this machine only."""
    if master.startswith("local") or _HERE in master:
        return {"spark.driver.host": _HERE, "spark.driver.bindAddress": _HERE}
    return {}


def _sorry(master: str, log: IO[bytes], error: Exception) -> str:
    log.seek(0)
    said = log.read().decode("utf-8", "replace").strip()[-_LAST_WORDS:]
    return f"Spark（{master}）没有启动：{error}\n{said}".rstrip()
