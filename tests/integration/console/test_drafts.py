"""Trying a threshold and comparing versions, as pages: what is shown to whom, and nothing kept."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.console_pages import errors_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import POLICY, RULE, World, last_month, this_month
from tests.support.places_factories import system

from cunjing.assessment.actions import run_assessment
from cunjing.assessment.models import PolicyVersion, Programme, Run
from cunjing.base.clock import SHANGHAI
from cunjing.policy import loader
from cunjing.policy.enums import VerdictKind

TRY = {"rule": "visit-days", "low": "1", "months": "2"}
ALONE = {"hx-request": "true", "hx-target": "whatif"}


@pytest.fixture
def bureau(world: World) -> Client:
    return visitor(world, "bureau")


def tried(client: Client, **more: str) -> Any:
    """The page of a trial."""
    return client.get(reverse("whatif"), TRY | more)


def test_a_lower_threshold_shows_the_village_that_would_have_met_it(
    world: World, bureau: Client
) -> None:
    page = tried(bureau)
    trial = page.context["shown"].trial
    assert {one.before for one in trial.tallies} <= {VerdictKind.FAIL, VerdictKind.UNKNOWN}
    assert {one.after for one in trial.tallies} == {VerdictKind.PASS}
    assert {one.village_code for one in trial.subjects} == {
        world.own.village,
        world.station.village,
    }
    text = text_of(page)
    assert "这只是试算：结果不保存，不作为对任何人的考评" in text
    run = world.frozen[world.own.county]
    evidence = reverse("explanation", args=[run, RULE, world.own.posting])
    assert f'href="{evidence}"' in text
    assert bureau.get(evidence).status_code == 200
    assert "应有 2 → 1" in text


def test_the_bars_count_the_same_people_before_and_after(bureau: Client) -> None:
    for line in tried(bureau).context["shown"].lines:
        before, after = (
            sum(one.count for one in bar.segments) for bar in (line.before, line.after)
        )
        assert before == after > 0
        assert (line.before.threshold, line.after.threshold) == ("2天", "1天")


def test_opened_it_holds_the_present_threshold_and_judges_nothing(bureau: Client) -> None:
    page = bureau.get(reverse("whatif"), {"rule": "visit-days"})
    assert "shown" not in page.context
    assert page.context["form"]["low"].value() == 2
    assert "现行要求：不少于2天" in text_of(page)
    ranged = bureau.get(reverse("whatif"), {"rule": "coverage"})
    form = ranged.context["form"]
    assert (form["low"].value(), form["high"].value()) == (1, 1)
    first = bureau.get(reverse("whatif"))
    assert first.context["rule"].id == first.context["form"]["rule"].value()


def test_choosing_another_rule_fetches_its_threshold_and_keeps_the_months(bureau: Client) -> None:
    asked = TRY | {"rule": "coverage", "months": "9", "fresh": "1"}
    page = bureau.get(reverse("whatif"), asked, headers=ALONE)
    form = page.context["form"]
    assert not form.is_bound
    assert (form["low"].value(), form["high"].value(), form["months"].value()) == (1, 1, "9")
    assert text_of(page).startswith('<div id="whatif">')
    assert "<html" not in text_of(page)


def test_a_range_is_tried(world: World, bureau: Client) -> None:
    page = tried(bureau, rule="coverage", low="0", high="1")
    trial = page.context["shown"].trial
    assert {one.after for one in trial.tallies} == {VerdictKind.PASS}
    assert {one.village_code for one in trial.subjects}.isdisjoint({world.own.village})


@pytest.mark.parametrize(
    ("sent", "field", "message"),
    [
        ({"low": ""}, "low", "必填"),
        ({"low": "99"}, "low", "永远达不到"),
        ({"low": "-1"}, "low", "大于或等于0"),
        ({"rule": "nothing"}, "rule", "nothing"),
        ({"months": "13"}, "months", "13"),
        ({"rule": "coverage", "low": "1"}, "high", "必填"),
        ({"rule": "coverage", "low": "2", "high": "1"}, "low", "low 不能大于 high"),
    ],
)
def test_what_cannot_be_tried_is_told_at_its_field(
    bureau: Client, sent: dict[str, str], field: str, message: str
) -> None:
    page = tried(bureau, **sent)
    assert page.status_code == 200
    (said, *_more) = errors_of(page)[field]
    assert message in said
    assert said in text_of(page)
    assert "shown" not in page.context


def test_a_page_of_nonsense_is_the_first(bureau: Client) -> None:
    for number in ("0", "x", "999", "9" * 5000):
        assert tried(bureau, page=number).context["shown"].page == 1


def test_without_results_it_says_what_to_do(bureau: Client) -> None:
    page = tried(bureau, rule="legal-education", months="12")
    assert "要先计算过这些考评期" in text_of(page)


def test_nothing_of_a_trial_is_kept(bureau: Client) -> None:
    before = stored()
    tried(bureau)
    assert stored() == before


def test_a_chief_sees_the_station_and_never_another(world: World) -> None:
    page = tried(visitor(world, "chief"))
    trial = page.context["shown"].trial
    assert {one.village_code for one in trial.subjects} == {world.own.village}
    assert world.station.mark not in text_of(page)


def test_another_countys_programme_is_not_found(world: World, bureau: Client) -> None:
    theirs = Programme.objects.get(prefix=world.county.county).pk
    for asked in (str(theirs), "x"):
        assert tried(bureau, programme=asked).status_code == 404
    assert tried(visitor(world, "neighbour"), programme=str(theirs)).status_code == 200


def test_who_may_only_read_is_told_why(world: World) -> None:
    officer = visitor(world, "officer")
    page = tried(officer)
    assert page.status_code == 403
    assert "您没有“试算门槛”的权限" in text_of(page)
    assert "您没有“试算门槛”的权限" in text_of(officer.get(reverse("assessments")))
    rule = reverse("rule", args=[POLICY, RULE])
    assert "您没有“试算门槛”的权限" in text_of(officer.get(rule))
    assert f"{reverse('whatif')}?rule={RULE}" in text_of(visitor(world, "chief").get(rule))


def test_a_county_without_a_programme_has_nothing_to_try(world: World) -> None:
    client = visitor(world, "bureau")
    Programme.objects.filter(prefix=world.own.county).update(prefix="990199")
    assert "您的辖区还没有考评方案" in text_of(client.get(reverse("whatif")))


# Versions.


def versions(client: Client, **asked: str) -> Any:
    """The page of the policy's versions."""
    return client.get(reverse("versions", args=[POLICY]), asked)


