"""Pages of lists: a size and an opaque cursor."""

from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

DEFAULT_SIZE = 50
MOST = 200


class Strict(Schema):
    """A schema that refuses what it does not know, so that a misspelt name is never lost."""

    model_config = ConfigDict(extra="forbid")


class PageQuery(Strict):
    """`limit` rows from `cursor` on; the cursor comes from the answer before."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = DEFAULT_SIZE
    cursor: str = ""
