"""What the API tells about places, people, records and assessments."""

from typing import Any

from tests.support.api_factories import MONTH, World, entry, household, visit
from tests.support.assessment_factories import (
    AN,
    AN_V1,
    BO,
    CAI,
    COUNTY,
    NORTH,
    SOUTH,
    STATION_NORTH,
    V1,
    V3,
    V4,
    uid,
)


def only(rows: list[dict[str, Any]], **wanted: object) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[name] == said for name, said in wanted.items())]
    return found


def test_divisions_and_townships(world: World) -> None:
    assert [row["code"] for row in world.officer.pages("/divisions")] == ["99"]
    counties = world.officer.pages("/divisions", parent="9901")
    assert [row["level"] for row in counties] == ["county", "county"]
    assert [row["code"] for row in world.county.pages("/townships")] == [NORTH, SOUTH]
    assert [row["code"] for row in world.officer.pages("/townships")] == [NORTH]


def test_a_village_with_its_unit_and_its_history(world: World) -> None:
    village = world.county.get(f"/villages/{V4}")
    assert (village["township_code"], village["county_code"]) == (SOUTH, COUNTY)
    assert [(edit["kind"], edit["effective_on"]) for edit in village["edits"]] == [
        ("rename", "2026-09-10")
    ]
    assert [unit["kind"] for unit in village["units"]] == ["station"]
    assert [row["code"] for row in world.officer.pages("/villages")] == [V1]


def test_villages_are_found_by_name_former_name_and_code(world: World) -> None:
    assert only(world.county.get("/villages/search", text="旧名")["items"], code=V4)["match"] == (
        "former"
    )
    assert [hit["code"] for hit in world.county.get("/villages/search", text=V3)["items"]] == [V3]
    assert world.officer.get("/villages/search", text=V3)["items"] == []


def test_a_household_is_added_read_and_edited(world: World) -> None:
    body = household()
    added = world.officer.post(f"/villages/{V1}/households", body).json()
    assert (added["id"], added["version"], added["hamlet_name"]) == (body["id"], 1, "")
    path = f"/households/{body['id']}"
    assert world.officer.get(path) == added
    edited = world.officer.call("PATCH", path, {"version": 1, "address": "演示新村10号"}).json()
    assert edited == {**added, "version": 2, "address": "演示新村10号"}
    rows = world.officer.pages(f"/villages/{V1}/households", text="新村")
    assert [row["id"] for row in rows] == [body["id"]]
    assert world.officer.pages(f"/villages/{V1}/hamlets") == []


def test_units(world: World) -> None:
    unit = world.station.get(f"/units/{STATION_NORTH}")
    assert (unit["kind"], unit["division_code"]) == ("station", NORTH)
    assert [row["code"] for row in world.station.pages("/units")] == [STATION_NORTH]


def test_people_and_their_absences(world: World) -> None:
    an = world.county.get(f"/staff/{AN}")
    assert only(world.county.pages("/staff"), id=str(AN)) == an
    assert (an["role"], an["unit_code"]) == ("liaison_officer", STATION_NORTH)
    assert [row["id"] for row in world.county.pages("/staff", text="演3")] == [str(CAI)]
    (away,) = world.county.pages(f"/staff/{CAI}/absences")
    assert (away["kind"], away["date_from"], away["date_to"]) == (
        "sick", "2026-09-03", "2026-09-14",
    )  # fmt: skip
    assert world.county.pages("/absences", on="2026-09-05") == [away]
    assert world.county.pages("/absences", on="2026-09-14") == []


def test_postings_now_then_and_ever(world: World) -> None:
    now = world.county.pages("/postings", village_code=V3)
    assert [row["staff_id"] for row in now] == [str(BO)]
    then = world.county.pages("/postings", village_code=V3, on="2026-09-15")
    assert [(row["staff_id"], row["valid_to"]) for row in then] == [(str(CAI), "2026-09-16")]
    ever = world.county.pages("/postings", village_code=V3, history="true")
    assert [row["staff_id"] for row in ever] == [str(CAI), str(BO)]


