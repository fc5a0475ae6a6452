"""The lines of a push: unpacked within limits, read, numbered without gaps, chained."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from cunjing.base.errors import Problem, ProblemKind
from cunjing.sync.chain import inner_digest
from cunjing.sync.header import PushHeader

MOST_BYTES = 16 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class LineForm(BaseModel):
    """The frame of a line; what stands in `body` is the affair of its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    n: Annotated[int, Field(ge=1)]
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    type: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    schema_: Annotated[int, Field(alias="schema", ge=1, le=2**31 - 1)]
    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    saved_at: Annotated[str, Field(max_length=40)]
    anchor: dict[str, Any] | None
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it came, byte for byte, with its frame and its inner digest; `n` is its number on
    the device, `id` that of the mutation."""

    n: int
    id: UUID
    raw: bytes
    form: LineForm
    inner: bytes


class UnreadableLinesError(ValueError):
    """Lines that a sound device never sends; the push is kept whole for a person to look at."""


def unpacked(body: bytes) -> bytes:
    """The text of a gzip body, at most 16 MiB.

    Raises 41301 for more, UnreadableLinesError for a body that is no whole gzip.
    """
    packed = zlib.decompressobj(wbits=_GZIP)
    try:
        text = packed.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise UnreadableLinesError("not gzip") from error
    if len(text) > MOST_BYTES:
        detail = "解压后超过 16 MB，什么都没有保存。请分几次发送。"
        raise Problem(ProblemKind.TOO_LARGE, detail)
    if not packed.eof or packed.unused_data:
        raise UnreadableLinesError("not one whole gzip member")
    return text


def read_lines(*, header: PushHeader, text: bytes) -> list[Line]:
    """The lines of a push. Raises UnreadableLinesError where they are not what the header says."""
    *raws, rest = text.split(b"\n")
    if rest or len(raws) != header.count:
        raise UnreadableLinesError(f"{header.count} lines announced, {len(raws)} came whole")
    lines = [line_of(raw) for raw in raws]
    if [line.n for line in lines] != list(range(header.first, header.last + 1)):
        raise UnreadableLinesError("lines out of order")
    return lines


def line_of(raw: bytes) -> Line:
    """One line by itself. Raises UnreadableLinesError for what is no mutation."""
    try:
        form = LineForm.model_validate(from_json(raw, allow_inf_nan=False))
    except (ValidationError, ValueError) as error:
        raise UnreadableLinesError("a line that is no mutation") from error
    inner = inner_digest(salt=bytes.fromhex(form.salt), line=raw)
    return Line(n=form.n, id=UUID(form.id), raw=raw, form=form, inner=inner)


def inners(lines: Sequence[Line]) -> list[bytes]:
    """The inner digests of lines."""
    return [line.inner for line in lines]
