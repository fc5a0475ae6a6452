"""The first page says what to do today, to each kind of reader."""

from django.urls import reverse
from tests.support.console_pages import notices_of, text_of
from tests.support.console_visitors import stored, visitor
from tests.support.console_world import World

from cunjing.assessment.models import Result, Run
from cunjing.fieldwork.models import SyncState


def test_the_county_sees_gaps_unmet_clauses_unknowns_and_matters(world: World) -> None:
    home = visitor(world, "bureau").get(reverse("home"))
    page = text_of(home)
    (gap,) = home.context["gaps"]
    assert gap["count"].uncovered == 2
    for said in (
        "今日要办",
        "空白",
        "还剩",
        "未达标",
        "未办结事项",
        "请决定是否修订",
        "已经到期，还没有定稿",
    ):
        assert said in page
    (running,) = home.context["runs"]
    assert running["look"].unmet != []
    missed, still_open = page.split("未达标条款</h3>")[1].split("还没有定的条款</h3>")
    assert "未到期" not in missed.split("</table>")[0]
    assert "未达标" not in still_open.split("</table>")[0]


def test_a_station_sees_its_own_gaps_only(world: World) -> None:
    home = visitor(world, "chief").get(reverse("home"))
    (gap,) = home.context["gaps"]
    assert [village.code for village in gap["now"]] == [world.own.village[:-1] + "2"]


def test_an_officer_sees_their_villages_and_what_is_missing(world: World) -> None:
    home = visitor(world, "officer").get(reverse("home"))
    page = text_of(home)
    assert "我的村" in page
    assert reverse("entry", args=[world.own.village]) in page
    assert "还差" in page
    assert reverse("record", args=[world.own.record]) in page


def test_an_officer_whom_no_rule_judges_is_not_told_that_all_is_met(world: World) -> None:
    officer = visitor(world, "officer")
    running = world.running[world.own.county]
    own = Result.objects.filter(run=running, staff_id=str(world.own.staff.pk))
    own.update(verdict="exempt")
    exempt = text_of(officer.get(reverse("home")))
    assert "本期没有对您的考评" in exempt
    assert "本期各项都已达到" not in exempt
    own.update(verdict="pass")
    assert "本期各项都已达到" in text_of(officer.get(reverse("home")))
    Run.objects.filter(pk=running).delete()
    assert "本期还没有考评结果" in text_of(officer.get(reverse("home")))


def test_an_officer_confirms_that_everything_is_entered(world: World) -> None:
    officer = visitor(world, "officer")
    done = officer.post(reverse("confirm_synced"), follow=True)
    assert notices_of(done) == ["已确认：到现在为止的记录都已录入。"]
    assert SyncState.objects.filter(staff=world.own.staff).exists()
    assert "您的记录收齐至" in text_of(done)


def test_who_serves_no_village_has_nothing_to_confirm(world: World) -> None:
    before = stored()
    refused = visitor(world, "bureau").post(reverse("confirm_synced"))
    assert refused.status_code == 403
    assert "没有关联人员" in text_of(refused)
    assert stored() == before


def test_an_administrator_is_taken_to_the_accounts(world: World) -> None:
    client = visitor(world, "administrator")
    assert client.get(reverse("home")).url == reverse("users")
    menu = [item.label for item in client.get(reverse("users")).context["menu"]]
    assert menu == ["账号"]
