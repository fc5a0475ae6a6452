"""The name an attempt is counted under."""

import pytest
from django.test import RequestFactory

from cunjing.accounts.sign_in import attempted_name


@pytest.mark.parametrize(
    ("credentials", "posted"),
    [
        ({"username": "A001"}, {}),
        ({"login": " a001"}, {}),
        (None, {"login": "A001 "}),
        ({}, {"login": "a001"}),
        ({"username": "", "login": "A001"}, {}),
    ],
)
def test_the_same_name_however_it_arrives(
    credentials: dict[str, str] | None, posted: dict[str, str]
) -> None:
    request = RequestFactory().post("/account/login/", posted)
    assert attempted_name(request, credentials) == "a001"


def test_no_name_is_no_name() -> None:
    assert attempted_name(RequestFactory().get("/"), None) == ""