@pytest.fixture
def two(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The digests of two versions: since this month's run three days are asked for."""
    place = tmp_path / "policies"
    shutil.copytree(loader.SHIPPED, place)
    path = place / POLICY / loader.FILE_NAME
    text = path.read_text("utf-8").replace("threshold: 2\n", "threshold: 3\n")
    path.write_text(text, "utf-8")
    old = Run.objects.get(pk=world.running[world.own.county]).policy_digest
    with monkeypatch.context() as patched:
        patched.setattr(loader, "SHIPPED", place)
        run = run_assessment(actor=system(), scope=world.own.county, period=this_month())
    return old, run.policy_digest


def test_versions_are_listed_with_digest_first_use_and_months(
    bureau: Client, two: tuple[str, str]
) -> None:
    page = versions(bureau)
    assert [use.version.digest for use in page.context["uses"]] == [two[1], two[0]]
    assert all(digest in text_of(page) for digest in two)
    for version in PolicyVersion.objects.all():
        assert f"{version.first_used_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" in text_of(page)
    months = [run.period for run in page.context["uses"][1].runs]
    assert f"{last_month():%Y-%m}" in months


def test_the_last_two_versions_are_compared_rule_by_rule(
    bureau: Client, two: tuple[str, str]
) -> None:
    page = versions(bureau)
    ((section, (part,)),) = page.context["sections"]
    assert (section, part.key) == ("规则", "visit-days")
    text = text_of(page)
    assert "<del>2天</del>" in text
    assert "<ins>3天</ins>" in text
    back = versions(bureau, before=two[1], after=two[0])
    assert "<del>3天</del>" in text_of(back)


def test_a_version_does_not_differ_from_itself(bureau: Client, two: tuple[str, str]) -> None:
    assert "内容没有不同" in text_of(versions(bureau, before=two[0], after=two[0]))


def test_an_assessment_says_that_the_version_changed(
    world: World, bureau: Client, two: tuple[str, str]
) -> None:
    running = bureau.get(reverse("assessment", args=[world.running[world.own.county]]))
    assert "这一期用的方案版本和上一期不同" in text_of(running)
    assert f"before={two[0]}&after={two[1]}" in text_of(running)
    frozen = bureau.get(reverse("assessment", args=[world.frozen[world.own.county]]))
    assert "这一期用的方案版本和上一期不同" not in text_of(frozen)


def test_one_version_alone_is_not_compared(bureau: Client) -> None:
    page = versions(bureau)
    assert "只用过这一个版本" in text_of(page)
    assert "diff" not in page.context
    policy = text_of(bureau.get(reverse("policy", args=[POLICY])))
    assert reverse("versions", args=[POLICY]) in policy


def test_versions_of_strangers_and_of_nowhere_are_not_found(
    world: World, bureau: Client, two: tuple[str, str]
) -> None:
    assert bureau.get(reverse("versions", args=["suzhou-2021"])).status_code == 404
    assert versions(bureau, before="0" * 64).status_code == 404
    stranger = versions(visitor(world, "neighbour"))
    assert all(
        run.scope == world.county.county for use in stranger.context["uses"] for run in use.runs
    )
