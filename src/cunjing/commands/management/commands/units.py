"""cunjing units seed 532323 …"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from cunjing.base.errors import Problem
from cunjing.kernel.access import Actor
from cunjing.places.actions.units import seed_units


class Command(BaseCommand):
    """Seed county bureau, stations and the villages they answer for from division codes."""

    help = "按区划代码建立县局、派出所及其管辖的村"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One act: `seed`."""
        acts = parser.add_subparsers(dest="act", required=True)
        seed = acts.add_parser("seed", help="建立县局、每个乡镇一个派出所，村随乡镇")
        seed.add_argument("codes", nargs="+", metavar="县代码", help="6位县级代码，如532323")

    def handle(self, **options: object) -> None:
        """Seed each county; a refusal ends with status 2."""
        actor = Actor.for_system("units seed")
        for code in map(str, options["codes"]):  # type: ignore[call-overload]
            try:
                result = seed_units(actor=actor, county_code=code)
            except Problem as problem:
                raise CommandError(problem.detail, returncode=2) from problem
            self.stdout.write(
                f"{code}：新增单位{result.units_added}个，划入{result.villages_assigned}个村，"
                f"{result.kept}个村已有归属。"
            )