def test_uncovered_villages_with_their_owner(world: World) -> None:
    row = only(world.county.pages("/uncovered-villages"), village_code=V4)
    assert row["owner_unit_code"] == "990101S"
    assert row["owner_people"]
    auxiliaries = world.county.pages("/uncovered-villages", role="village_auxiliary")
    assert V1 not in {row["village_code"] for row in auxiliaries}
    assert V3 in {row["village_code"] for row in auxiliaries}


def test_one_entry_feeds_every_ledger(world: World) -> None:
    body = entry()
    receipt = world.officer.post("/entries", body).json()
    assert [part["name"] for part in receipt["records"]] == ["calls.0", "information.0"]
    detail = world.officer.get(f"/records/{body['id']}")
    assert {part["kind"] for part in detail["parts"]} == {"household_visit", "information"}
    assert detail["matter_ids"] == [body["matters"][0]["id"]]
    matter = world.officer.get(f"/matters/{detail['matter_ids'][0]}")["matter"]
    assert (matter["visit_id"], matter["place"]) == (body["id"], "桥头")
    day = {"date_from": "2026-09-22", "date_to": "2026-09-22"}
    for kind in ("village_visit", "household_visit", "information"):
        (row,) = world.officer.pages("/records", kind=kind, **day)
        assert row["visit_id"] == (None if kind == "village_visit" else body["id"])
    (item,) = world.officer.pages("/records", kind="information", **day)
    assert (item["unit_code"], item["occurred_at"]) == (STATION_NORTH, "2026-09-22T09:00:00+08:00")


def test_a_whole_entry_with_a_warning_and_a_session(world: World) -> None:
    warning = {"id": str(uid(7001)), "title": "防火", "text": "秋季防火", "published": ["board"]}
    session = {
        "id": str(uid(7002)), "subkind": "fraud", "topic": "反诈", "audience": ["villagers"],
        "audience_count": 30,
    }  # fmt: skip
    answer = world.officer.post("/entries", entry(warning=warning, session=session))
    assert [part["id"] for part in answer.json()["records"][-2:]] == [warning["id"], session["id"]]
    assert world.officer.get(f"/records/{session['id']}")["record"]["subkind_label"] == "反诈宣传"


def test_batches_of_entries_keep_the_order_sent(world: World) -> None:
    good, bad = entry(), {**entry(), "left_at": "2026-09-22T08:00:00+08:00"}
    lines = world.officer.post("/entries/batch", {"items": [bad, good, {"id": "x"}, good]}).json()
    assert [line["outcome"] for line in lines["items"]] == [
        "refused", "created", "refused", "repeated",
    ]  # fmt: skip
    assert lines["items"][1]["receipt"] == lines["items"][3]["receipt"]


def test_a_correction_chain_is_read_from_any_of_its_records(world: World) -> None:
    first, second = visit(), visit(occurred_at="2026-09-21T08:30:00+08:00")
    world.officer.post("/records", first)
    correction = {"record": second, "reason": "时间记错"}
    world.officer.post(f"/records/{first['id']}/corrections", correction)
    chain = [(first["id"], "superseded", ""), (second["id"], "valid", "时间记错")]
    for one in (first, second):
        detail = world.county.get(f"/records/{one['id']}")
        assert detail["latest_id"] == second["id"]
        assert chain == [
            (link["record"]["id"], link["record"]["state"], link["correction_reason"])
            for link in detail["chain"]
        ]
        verbs = [(act["verb"], act["permission"]) for act in detail["audit"]]
        assert verbs[0] == ("created", "fieldwork:record:write")
        assert len(verbs) == 3
    superseded = world.county.pages("/records", state="superseded")
    assert first["id"] in {row["id"] for row in superseded}


