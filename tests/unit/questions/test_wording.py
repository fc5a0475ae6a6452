"""A question says what was seen and asks; it reproaches nobody."""

from datetime import date

import pytest

from cunjing.questions.models import QuestionKind as Kind
from cunjing.questions.wording import Named, question_text

ONE, OTHER = Named(date(2026, 9, 10), "甲村"), Named(date(2026, 9, 3), "乙村")


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (Kind.IMPOSSIBLE_TIME, {"case": "two_places"}, "9月10日甲村与9月3日乙村的进村时间重叠。"),
        (
            Kind.IMPOSSIBLE_TIME,
            {"case": "travel", "km": 11, "minutes": 5},
            "9月3日乙村之后5分钟又有9月10日甲村，两地直线距离约11公里。",
        ),
        (Kind.IMPOSSIBLE_TIME, {"case": "not_posted"}, "9月10日甲村的进村不在您的包村期间。"),
        (Kind.IMPOSSIBLE_TIME, {"case": "ahead"}, "9月10日甲村的进村时间晚于收到时间。"),
        (
            Kind.IMPOSSIBLE_TIME,
            {
                "case": "behind",
                "saved": "2026-09-10T03:05:00+00:00",
                "shown": "2026-09-16T09:30:00+08:00",
            },
            "9月10日甲村的进村，手机记的保存时间是9月10日11:05，可是手机在保存以前已经收到过"
            "服务器9月16日09:30的时间，可能是手机时间不准。",
        ),
        (Kind.COPIED_TEXT, {"percent": 95}, "9月10日甲村的工作日志与9月3日乙村的有95%相同。"),
        (
            Kind.BATCH_ENTRY,
            {"count": 5, "seconds": 40, "days": 6},
            "从9月10日甲村起的5次进村在40秒内存入，都在事后6天以上。",
        ),
        (Kind.REUSED_PHOTO, {}, "9月10日甲村的照片与9月3日乙村的是同一张。"),
    ],
)
def test_the_words(kind: Kind, facts: dict[str, object], said: str) -> None:
    text = question_text(kind=kind, record=ONE, other=OTHER, facts=facts)
    assert text == f"{said}请说明情况。"


def test_a_record_the_reader_may_not_know_is_not_named() -> None:
    text = question_text(kind=Kind.REUSED_PHOTO, record=ONE, other=None, facts={})
    assert text == "9月10日甲村的照片与另一条记录的是同一张。请说明情况。"
