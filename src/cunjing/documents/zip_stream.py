"""A zip made while it is sent: each part is compressed as its text arrives."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence

from cunjing.documents.xlsx_parts import Part


class _Outbox:
    """What the archive writes, until it is taken away; cannot be sought, so nothing is patched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep a piece."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def close(self) -> None:
        """Nothing to give back."""

    def taken(self) -> bytes:
        """Everything written since the last time."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def zip_chunks(parts: Sequence[Part]) -> Iterator[bytes]:
    """The bytes of a zip of these parts, in order."""
    outbox = _Outbox()
    with zipfile.ZipFile(outbox, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for part in parts:
            yield from _part_chunks(archive=archive, outbox=outbox, part=part)
    yield outbox.taken()


def _part_chunks(*, archive: zipfile.ZipFile, outbox: _Outbox, part: Part) -> Iterator[bytes]:
    texts: Iterable[str] = part.texts
    with archive.open(part.name, "w", force_zip64=False) as entry:
        for text in texts:
            entry.write(text.encode())
            if data := outbox.taken():
                yield data
    yield outbox.taken()
