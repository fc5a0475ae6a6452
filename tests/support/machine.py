"""What differs between machines."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def elsewhere() -> Iterator[None]:
    """The machine's clock stands in New York instead of Shanghai."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/New_York"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
