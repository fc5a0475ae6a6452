"""The OpenAPI document is valid 3.1, and what the API answers stands in it."""

import json
from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from tests.support.api_factories import World
from tests.support.assessment_factories import AN, AN_V1, STATION_NORTH, V1, uid

from cunjing.api.surface import api
from cunjing.config.wsgi import application

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
PROBLEM = "application/problem+json"
BOUNDED = settings(
    max_examples=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def document() -> dict[str, Any]:
    """As a client reads it."""
    return dict(json.loads(json.dumps(api.get_openapi_schema())))


def test_the_document_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    OPENAPI_31_VALIDATOR.validate(document())


def test_every_operation_has_a_name_a_description_and_its_refusals() -> None:
    names = []
    for operations in document()["paths"].values():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            assert operation["description"]
            assert operation["security"] == [{"TokenAuth": []}]
            expected = {"400", "401", "403", "404", "422"}
            expected |= {"409", "413"} if method != "get" else set()
            assert expected <= set(operation["responses"])
            media = {
                status: list(response["content"])
                for status, response in operation["responses"].items()
            }
            refused = {status for status, kinds in media.items() if kinds == [PROBLEM]}
            assert refused == {status for status in media if status >= "400"}
    assert len(names) == len(set(names))


def test_anyone_may_read_the_document(client: Any) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Host": "localhost"})
    assert answer.status_code == 200
    assert "cj_" not in answer.content.decode()


def operations() -> list[Any]:
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    schema.location = "/api/v1/openapi.json"
    return [result.ok() for result in schema.get_all_operations()]


def known(path: str, world: World) -> dict[str, Any] | None:
    """Path parameters under which there is something to find."""
    ids = {
        "village_code": V1, "unit_code": STATION_NORTH, "household_id": str(uid(1001)),
        "staff_id": str(AN), "record_id": str(uid(101)), "matter_id": world.matter_id,
        "run_id": world.run_id, "rule": "visit-days", "subject": str(AN_V1),
        "policy_id": "bozhou-2014", "draft_id": world.draft_id,
    }  # fmt: skip
    named = {name: value for name, value in ids.items() if f"{{{name}}}" in path}
    return named or None


def exercise(operation: Any, *, world: World, mode: GenerationMode) -> Counter[int]:
    """Ask an address what the document allows, or what it does not; how often each status came."""
    headers = {"Authorization": f"Bearer {world.county.key}", "Host": "localhost"}
    found = known(operation.path, world)
    cases = operation.as_strategy(generation_mode=mode, path_parameters=found)
    answered = Counter[int]()

    @BOUNDED
    @given(cases)
    def ask(case: schemathesis.Case) -> None:
        with transaction.atomic():
            answer = case.call(base_url="http://localhost", headers=headers)
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)
        answered[answer.status_code] += 1

    ask()
    return answered


@pytest.mark.usefixtures("_kept_connection")
@pytest.mark.parametrize(
    ("mode", "seen"), [(GenerationMode.POSITIVE, {200, 404}), (GenerationMode.NEGATIVE, {401, 422})]
)
def test_generated_requests_find_no_fault_of_ours_and_no_undocumented_answer(
    world: World, mode: GenerationMode, seen: set[int]
) -> None:
    answered = Counter[int]()
    for operation in operations():
        answered += exercise(operation, world=world, mode=mode)
    assert seen <= set(answered)
