"""Phones and the station at the same moment: nothing is lost, nothing is done twice."""

import time
from typing import Any

import pytest
from django.db import transaction
from tests.support.fieldwork_factories import V1, V2
from tests.support.places_factories import system
from tests.support.race import at_once, runners
from tests.support.sync_phone import Phone, entry, visit, world

from cunjing.fieldwork.models import WorkRecord
from cunjing.kernel.models import Change
from cunjing.places.actions.households import NewHousehold, add_household, move_households
from cunjing.places.models import Household
from cunjing.sync.enrolment import create_enrolment_code
from cunjing.sync.models import Device, Mutation

pytestmark = pytest.mark.django_db(transaction=True)
HOUSES = 12


def test_no_row_is_lost_to_pulls_between_the_commits_of_others() -> None:
    """Half of the threads write in transactions that stay open; the others pull all the while."""
    here = world()
    phones = [Phone(here.user) for _ in range(runners())]
    for phone in phones:
        phone.enrol()

    def act(number: int) -> None:
        for place in range(HOUSES):
            if number % 2:
                phones[number].pull()
            else:
                with transaction.atomic():
                    village = (V1, V2)[place % 2]
                    house = NewHousehold(address=f"演示{number}巷{place}号")
                    add_household(actor=system(), village_code=village, household=house)
                    # Later numbers of the log are committed before this one.
                    time.sleep(0.02 * (number % 3))

    at_once(act)
    for phone in phones:
        phone.pull()
        for village in (V1, V2):
            houses = Household.objects.filter(village_id=village).values_list("pk", flat=True)
            assert phone.ids(village, "household") == {str(key) for key in houses}
    assert not Change.objects.filter(scope__in=(V1, V2), number=None).exists()
    numbers = list(Change.objects.filter(scope=V1).values_list("number", flat=True))
    assert len(set(numbers)) == len(numbers)


def test_a_household_that_moves_to_and_fro_ends_where_it_is() -> None:
    here = world()
    house = here.county.households[0]
    phones = [Phone(here.user) for _ in range(runners())]
    for phone in phones:
        phone.enrol()

    def act(number: int) -> None:
        for place in range(HOUSES):
            if number:
                phones[number].pull()
            else:
                target = (V2, V1)[place % 2]
                move_households(actor=system(), household_ids=[house], village_code=target)

    at_once(act)
    for phone in phones:
        phone.pull()
        assert str(house) in phone.ids(V1, "household")
        assert str(house) not in phone.ids(V2, "household")


def test_the_same_push_many_times_at_once_is_done_once() -> None:
    here = world()
    phone = here.phone
    phone.save("visit_entry", entry(here))
    for _ in range(5):
        phone.save("work_record", visit(here))
    body = phone.packed()
    header = phone.header(body)

    def act(number: int) -> Any:
        return phone.post("push", body, header=header)

    answers = at_once(act)
    assert {answer.status_code for answer in answers} == {200}
    results = [answer.json()["results"] for answer in answers]
    assert all(one == results[0] for one in results)
    assert len({answer.json()["anchor"]["n"] for answer in answers}) == runners()
    assert (Mutation.objects.count(), WorkRecord.objects.count()) == (6, 7)


def test_the_same_record_from_several_phones_at_once_is_stored_once() -> None:
    here = world()
    phones = [Phone(here.user) for _ in range(runners())]
    body = visit(here)
    for phone in phones:
        phone.enrol()
        phone.save("work_record", body)
    answers = at_once(lambda number: phones[number].push())
    assert [one["result"] for a in answers for one in a.json()["results"]] == ["accepted"] * len(
        phones
    )
    assert WorkRecord.objects.count() == 1


def test_a_code_binds_one_of_several_phones() -> None:
    here = world()
    code = create_enrolment_code(actor=system(), user_id=here.user.pk).secret
    phones = [Phone(here.user) for _ in range(runners())]
    answers = at_once(lambda number: phones[number].enrol(code))
    assert sorted(answer.status_code for answer in answers) == [201] + [403] * (runners() - 1)
    assert Device.objects.count() == 2
