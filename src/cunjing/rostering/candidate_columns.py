"""The columns of the sheet of matching attributes: what each is called, what to write in it."""

from dataclasses import dataclass

from cunjing.rostering.models import Seniority, Trade


@dataclass(frozen=True, slots=True)
class CandidateColumn:
    """One column; an empty cell changes nothing."""

    field: str
    title: str
    help: str
    required: bool = False
    width: int = 14


CANDIDATE_COLUMNS: tuple[CandidateColumn, ...] = (
    CandidateColumn("badge_number", "警号", "必填，按它认人", required=True),
    CandidateColumn("name", "姓名", "只供核对，不导入", width=10),
    CandidateColumn("trade", "警种", "、".join(str(label) for label in Trade.labels)),
    CandidateColumn("seniority", "资历", "、".join(str(label) for label in Seniority.labels)),
    CandidateColumn("capacity", "可包村数", "0 表示不参加匹配", width=10),
    CandidateColumn("home_village", "籍贯村", "本县的村：12位代码或全名", width=24),
    CandidateColumn("former_township", "曾工作的乡镇", "本县的乡镇：9位代码或全名", width=18),
    CandidateColumn("former_village", "选派、曾驻的村", "本县的村：12位代码或全名", width=24),
    CandidateColumn("wish_1", "第一志愿", "填了任何一个志愿，就以表中的为准", width=24),
    CandidateColumn("wish_2", "第二志愿", "", width=24),
    CandidateColumn("wish_3", "第三志愿", "", width=24),
    CandidateColumn("pin", "固定的村", "多个村用顿号隔开。只新增，不解除已有的", width=24),
    CandidateColumn("ban", "回避的村", "多个村用顿号隔开。只新增，不解除已有的", width=24),
    CandidateColumn("reason", "固定或回避的理由", "填了固定或回避的村就必填", width=20),
)
CANDIDATE_TITLES = {column.field: column.title for column in CANDIDATE_COLUMNS}
