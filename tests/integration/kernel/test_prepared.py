"""Queries made into SQL once answer as the query sets they come from."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries
from tests.support.fieldwork_factories import V1, V2, County

from cunjing.base.clock import SHANGHAI, now
from cunjing.coverage.models import Posting
from cunjing.kernel.models import Change
from cunjing.kernel.prepared import LONGEST, prepared
from cunjing.staffing.models import Staff

BEGAN, END = date(2026, 1, 1), date(2026, 9, 1)


def postings_of(*, staff_id: UUID, codes: list[str], on: date) -> QuerySet[Posting]:
    rows = Posting.objects.filter(staff_id=staff_id, village_id__in=codes, valid_from__lte=on)
    return rows.select_related("staff__user", "village").order_by("village_id")


def changes_of(*, scopes: list[str], since: datetime) -> QuerySet[Change, tuple[str, datetime]]:
    return Change.objects.filter(scope__in=scopes, at__gte=since).values_list("scope", "at")


def ending(*, staff_id: UUID, on: date | None) -> QuerySet[Posting, str]:
    rows = Posting.objects.filter(valid_to=on, staff_id=staff_id)
    return rows.order_by("village_id").values_list("village_id", flat=True)


def test_models_come_with_what_is_joined(
    world: County, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ask = prepared(postings_of)
    for staff in (world.officer, world.auxiliary, world.officer):
        for codes in ([V1], [V1, V2], [V2], ["99"]):
            wanted = list(postings_of(staff_id=staff.pk, codes=codes, on=BEGAN))
            with django_assert_num_queries(1):
                found = ask(staff_id=staff.pk, codes=codes, on=BEGAN)
                said = [(one.staff.name, one.staff.user, one.village.name) for one in found]
            assert found == wanted
            assert said == [(one.staff.name, one.staff.user, one.village.name) for one in wanted]
    assert ask(staff_id=world.officer.pk, codes=[V1], on=date.min) == []


def test_values_and_moments_are_read_as_always(world: County) -> None:
    moment = datetime(2026, 9, 10, 8, tzinfo=SHANGHAI)
    for n, scope in enumerate(["a", "a", "b"]):
        at = moment + timedelta(hours=n)
        Change.objects.create(scope=scope, record_type="x", record_id=str(n), at=at)
    ask = prepared(changes_of)
    for scopes in (["a"], ["b", "a"], [], [*"abcdefghijklmnopqrstuvwxyz"]):
        for hours in range(4):
            given = {"scopes": scopes, "since": moment + timedelta(hours=hours)}
            assert sorted(ask(**given)) == sorted(changes_of(**given))
    assert len([*"abcdefghijklmnopqrstuvwxyz"]) > LONGEST


def test_a_value_that_is_none_has_sql_of_its_own(world: County) -> None:
    Posting.objects.filter(village_id=V2).update(valid_to=END)
    ask = prepared(ending)
    for on, wanted in ((None, [V1]), (END, [V2]), (BEGAN, []), (None, [V1])):
        assert ask(staff_id=world.officer.pk, on=on) == wanted


def test_what_makes_another_value_of_one_it_was_given_is_refused(world: County) -> None:
    def the_day_before(*, on: date) -> QuerySet[Posting]:
        return Posting.objects.filter(valid_from__lt=on - timedelta(days=1))

    def within(*, name: str) -> QuerySet[Staff]:
        return Staff.objects.filter(name__contains=name)

    def called(*, name: str) -> QuerySet[Staff]:
        return Staff.objects.annotate(**{name: F("name")}).order_by(name)

    def anybody(*, name: str) -> QuerySet[Staff]:
        return Staff.objects.all() if name else Staff.objects.none()

    with pytest.raises(TypeError, match="the_day_before: makes another value"):
        prepared(the_day_before)(on=BEGAN)
    with pytest.raises(TypeError, match="anybody: does not ask for all"):
        prepared(anybody)(name="张")
    with pytest.raises(TypeError, match="within: makes another value"):
        prepared(within)(name="张")
    with pytest.raises(TypeError, match="called: the SQL itself holds a value"):
        prepared(called)(name="张")


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    @prepared
    def locked(*, scope: str) -> QuerySet[Change]:
        return Change.objects.select_for_update().filter(scope=scope)

    Change.objects.create(scope="a", record_type="x", record_id="1", at=now())
    with transaction.atomic():
        assert len(locked(scope="a")) == 1
    with pytest.raises(TransactionManagementError):
        locked(scope="a")