def test_a_sync_mark_only_moves_forward(world: World) -> None:
    later = {"staff_id": str(AN), "at": "2026-10-05T08:00:00+08:00"}
    marked = world.officer.post("/sync-marks", later).json()
    assert marked == {"staff_id": str(AN), "last_sync_at": "2026-10-05T08:00:00+08:00"}
    earlier = {"staff_id": str(AN), "at": "2026-10-01T08:00:00+08:00"}
    assert world.officer.post("/sync-marks", earlier).json() == marked


def test_runs_results_and_the_records_behind_one(world: World) -> None:
    run = world.county.get(f"/assessments/{world.run_id}")
    assert (run["period"], run["state"], run["policy_id"]) == ("2026-09", "frozen", "bozhou-2014")
    assert run["left_out"] == []
    assert only(world.county.pages("/assessments", period="2026-09"), id=run["id"]) == run
    path = f"/assessments/{world.run_id}/results"
    results = world.county.pages(path)
    assert sum(run["counts"].values()) == len(results)
    assert {row["verdict"] for row in world.county.pages(path, verdict="pass")} == {"pass"}
    own = world.officer.pages(path)
    assert {row["village_code"] for row in own} == {V1}
    (listed,) = world.officer.pages("/assessments", period="2026-09")
    for seen in (listed, world.officer.get(f"/assessments/{world.run_id}")):
        assert sum(seen["counts"].values()) == len(own) < len(results)
    assert world.county.pages(path, staff_id=str(AN), rule="visit-days", village_code=V1) == [
        only(results, rule="visit-days", subject=str(AN_V1))
    ]
    explained = world.county.get(f"{path}/visit-days/{AN_V1}")
    assert explained["result"]["evidence_count"] == len(explained["counted"])
    assert {one["source"] for one in explained["counted"]} == {"record"}
    reasons = {one["id"]: one["reason"] for one in explained["rejected"]}
    assert (reasons[str(uid(103))], reasons[str(uid(105))]) == ("void", "wrong_village")
    whys = {one["id"]: one["why"] for one in explained["rejected"]}
    assert whys[str(uid(103))] == "已作废：重复"
    assert explained["told"]["found"] == "计入3条进村工作记录，合2天"
    assert explained["told"]["amiss"] == []
    postings = world.county.get(f"{path}/coverage/{V1}")["counted"]
    assert [(one["id"], one["source"]) for one in postings] == [(str(AN_V1), "posting")]


def test_policies_with_every_clause_and_rule(world: World) -> None:
    ids = [row["id"] for row in world.officer.pages("/policies")]
    assert "bozhou-2014" in ids
    for policy_id in ids:
        policy = world.officer.get(f"/policies/{policy_id}")
        assert policy["clauses"]
        assert {rule["clause"] for rule in policy["rules"]} <= {
            clause["number"] for clause in policy["clauses"]
        }
    bozhou = world.officer.get("/policies/bozhou-2014")
    visits = only(bozhou["rules"], id="visit-days")
    assert (visits["period"], visits["thresholds"][0]["value"]) == ("month", 2)
    assert world.officer.call("GET", "/policies/no-such").status_code == 404


def test_a_programme_stands_clause_by_clause(world: World) -> None:
    found = world.county.get("/policies/bozhou-2014/standing")
    assert found["period"] == "2026-09"
    policy = world.county.get("/policies/bozhou-2014")
    assert [clause["number"] for clause in found["clauses"]] == [
        clause["number"] for clause in policy["clauses"]
    ]
    (figures,) = only(found["clauses"], number="2.4-1")["rules"]
    results = world.county.pages(f"/assessments/{world.run_id}/results", rule="visit-days")
    assert sum(figures["counts"].values()) == len(results)
    assert figures["passed"] == sum(row["verdict"] == "pass" for row in results)
    assert figures["missed"] == sum(row["verdict"] in {"fail", "advice"} for row in results)
    assert figures["judged"] == sum(row["verdict"] != "exempt" for row in results)
    assert figures["runs"] == [world.run_id]
    quarter = only(found["clauses"], number="2.4-7")
    assert (quarter["rule_ids"], quarter["rules"]) == (["legal-education"], [])
    officer = world.officer.get("/policies/bozhou-2014/standing", period="2026-09")
    (own,) = only(officer["clauses"], number="2.4-1")["rules"]
    assert sum(own["counts"].values()) == 1


