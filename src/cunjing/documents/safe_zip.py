"""Opening the zip inside an xlsx without trusting what it says about itself."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from cunjing.documents.refusals import bomb, damaged, unreadable
from cunjing.documents.sheets import MEGABYTE, SheetLimits

_ENCRYPTED = 0x1
_LONGEST_TOKEN = 2 * MEGABYTE
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
"""What zipfile raises on a damaged or unsupported archive."""


class SafeZip:
    """An archive whose parts are inflated against one common budget."""

    def __init__(self, *, stream: IO[bytes], limits: SheetLimits) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except (*BROKEN, ValueError) as error:
            raise damaged() from error
        self._left = limits.max_inflated
        self._parts = _checked_parts(archive=self._zip, limits=limits)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @contextmanager
    def open(self, name: str) -> Iterator["BudgetedStream"]:
        """A part to read from; raises Problem where it is missing, damaged or over the budget."""
        if name not in self._parts:
            raise damaged()
        try:
            with self._zip.open(self._parts[name]) as part:
                yield BudgetedStream(part=part, archive=self)
        except BROKEN as error:
            raise damaged() from error

    def spend(self, size: int) -> None:
        """Take inflated bytes from the budget; stops the reading when it is used up."""
        self._left -= size
        if self._left < 0:
            raise bomb()


class BudgetedStream:
    """A part being inflated; every byte counts, whatever the archive declares."""

    def __init__(self, *, part: IO[bytes], archive: SafeZip) -> None:
        self._part = part
        self._archive = archive
        self._unparsed = 0

    def read(self, size: int = 65_536) -> bytes:
        """Up to `size` bytes; a parser that takes very many without an element is fed junk."""
        data = self._part.read(size)
        self._archive.spend(len(data))
        self._unparsed += len(data)
        if self._unparsed > _LONGEST_TOKEN:
            raise bomb()
        return data

    def parsed(self) -> None:
        """The parser found an element in what it has read."""
        self._unparsed = 0


def _checked_parts(*, archive: zipfile.ZipFile, limits: SheetLimits) -> dict[str, zipfile.ZipInfo]:
    """The parts by name, after checking everything the directory declares."""
    parts = archive.infolist()
    if len(parts) > limits.max_entries:
        raise bomb()
    if sum(part.file_size for part in parts) > limits.max_inflated:
        raise bomb()
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise unreadable("文件设了密码，读不了。请去掉打开密码后再上传。")
        large = part.file_size > MEGABYTE
        if large and part.file_size > part.compress_size * limits.max_ratio:
            raise bomb()
    by_name = {part.filename: part for part in parts}
    if len(by_name) != len(parts):
        raise damaged()
    return by_name
