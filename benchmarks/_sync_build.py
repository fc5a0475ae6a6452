"""The county of the benchmark of sync: a village a phone, its households, its officer; and pushes
ready to be sent. Prints what the phones are bound by as JSON.
"""

import base64
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

if TYPE_CHECKING:
    from tests.support.sync_phone import Phone

COUNTY, TOWNSHIP, STATION = "990301", "990301101", "990301101N"
SENDERS, PUSHES, LINES = 4, 5, 500


def main() -> None:
    """Fill an empty database: `_sync_build FOLDER NAME=HOUSEHOLDS…`."""
    django.setup()
    call_command("migrate", verbosity=0)
    folder = Path(sys.argv[1])
    sizes = dict(word.split("=") for word in sys.argv[2:])
    _places()
    bound = {
        name: _village(number, households=int(households))
        for number, (name, households) in enumerate(sizes.items(), start=1)
    }
    (folder / "pushes.json").write_text(json.dumps(_pushes(len(sizes))), "utf-8")
    # Codes last: they are good for ten minutes.
    json.dump({name: _code(**who) for name, who in bound.items()}, sys.stdout)


def _places() -> None:
    from cunjing.places.models import Division, Unit  # noqa: PLC0415 - after setup

    Division.objects.create(code="99", name="演示省", level="province")
    Division.objects.create(code="9903", name="演示市", level="city", parent_id="99")
    Division.objects.create(code=COUNTY, name="演示县", level="county", parent_id="9903")
    Division.objects.create(code=TOWNSHIP, name="演示乡", level="township", parent_id=COUNTY)
    Unit.objects.create(code=STATION, name="演示所", kind="station", division_code=TOWNSHIP)


def _village(number: int, *, households: int) -> dict[str, str]:
    from cunjing.accounts.actions import grant_role  # noqa: PLC0415 - after setup
    from cunjing.accounts.models import User  # noqa: PLC0415 - after setup
    from cunjing.accounts.roles import Role  # noqa: PLC0415 - after setup
    from cunjing.base.clock import today  # noqa: PLC0415 - after setup
    from cunjing.coverage.models import Posting  # noqa: PLC0415 - after setup
    from cunjing.kernel.access import Actor  # noqa: PLC0415 - after setup
    from cunjing.places.models import Household, Village, VillageUnit  # noqa: PLC0415 - after setup
    from cunjing.staffing.models import Staff  # noqa: PLC0415 - after setup

    began, code = today() - timedelta(days=300), f"{TOWNSHIP}{200 + number}"
    Village.objects.create(
        code=code, name=f"演示{number}村", township_id=TOWNSHIP, kind="village", valid_from=began
    )
    VillageUnit.objects.create(village_id=code, unit_id=STATION, valid_from=began)
    user = User.objects.create(username=f"bench-{number}", display_name="演示警")
    staff = Staff.objects.create(
        badge_number=f"演{number}", name="演示警", role="liaison_officer", unit_id=STATION,
        user=user,
    )  # fmt: skip
    Posting.objects.create(village_id=code, staff=staff, role=staff.role, valid_from=began)
    grant_role(
        actor=Actor.for_system("benchmark"), user_id=user.pk, role=Role.OFFICER,
        village_code=code, valid_from=began,
    )  # fmt: skip
    Household.objects.bulk_create(
        [Household(village_id=code, address=f"演示路{at}号") for at in range(households)],
        batch_size=500,
    )
    return {"user": str(user.pk), "village": code, "staff": str(staff.pk)}


def _code(*, user: str, village: str, staff: str) -> dict[str, str]:
    from uuid import UUID  # noqa: PLC0415 - beside its use

    from cunjing.kernel.access import Actor  # noqa: PLC0415 - after setup
    from cunjing.sync.enrolment import create_enrolment_code  # noqa: PLC0415 - after setup
    from cunjing.sync.keys import server_key  # noqa: PLC0415 - after setup

    secret = create_enrolment_code(actor=Actor.for_system("benchmark"), user_id=UUID(user)).secret
    return {
        "code": secret, "fingerprint": server_key().fingerprint, "village": village, "staff": staff
    }  # fmt: skip


def _pushes(villages: int) -> list[list[dict[str, str]]]:
    """By sender its pushes in order, each ready to be sent; made and signed by another phone."""
    from tests.support.sync_phone import Phone  # noqa: PLC0415 - after setup

    from cunjing.accounts.models import User  # noqa: PLC0415 - after setup

    made = []
    for sender in range(SENDERS):
        who = _village(villages + 1 + sender, households=0)
        phone = Phone(User.objects.get(pk=who["user"]))
        phone.enrol()
        for _ in range(PUSHES * LINES):
            phone.save("work_record", visit(village=who["village"], staff=who["staff"]))
        made.append([_push(phone, number) for number in range(PUSHES)])
    return made


def _push(phone: "Phone", number: int) -> dict[str, str]:
    first, last = number * LINES + 1, (number + 1) * LINES
    body = phone.packed(first=first, last=last)
    return {
        "Authorization": f"Device {phone.id}.{phone.token}",
        "Cunjing-Push": phone.header(body, first=first, last=last),
        "body": base64.b64encode(body).decode(),
    }


def visit(*, village: str, staff: str) -> dict[str, object]:
    """A morning in a village some days ago, as a body of `work_record`."""
    from cunjing.base.clock import now  # noqa: PLC0415 - after setup
    from cunjing.base.ids import new_id  # noqa: PLC0415 - after setup

    return {"id": str(new_id()), **said(now(), village=village, staff=staff)}


def said(moment: datetime, *, village: str, staff: str) -> dict[str, object]:
    """What a visit of some days ago says beyond its id."""
    from cunjing.base.clock import SHANGHAI  # noqa: PLC0415 - after setup

    # A fixed hour: a visit that would end the next day asks for a reason.
    began = (moment - timedelta(days=5)).astimezone(SHANGHAI).replace(hour=9)
    left = (began + timedelta(hours=2)).isoformat()
    return {
        "kind": "village_visit", "village_code": village, "staff_id": staff,
        "occurred_at": began.isoformat(),
        "details": {"left_at": left, "log": "巡村一圈，查看路口护栏，走访两户。"},
    }  # fmt: skip


if __name__ == "__main__":
    main()
