"""Pure checks of assessments: periods, scopes, what may be frozen or revised."""

from collections.abc import Iterable
from datetime import date, datetime

from cunjing.assessment.access import SCOPE_LENGTHS
from cunjing.assessment.models import Programme, Run, RunState
from cunjing.base.errors import FieldFault, conflict, invalid
from cunjing.policy.enums import VerdictKind
from cunjing.policy.loader import shipped_policies
from cunjing.policy.periods import Period, parse_period, start_of_day


def period_of(text: str) -> Period:
    """The period of this name. Raises Problem with the four ways to write one."""
    try:
        return parse_period(text)
    except ValueError:
        hint = "请写成 2026-09（月）、2026-Q3（季）、2026-H1（半年）或 2026（年）。"
        raise invalid(f"看不懂考评期“{text}”。{hint}", FieldFault("period", hint)) from None


def check_prefix(prefix: str) -> None:
    """Raise unless the text is a division code of a level we know."""
    if not (prefix.isascii() and prefix.isdigit() and len(prefix) in SCOPE_LENGTHS):
        hint = "区划代码应为 2、4、6、9 或 12 位数字，例如县为 6 位。"
        raise invalid(f"区划代码“{prefix}”不对。{hint}", FieldFault("prefix", hint))


def check_policy_id(policy_id: str) -> None:
    """Raise unless a policy of this id comes with the product."""
    known = shipped_policies()
    if policy_id not in known:
        hint = f"可选：{'、'.join(known)}。"
        raise invalid(f"没有考评方案“{policy_id}”。{hint}", FieldFault("policy_id", hint))


def overlap(first: Programme, *, prefix: str, valid_from: date) -> bool:
    """Whether a programme still holds on or after a day for some village under `prefix`."""
    still = first.valid_to is None or first.valid_to > valid_from
    return still and nested(first.prefix, prefix)


def nested(one: str, other: str) -> bool:
    """Whether there are villages under both prefixes."""
    return one.startswith(other) or other.startswith(one)


def check_told(note: str, *, valid_from: date, today: date) -> None:
    """Raise where a programme takes another's place from a past day on, and nobody says why."""
    if valid_from < today and not note.strip():
        hint = "从过去的日子起换方案，请在“说明”里写明理由。"
        raise invalid(hint, FieldFault("note", hint))


def check_why(reason: str) -> None:
    """Raise where nobody says why a programme is ended or another policy put in its place."""
    if not reason.strip():
        hint = "请写明理由。"
        raise invalid(f"方案没有改动。{hint}", FieldFault("note", hint))


def check_in_force(run: Run) -> None:
    """Raise for a provisional run by a programme, or a policy of it, that holds no more on the
    period's first day."""
    ended = run.programme.valid_to
    is_over = ended is not None and ended <= run.period_start
    if is_over or run.policy_id != run.programme.policy_id:
        raise conflict("这一期已改用别的考评方案，这份结果不再有效。请按现在的方案重新计算。")


def judging(programmes: Iterable[Programme], *, on: date) -> Programme | None:
    """Of programmes over one village, the one that judges it on a day: of the narrowest division,
    and there the one begun last. Only one holds unless two were set at once."""
    holding = [
        one
        for one in programmes
        if one.valid_from <= on and (one.valid_to is None or one.valid_to > on)
    ]
    return max(holding, key=lambda one: (len(one.prefix), one.valid_from), default=None)


def check_may_freeze(run: Run) -> None:
    """Raise unless the run is provisional and looked back on the whole period."""
    if run.state == RunState.FROZEN:
        raise conflict("这次考评已经定稿，不能再次定稿。")
    if run.watermark < start_of_day(run.period_end):
        raise conflict("考评期在计算时还没有结束。请在期满后重新运行考评，再定稿。")
    check_due(run)


def check_seen(run: Run, *, seen: str) -> None:
    """Raise where somebody looked at other results than the run has now."""
    if seen and seen != run.results_digest:
        raise conflict("您看过之后，这一期又重新计算过，结果已经不同。请再看一遍，再定稿。")


def check_due(run: Run) -> None:
    """Raise where something was not due yet, in the days of grace after the period: once frozen, it
    would never be judged."""
    left = run.counts.get(VerdictKind.NOT_DUE, 0)
    if left:
        raise conflict(
            f"计算时还有{left}项在宽限期内，没有到期。请在宽限期满后重新运行考评，再定稿。"
        )


def check_may_revise(run: Run, *, reason: str, revised: bool) -> None:
    """Raise unless the run is the newest frozen one and a reason is given."""
    if run.state != RunState.FROZEN:
        raise conflict("这次考评尚未定稿，重新运行即可，不需要修订。")
    if revised:
        raise conflict("这次考评已有更新的修订，请在最新一版上修订。")
    if not reason.strip():
        raise invalid("请写明修订理由。", FieldFault("reason", "修订理由不能为空"))


def check_begun(period: Period, *, today: date) -> None:
    """Raise for a period that has not begun: nobody has done or missed anything in it."""
    if period.start > today:
        raise invalid(
            f"{period.text}还没有开始，不能计算。",
            FieldFault("period", "请填写已经开始的考评期。"),
        )


def check_watermark(as_of: datetime, *, now: datetime) -> None:
    """Raise for a watermark in the future: nobody knows what will have arrived."""
    if as_of > now:
        raise invalid("数据截至时间不能晚于现在。", FieldFault("as_of", "请选现在或更早的时间"))
