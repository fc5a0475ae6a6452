"""What the records are called that the audit chain speaks of, as `GLOSSARY.md` has it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RECORD_NAMES: Mapping[str, "StrOrPromise"] = MappingProxyType(
    {
        "accounts.user": _("用户"),
        "accounts.grant": _("授权"),
        "accounts.apitoken": _("接口令牌"),
        "places.division": _("区划"),
        "places.village": _("行政村、社区"),
        "places.villageedit": _("区划变更"),
        "places.townshipadjacency": _("乡镇相邻"),
        "places.unit": _("单位"),
        "places.villageunit": _("村的管辖单位"),
        "places.hamlet": _("自然组、屯"),
        "places.household": _("住户"),
        "staffing.staff": _("人员"),
        "staffing.absence": _("离岗"),
        "coverage.posting": _("包村安排"),
        "fieldwork.workrecord": _("工作记录"),
        "fieldwork.syncstate": _("同步状态"),
        "fieldwork.ledger": _("台账"),
        "matters.matter": _("事项"),
        "photos.photo": _("照片"),
        "assessment.programme": _("方案"),
        "assessment.policyversion": _("方案版本"),
        "assessment.run": _("考评"),
        "assessment.factsexport": _("事实导出"),
        "rostering.agreedvisit": _("约定走访"),
        "rostering.candidacy": _("匹配条件"),
        "rostering.wish": _("包村意愿"),
        "rostering.villagefeature": _("村的匹配条件"),
        "rostering.hold": _("固定与回避"),
        "rostering.countyday": _("县历"),
        "rostering.sharedcar": _("共用车辆"),
        "rostering.needweights": _("走访权重"),
        "rostering.matchdraft": _("匹配草案"),
        "rostering.monthplan": _("月度日程"),
        "rostering.planday": _("进村日"),
        "rostering.feedaddress": _("日历地址"),
        "questions.question": _("疑问"),
        "briefings.briefing": _("进村简报"),
        "sync.device": _("警务手机"),
        "sync.enrolmentcode": _("绑定码"),
        "sync.mutation": _("离线记录"),
        "sync.heldphoto": _("留待决定的照片"),
        "sync.scope": _("同步范围"),
        "sync.quarantine": _("推送留存"),
        "sync.decision": _("处理"),
        "sync.fieldconflict": _("字段冲突"),
    }
)
"""By the type of a record as the chain keeps it."""
