"""What a photo may be: a small JPEG that holds a picture and nothing about whoever took it.

Fail closed: parts are allowed by name, everything else in the file is a reason to refuse it.
"""

import io
import struct
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

MOST_BYTES = 400 * 1024
MOST_PIXELS = 1600
"""The longer side."""
MOST_OF_ONE = 9
"""Photos beside one record or matter."""

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_RESTARTS = range(0xD0, 0xD8)
_JFIF = 0xE0
# Tables, the frame (baseline, extended, progressive) and the scan: what a decoder needs.
_NEEDED = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SCAN})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_JFIF_BYTES = 14
# What Pillow may know of such a picture.
_KNOWN = frozenset(
    {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive", "progression"}
)


class NotCleanError(ValueError):
    """Why a content is no photo this product keeps; the text is Chinese, for people."""


def check_photo(content: bytes) -> None:
    """Raise NotCleanError unless `content` is a whole JPEG of allowed size without metadata."""
    if len(content) > MOST_BYTES:
        raise NotCleanError(f"照片超过 {MOST_BYTES // 1024} KB。")
    for marker, body in segments(content):
        if marker == _JFIF:
            _check_jfif(body)
        elif marker not in _NEEDED:
            raise NotCleanError("照片里还带有拍摄信息或说明文字。")
        elif marker in _FRAMES:
            _check_frame(body)
    _check_picture(content)


def segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Marker and body of each segment between start and end of a JPEG.

    Raises NotCleanError where the content is no JPEG, is cut, or goes on after its end.
    """
    if content[:2] != bytes((0xFF, _START)):
        raise NotCleanError("照片不是 JPEG 格式。")
    place = 2
    while True:
        marker, place = _marker(content, place)
        if marker == _END:
            break
        (size,) = struct.unpack(">H", _taken(content, place, 2))
        if size < 2:
            raise NotCleanError("照片文件已损坏。")
        yield marker, _taken(content, place + 2, size - 2)
        place += size
        if marker == _SCAN:
            place = _after_scan(content, place)
    if place != len(content):
        raise NotCleanError("照片末尾还带有别的内容。")


def _marker(content: bytes, place: int) -> tuple[int, int]:
    if _taken(content, place, 1) != b"\xff":
        raise NotCleanError("照片文件已损坏。")
    return _taken(content, place + 1, 1)[0], place + 2


def _after_scan(content: bytes, place: int) -> int:
    """Where the entropy-coded bytes end: at the next marker that is no restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0:
            raise NotCleanError("照片文件不完整。")
        following = _taken(content, place + 1, 1)[0]
        if following != 0 and following not in _RESTARTS:
            return place
        place += 2


def _taken(content: bytes, place: int, size: int) -> bytes:
    part = content[place : place + size]
    if len(part) != size:
        raise NotCleanError("照片文件不完整。")
    return part


def _check_jfif(body: bytes) -> None:
    """The JFIF header alone: a thumbnail would be a second picture, perhaps of something else."""
    if body[:5] != b"JFIF\0" or len(body) != _JFIF_BYTES or body[-2:] != b"\0\0":
        raise NotCleanError("照片里还带有缩略图。")


def _check_frame(body: bytes) -> None:
    """The sides a frame declares, before anybody makes room for so many pixels."""
    height, width = struct.unpack(">HH", _taken(body, 1, 4))
    if max(height, width) > MOST_PIXELS:
        raise NotCleanError(f"照片的长边超过 {MOST_PIXELS} 像素。")


def _check_picture(content: bytes) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            if picture.getexif() or set(picture.info) - _KNOWN:
                raise NotCleanError("照片里还带有拍摄信息或说明文字。")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, NotCleanError):
            raise
        raise NotCleanError("照片打不开，可能已损坏。") from error
