"""Invented people never come to stand among real ones."""

import pytest
from tests.support.places_factories import found_policed_county
from tests.support.staffing_factories import make_staff

from cunjing.base.errors import Problem, ProblemKind
from cunjing.demo.actions import load_demo
from cunjing.places.models import Village

pytestmark = pytest.mark.django_db


def test_the_demo_refuses_a_database_with_other_people() -> None:
    county = found_policed_county()
    make_staff("A001", unit_code=county.code)
    with pytest.raises(Problem, match="空的数据库") as refused:
        load_demo(say=lambda _words: None)
    assert refused.value.kind is ProblemKind.CONFLICT
    assert set(Village.objects.values_list("code", flat=True)) == set(county.villages)