def test_a_rule_is_said_plainly_with_its_past(world: World) -> None:
    found = world.county.get("/policies/bozhou-2014/rules/visit-days")
    assert found["plain"]["counts"] == "有进村工作的天数，同一天几次只算一天"
    assert found["plain"]["thresholds"] == ["不少于2天"]
    assert [one["period"] for one in found["history"]] == ["2026-09"]
    (use,) = found["thresholds_used"]
    run = world.county.get(f"/assessments/{world.run_id}")
    assert (use["text"], use["policy_digests"]) == ("不少于2天", [run["policy_digest"]])
    rotation = world.county.get("/policies/suzhou-2021/rules/auxiliary-rotation")
    assert (rotation["history"], bool(rotation["plain"]["county_note"])) == ([], True)


def test_a_period_that_was_not_judged_is_not_answered_with_another(world: World) -> None:
    for path in ("/policies/bozhou-2014/standing", "/policies/bozhou-2014/rules/visit-days"):
        assert world.county.call("GET", path, period="2026-08").status_code == 404
        assert world.neighbour.call("GET", path, period="2026-09").status_code == 404
        assert world.county.call("GET", path, period="八月").status_code == 422
    nothing = world.neighbour.get("/policies/bozhou-2014/standing")
    assert nothing["period"] == ""
    assert all(clause["rules"] == [] for clause in nothing["clauses"])
    for path in ("/policies/no-such/standing", "/policies/bozhou-2014/rules/no-such"):
        assert world.county.call("GET", path).status_code == 404


def test_a_draft_says_who_is_proposed_where_and_at_what_price(world: World) -> None:
    (row,) = world.station.pages("/drafts")
    assert (row["id"], row["state"], row["chosen"]) == (world.draft_id, "open", 10)
    assert world.other_station.pages("/drafts") == []
    found = world.county.get(f"/drafts/{world.draft_id}")
    assert found["draft"] == row
    assert [(one["total"], one["gap"], one["highest"]) for one in found["options"]] == [(70, 0, 3)]
    first, second = found["lines"]
    assert (first["before_staff_id"], first["staff_id"], first["changed"]) == (str(AN), None, True)
    assert (second["staff_id"], second["points"], second["forced"]) == (str(AN), 30, True)


def test_a_months_days_with_their_calls_and_what_is_agreed(world: World) -> None:
    path = f"/units/{STATION_NORTH}"
    days = world.station.pages(f"{path}/month-plan", month=MONTH, limit=2)
    assert [(row["day"], row["village_code"]) for row in days] == [
        ("2026-09-07", V1),
        ("2026-09-14", V1),
        ("2026-09-21", V1),
    ]
    assert [(call["arrive"], call["leave"]) for call in days[2]["calls"]] == [("09:05", "09:30")]
    assert world.county.pages(f"{path}/month-plan", month="2026-08") == []
    assert world.county.call("GET", f"{path}/month-plan", month="2026-Q3").status_code == 422
    (visit,) = world.county.pages(f"{path}/agreed-visits", month=MONTH)
    assert (visit["day"], visit["window_from"], visit["window_to"]) == ("2026-09-21", "09:00", "")
    assert visit["household_id"] == str(uid(1001))


def test_vacancies_with_who_would_fit(world: World) -> None:
    rows = world.county.pages("/vacancies")
    assert V4 in {row["village_code"] for row in rows}
    for row in rows:
        costs = [fit["extra"] for fit in row["best"]]
        assert costs == sorted(costs)
        assert bool(row["best"]) != bool(row["why_nobody"])
