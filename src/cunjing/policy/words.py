"""The contract's closed lists in Chinese, for sentences about rules and verdicts.

Roles and kinds of work that the product shows too bear the same labels there; a test holds it.
"""

from collections.abc import Sequence

from cunjing.policy.enums import (
    EventKind,
    GroupKind,
    MatterKind,
    MemberPost,
    Reason,
    Role,
    UnitKind,
    VerdictKind,
)

VERDICTS = {
    VerdictKind.EXEMPT: "免考",
    VerdictKind.PASS: "达标",
    VerdictKind.NOT_DUE: "未到期",
    VerdictKind.UNKNOWN: "数据未齐",
    VerdictKind.ADVICE: "提示",
    VerdictKind.FAIL: "未达标",
}
REASONS = {
    Reason.VOID: "已作废",
    Reason.LATE: "在截止时间之后才收到",
    Reason.OUT_OF_PERIOD: "不在这个周期内",
    Reason.WRONG_VILLAGE: "不是这个村的记录",
    Reason.NOT_POSTED: "那天不在任职期内",
}
SUBJECTS = {"posting": "任职", "village": "村", "staff": "人员", "group": "组织", "unit": "单位"}
ROLES = {
    Role.RESIDENT_OFFICER: "驻村民警",
    Role.LIAISON_OFFICER: "包村民警",
    Role.BEAT_OFFICER: "责任区民警",
    Role.VILLAGE_AUXILIARY: "驻村辅警",
    Role.POLICE_ASSISTANT: "警务助理",
    Role.SECURITY_DIRECTOR: "治保主任",
}
EVENTS = {
    EventKind.VILLAGE_VISIT: "进村工作",
    EventKind.HOUSEHOLD_VISIT: "入户走访",
    EventKind.INFORMATION: "信息通报",
    EventKind.WARNING: "治安预警",
    EventKind.SESSION: "宣传教育",
    EventKind.MEETING: "会议",
    EventKind.SUMMARY: "总结",
    EventKind.TRAINING: "培训",
    EventKind.REPORT: "书面报告",
    EventKind.INSPECTION: "检查",
    EventKind.BULLETIN: "案情通报",
    EventKind.PATROL: "巡逻",
}
# Subkinds are open: these are those of the contract and the shipped policies, any other is shown as
# it is written. Where two documents call the same thing differently, the word covers both.
SUBKINDS = {
    (EventKind.SESSION, "legal_education"): "法制宣传教育",
    (EventKind.SESSION, "fraud"): "反诈宣传",
    (EventKind.SESSION, "dispute_sweep"): "矛盾纠纷排查",
    (EventKind.MEETING, "joint"): "联席会议",
    (EventKind.MEETING, "monthly"): "月例会",
    (EventKind.MEETING, "hearing"): "听取汇报会",
    (EventKind.MEETING, "commendation"): "总结表彰或评选",
    (EventKind.SUMMARY, "month"): "每月考评",
    (EventKind.SUMMARY, "quarter"): "季度小结或考核",
    (EventKind.SUMMARY, "half_year"): "半年总结",
    (EventKind.SUMMARY, "year"): "年终总评",
    (EventKind.TRAINING, "police_to_militia"): "公安给民兵的培训",
    (EventKind.TRAINING, "military_to_police"): "人武部给民警的培训",
    (EventKind.TRAINING, "induction"): "岗前培训",
    (EventKind.REPORT, "annual_company"): "民兵连年度报告",
    (EventKind.REPORT, "annual_officer"): "民警年度报告",
    (EventKind.REPORT, "annual_grades"): "年度考核报告",
    (EventKind.INSPECTION, "half_year"): "半年检查",
    (EventKind.INSPECTION, "annual"): "年度检查",
    (EventKind.BULLETIN, "fraud"): "反诈案情通报",
}
MATTERS = {
    MatterKind.DISPUTE: "矛盾纠纷",
    MatterKind.HAZARD: "安全隐患",
    MatterKind.REQUEST: "服务请求",
    MatterKind.INCIDENT: "突发事件",
}
# Those the product records; any other is shown as it is written.
MATTER_SUBKINDS = {
    (MatterKind.DISPUTE, "neighbour"): "邻里",
    (MatterKind.DISPUTE, "family"): "婚姻家庭",
    (MatterKind.DISPUTE, "land"): "土地山林水",
    (MatterKind.DISPUTE, "debt"): "债务",
    (MatterKind.DISPUTE, "labour"): "劳务",
    (MatterKind.DISPUTE, "traffic"): "交通事故",
    (MatterKind.DISPUTE, "other"): "其他",
    (MatterKind.HAZARD, "fire"): "消防",
    (MatterKind.HAZARD, "gas"): "燃气",
    (MatterKind.HAZARD, "food"): "食品",
    (MatterKind.HAZARD, "production"): "生产",
    (MatterKind.HAZARD, "traffic"): "道路交通",
    (MatterKind.HAZARD, "public_place"): "公共场所",
    (MatterKind.HAZARD, "disaster"): "自然灾害、地质灾害",
    (MatterKind.HAZARD, "camera"): "监控损坏",
    (MatterKind.HAZARD, "lamp"): "路灯损坏",
    (MatterKind.HAZARD, "other"): "其他",
    (MatterKind.REQUEST, "household_registration"): "户籍代办",
    (MatterKind.REQUEST, "certificate"): "证件证明代办",
    (MatterKind.REQUEST, "vehicle"): "车驾管代办",
    (MatterKind.REQUEST, "supplies"): "生活物资",
    (MatterKind.REQUEST, "advice"): "法律咨询",
    (MatterKind.REQUEST, "other"): "其他",
    (MatterKind.INCIDENT, "security"): "治安事件",
    (MatterKind.INCIDENT, "disaster"): "灾害事故",
    (MatterKind.INCIDENT, "traffic"): "交通事故",
    (MatterKind.INCIDENT, "other"): "其他",
}
# What an event may lack.
COLUMNS = {
    "subkind": "细类",
    "village_code": "村",
    "unit_code": "单位",
    "staff_id": "人员",
    "occurred_at": "发生时间",
    "received_at": "收到时间",
    "for_period": "所属周期",
    "object_id": "对象",
    "log_id": "日志",
}
GROUPS = {
    GroupKind.COMPANY: "民兵连",
    GroupKind.PLATOON: "排",
    GroupKind.SQUAD: "班",
    GroupKind.BRANCH: "党支部",
    GroupKind.PARTY_GROUP: "党小组",
    GroupKind.MUTUAL_AID: "联防小组",
}
POSTS = {
    MemberPost.COMMANDER: "连长",
    MemberPost.DEPUTY_COMMANDER: "副连长",
    MemberPost.INSTRUCTOR: "指导员",
    MemberPost.PLATOON_LEADER: "排长",
    MemberPost.SQUAD_LEADER: "班长",
    MemberPost.MEMBER: "民兵",
    MemberPost.SECRETARY: "书记",
    MemberPost.DEPUTY_SECRETARY: "副书记",
    MemberPost.COMMITTEE_MEMBER: "委员",
}
UNITS = {
    UnitKind.COUNTY: "县级公安机关",
    UnitKind.STATION: "派出所",
    UnitKind.BUREAU_UNIT: "机关部门、警种大队",
    UnitKind.ARMED_FORCES: "武装部",
}
GRADES = {"excellent": "优秀", "competent": "称职", "incompetent": "不称职"}
# Items of money the shipped policies judge.
MONEY = {
    "performance_paid": "一年里实际发放的绩效金额",
    "performance_fund": "一年里为这个人拨付的绩效资金",
}
FEN = "分"


def any_of(names: list[str]) -> str:
    """`甲`, `甲或乙`, `甲、乙或丙`."""
    return "或".join(part for part in ("、".join(names[:-1]), names[-1]) if part)


def matter_name(kind: MatterKind, subkinds: Sequence[str]) -> str:
    """`安全隐患`, `矛盾纠纷（邻里）`, `安全隐患（消防或燃气）`."""
    names = [MATTER_SUBKINDS.get((kind, name), name) for name in subkinds]
    return f"{MATTERS[kind]}（{any_of(names)}）" if names else MATTERS[kind]


def amount(number: int, *, unit: str) -> str:
    """A number with its measure word; fen as yuan."""
    if unit != FEN:
        return f"{number}{unit}"
    yuan, fen = divmod(abs(number), 100)
    return f"{'-' if number < 0 else ''}{yuan}.{fen:02}元"


def between(low: int, high: int, *, unit: str) -> str:
    """A range with its measure word, `7至11人`; fen as yuan on both sides."""
    return f"{amount(low, unit=unit) if unit == FEN else low}至{amount(high, unit=unit)}"
