"""What a device sent can be erased, and its chain still holds."""

import pytest
from tests.support.fieldwork_factories import AWAY
from tests.support.sync_phone import visit, world

from cunjing.base.errors import Problem
from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import AuditEntry
from cunjing.sync import chain
from cunjing.sync.erasing import erase_mutation
from cunjing.sync.models import Mutation

pytestmark = pytest.mark.django_db


def test_an_erased_line_leaves_its_digests_and_the_chain() -> None:
    here = world()
    phone, county = here.phone, here.county
    phone.save("work_record", visit(here))
    phone.save("work_record", visit(here, village_code=AWAY))
    phone.push()
    for actor, status in ((county.as_officer, 403), (county.as_stranger, 404)):
        with pytest.raises(Problem) as refused:
            erase_mutation(actor=actor, device_id=phone.id, n=2, reason="个人信息")
        assert refused.value.status == status
    for n, reason in ((2, " "), (3, "个人信息")):
        with pytest.raises(Problem):
            erase_mutation(actor=county.as_station, device_id=phone.id, n=n, reason=reason)
    erase_mutation(actor=county.as_station, device_id=phone.id, n=2, reason="个人信息")
    rows = Mutation.objects.order_by("n")
    assert [(row.content is None, row.problem) for row in rows] == [(False, None), (True, None)]
    inners = [bytes.fromhex(row.inner) for row in rows]
    hashes = chain.hashes(previous=chain.genesis(phone.id), inners=inners)
    assert [one.hex() for one in hashes] == [row.hash for row in rows]
    assert AuditEntry.objects.get(record_type="sync.mutation").reason == "2：个人信息"
    assert phone.results() == ["accepted", "rejected"]
    assert WorkRecord.objects.count() == 1
