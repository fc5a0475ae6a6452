"""cunjing units seed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.support.places_factories import found_county

from cunjing.places.models import VillageUnit

pytestmark = pytest.mark.django_db


def test_it_seeds_a_county_and_says_so() -> None:
    county = found_county()
    out = StringIO()
    call_command("units", "seed", county.code, stdout=out)
    assert out.getvalue() == "990101：新增单位3个，划入6个村，0个村已有归属。\n"
    assert VillageUnit.objects.count() == 6


def test_a_county_not_imported_ends_with_status_2() -> None:
    with pytest.raises(CommandError, match="divisions import") as caught:
        call_command("units", "seed", "990101")
    assert caught.value.returncode == 2
