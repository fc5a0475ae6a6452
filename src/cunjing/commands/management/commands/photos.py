"""`cunjing photos check`: whether every photo that was received has its file.

Exit status: 0 all are there, 3 some are not.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cunjing.cli import DIFFERS
from cunjing.photos.models import Photo
from cunjing.photos.queries import how_many_received, without_content

MOST_SHOWN = 50


class Command(BaseCommand):
    """Hold the rows of photos to their files, as after a restore."""

    help = "现场照片：核对文件是否都在"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One act: `check`."""
        acts = parser.add_subparsers(dest="act", required=True, title="操作")
        acts.add_parser("check", help="核对收到的照片，文件是否都在")

    def handle(self, **_options: object) -> None:
        """Name the photos without a file; with any, end with status 3."""
        received, lacking = how_many_received(), list(without_content())
        self.stdout.write(f"收到的照片 {received} 张，文件不在的 {len(lacking)} 张。")
        for photo in lacking[:MOST_SHOWN]:
            self.stdout.write(f"× {_line(photo)}")
        if len(lacking) > MOST_SHOWN:
            self.stdout.write(f"× 另有 {len(lacking) - MOST_SHOWN} 张未列出。")
        if lacking:
            raise CommandError("有照片缺文件，请从备份的 photos/kept 中找回。", returncode=DIFFERS)


def _line(photo: Photo) -> str:
    owner = photo.record or photo.matter
    kind = "记录" if photo.record else "事项"
    village = owner.village_id if owner else ""
    return f"{village}  {kind} {owner.pk if owner else ''}  {photo.sha256}"
