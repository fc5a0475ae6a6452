"""A question in words: what was seen, and please to say how it came about. Never a reproach."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cunjing.base.clock import SHANGHAI
from cunjing.questions.models import QuestionKind

PLEASE = "请说明情况。"


@dataclass(frozen=True, slots=True)
class Named:
    """A record as a sentence names it."""

    day: date
    village_name: str

    def __str__(self) -> str:
        return f"{self.day.month}月{self.day.day}日{self.village_name}"


def question_text(
    *, kind: QuestionKind, record: Named, other: Named | None, facts: Mapping[str, object]
) -> str:
    """The question about a record, in Chinese; `other` None where the reader may not know it."""
    return f"{_seen(kind=kind, record=record, other=other, facts=facts)}{PLEASE}"


def _seen(
    *, kind: QuestionKind, record: Named, other: Named | None, facts: Mapping[str, object]
) -> str:
    match kind:
        case QuestionKind.COPIED_TEXT:
            return f"{record}的工作日志与{other}的有{facts['percent']}%相同。"
        case QuestionKind.BATCH_ENTRY:
            return (
                f"从{record}起的{facts['count']}次进村在{facts['seconds']}秒内存入，"
                f"都在事后{facts['days']}天以上。"
            )
        case QuestionKind.REUSED_PHOTO:
            return f"{record}的照片与{other or '另一条记录'}的是同一张。"
        case QuestionKind.IMPOSSIBLE_TIME:
            return _time(record=record, other=other, facts=facts)


def _time(*, record: Named, other: Named | None, facts: Mapping[str, object]) -> str:
    match facts["case"]:
        case "two_places":
            return f"{record}与{other}的进村时间重叠。"
        case "travel":
            return (
                f"{other}之后{facts['minutes']}分钟又有{record}，两地直线距离约{facts['km']}公里。"
            )
        case "not_posted":
            return f"{record}的进村不在您的包村期间。"
        case "behind":
            return (
                f"{record}的进村，手机记的保存时间是{_moment(facts['saved'])}，"
                f"可是手机在保存以前已经收到过服务器{_moment(facts['shown'])}的时间，"
                "可能是手机时间不准。"
            )
        case _:
            return f"{record}的进村时间晚于收到时间。"


def _moment(said: object) -> str:
    at = datetime.fromisoformat(str(said)).astimezone(SHANGHAI)
    return f"{at.month}月{at.day}日{at:%H:%M}"
