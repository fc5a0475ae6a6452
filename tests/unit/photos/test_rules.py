"""A photo is a picture and nothing else: what is not known to be harmless is refused."""

import struct
from typing import Any

import pytest
from PIL import Image
from tests.support.photos_factories import picture

from cunjing.photos.rules import MOST_BYTES, NotCleanError, check_photo

CLEAN = picture()


def with_segment(marker: int, body: bytes) -> bytes:
    """The clean picture with one more segment after its start."""
    segment = bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body
    return CLEAN[:2] + segment + CLEAN[2:]


@pytest.mark.parametrize("saved", [{}, {"progressive": True}, {"dpi": (72, 72)}])
def test_a_plain_picture_passes(saved: dict[str, Any]) -> None:
    check_photo(picture(**saved))


@pytest.mark.parametrize("marker", [*range(0xE1, 0xF0), 0xFE, 0xC8, 0xF0])
def test_every_other_segment_is_refused(marker: int) -> None:
    with pytest.raises(NotCleanError, match="拍摄信息"):
        check_photo(with_segment(marker, b"something"))


def test_a_place_in_the_exif_is_refused() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    with pytest.raises(NotCleanError, match="拍摄信息"):
        check_photo(picture(exif=exif))


def test_a_thumbnail_is_refused() -> None:
    small = b"JFIF\0\1\1\0\0\1\0\1\1\1" + bytes(3)
    with pytest.raises(NotCleanError, match="缩略图"):
        check_photo(with_segment(0xE0, small))
    with pytest.raises(NotCleanError, match="缩略图"):
        check_photo(with_segment(0xE0, b"JFXX\0\x10" + b"x" * 20))


def test_nothing_follows_the_end() -> None:
    with pytest.raises(NotCleanError, match="末尾"):
        check_photo(CLEAN + b"GPS 30.1 120.2")


def test_a_photo_cut_anywhere_is_refused() -> None:
    for length in range(len(CLEAN)):
        with pytest.raises(NotCleanError):
            check_photo(CLEAN[:length])


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n", b"\xff\xd8\xff\xd9"])
def test_another_format_is_refused(content: bytes) -> None:
    with pytest.raises(NotCleanError):
        check_photo(content)


def test_a_frame_that_declares_more_than_it_holds_is_refused_unseen() -> None:
    place = CLEAN.index(bytes((0xFF, 0xC0))) + 5
    huge = CLEAN[:place] + struct.pack(">HH", 65_500, 65_500) + CLEAN[place + 4 :]
    with pytest.raises(NotCleanError, match="像素"):
        check_photo(huge)


def test_sizes_have_limits() -> None:
    with pytest.raises(NotCleanError, match="像素"):
        check_photo(picture(size=(1601, 8)))
    with pytest.raises(NotCleanError, match="KB"):
        check_photo(CLEAN + bytes(MOST_BYTES))
