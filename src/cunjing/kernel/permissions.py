"""Every right in the product, named `scope:resource:action`."""

from enum import Enum


class Permission(Enum):
    """A right; roles are sets of these (accounts.roles). `label` is Chinese, for tooltips."""

    VILLAGE_READ = ("places:village:read", "查看村情")
    DIVISION_EDIT = ("places:division:edit", "变更区划")
    HOUSEHOLD_EDIT = ("places:household:edit", "维护住户地址")
    STAFF_READ = ("staffing:staff:read", "查看人员")
    STAFF_EDIT = ("staffing:staff:edit", "维护人员")
    ABSENCE_EDIT = ("staffing:absence:edit", "登记请假")
    POSTING_READ = ("coverage:posting:read", "查看包村安排")
    POSTING_EDIT = ("coverage:posting:edit", "调整包村安排")
    RECORD_READ = ("fieldwork:record:read", "查看工作记录")
    RECORD_WRITE = ("fieldwork:record:write", "登记本人工作")
    RECORD_WRITE_FOR = ("fieldwork:record:write_for", "代他人补录")
    MATTER_READ = ("matters:matter:read", "查看事项")
    MATTER_OPEN = ("matters:matter:open", "登记事项")
    QUESTION_CLOSE = ("questions:question:close", "了结疑问")
    BRIEFING_WRITE = ("briefings:briefing:write", "写进村简报")
    ASSESSMENT_READ = ("assessment:run:read", "查看考评")
    ASSESSMENT_RUN = ("assessment:run:evaluate", "运行考评")
    ASSESSMENT_FREEZE = ("assessment:run:freeze", "定稿考评")
    POLICY_DRAFT = ("assessment:policy:draft", "试算门槛")
    FACTS_EXPORT = ("assessment:facts:export", "导出事实数据")
    LEDGER_EXPORT = ("fieldwork:ledger:export", "导出台账")
    DEVICE_USE = ("sync:device:use", "使用警务手机")
    DEVICE_MANAGE = ("sync:device:manage", "管理警务手机")
    CANDIDACY_EDIT = ("rostering:candidacy:edit", "维护匹配条件")
    WISH_WRITE = ("rostering:wish:write", "填报本人意愿")
    ROSTER_EDIT = ("rostering:draft:edit", "编制匹配草案")
    PLAN_EDIT = ("rostering:plan:edit", "编排进村日程")
    PLAN_OWN = ("rostering:plan:own", "使用本人日程")
    CALENDAR_EDIT = ("rostering:calendar:edit", "维护工作日和集市日")
    USER_MANAGE = ("accounts:user:manage", "管理账号与授权")
    AUDIT_READ = ("kernel:audit:read", "查看审计链")

    def __init__(self, code: str, label: str) -> None:
        self.code = code
        self.label = label
