"""Facts in a PostgreSQL schema: every spec is answered from there, and bad facts are refused."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from tests.spec.answers import all_specs, given_answer, wanted_answer
from tests.spec.reader import Spec
from tests.support.facts_schema import SCHEMA, address, connected, fill

from cunjing.cli import main
from cunjing.policy import engine
from cunjing.policy.errors import InputError, RequestError
from cunjing.policy.postgres_facts import open_postgres_facts

# The schema lies in the test database, which is made for tests that say they need it.
pytestmark = pytest.mark.django_db
SPECS = [pytest.param(spec, id=name) for name, spec in all_specs()]
VILLAGES = [{"village_code": "532323100200", "name": "甲村"}]
EMPTY: dict[str, list[dict[str, Any]]] = {"staff": [], "postings": [], "events": []}


@pytest.fixture(scope="module")
def database(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The test database of this worker, in which the schema is made."""
    with connected() as connection:
        yield connection
        connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


@pytest.mark.parametrize("spec", SPECS)
def test_the_spec_is_answered_from_postgresql(
    spec: Spec, database: psycopg.Connection[Any]
) -> None:
    fill(database, spec.tables)
    with open_postgres_facts(address()) as facts:
        assert given_answer(engine, spec, facts) == wanted_answer(spec)


def test_a_bad_row_names_table_row_and_column(database: psycopg.Connection[Any]) -> None:
    happened = {"kind": "village_visit", "local_date": date(2026, 9, 1)}
    rows = [
        {"event_id": "b", "village_code": "532323100299", **happened},
        {"event_id": "a", "village_code": "532323100200", **happened},
    ]
    fill(database, EMPTY | {"villages": VILLAGES, "events": rows})
    with pytest.raises(InputError) as caught, open_postgres_facts(address()):
        pass
    (finding,) = caught.value.findings
    assert (finding.file, finding.row, finding.column) == ("events.csv", 3, "village_code")


def test_an_unknown_column_is_refused(database: psycopg.Connection[Any]) -> None:
    fill(database, EMPTY | {"villages": VILLAGES})
    database.execute(f"ALTER TABLE {SCHEMA}.staff ADD shoe_size integer")
    with pytest.raises(InputError, match="shoe_size"), open_postgres_facts(address()):
        pass


def test_other_tables_of_the_schema_are_left_alone(database: psycopg.Connection[Any]) -> None:
    fill(database, EMPTY | {"villages": VILLAGES})
    database.execute(f"CREATE TABLE {SCHEMA}.notes (text text)")
    with open_postgres_facts(address()) as facts:
        assert not facts.unread


def test_a_table_misnamed_but_for_capitals_is_refused(database: psycopg.Connection[Any]) -> None:
    fill(database, EMPTY | {"villages": VILLAGES})
    database.execute(f'CREATE TABLE {SCHEMA}."Absences" (staff_id text)')
    with pytest.raises(InputError, match="Absences：表名要全用小写，应为 absences"):
        open_postgres_facts(address()).__enter__()


@pytest.fixture
def reader(database: psycopg.Connection[Any]) -> Iterator[str]:
    """The address for a user, of this worker's own, who may read the tables that there are."""
    role = f"reader_of_{database.info.dbname}"
    fill(database, EMPTY | {"villages": VILLAGES})
    database.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'reads'")
    database.execute(f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}")
    database.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}")
    yield re.sub("//[^@]*@", f"//{role}:reads@", address())
    database.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


@pytest.mark.parametrize("columns", ["", "(staff_id, kind)"])
def test_a_table_that_may_not_be_read_is_not_taken_for_an_empty_one(
    database: psycopg.Connection[Any], reader: str, columns: str
) -> None:
    with open_postgres_facts(reader) as facts:
        assert facts.has("events")
    database.execute(f"CREATE TABLE {SCHEMA}.absences (staff_id text, kind text, date_to date)")
    if columns:
        role = f"reader_of_{database.info.dbname}"
        database.execute(f"GRANT SELECT {columns} ON {SCHEMA}.absences TO {role}")
    with pytest.raises(RequestError, match="permission denied for table absences"):
        open_postgres_facts(reader).__enter__()


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://nobody:wrong@127.0.0.1:1/none",
        "postgresql://127.0.0.1:notaport/none",
        "postgresql://officer:p[ss@127.0.0.1:1/none",
    ],
)
def test_a_database_that_cannot_be_reached_is_a_bad_request(place: str) -> None:
    with pytest.raises(RequestError, match="请检查 --facts"), open_postgres_facts(place):
        pass


def test_a_schema_that_is_not_there_is_a_bad_request(database: psycopg.Connection[Any]) -> None:
    fill(database, {})
    with pytest.raises(RequestError, match="模式“facts”"), open_postgres_facts(address()):
        pass


def test_the_command_takes_the_address(
    database: psycopg.Connection[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    fill(database, EMPTY | {"villages": VILLAGES})
    asked = ["assess", "--policy", "bozhou-2014", "--period", "2026-09", "--format", "csv"]
    assert main([*asked, "--as-of", "2026-10-05", "--facts", address()]) == 0
    assert "coverage" in capsys.readouterr().out
