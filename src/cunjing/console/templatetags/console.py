"""Tags and filters of the console's templates."""

import json
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField, Form
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cunjing.assessment.matrix import rule_heads
from cunjing.assessment.models import Result, Run
from cunjing.base.errors import FieldFault
from cunjing.console.programme import shipped_policy
from cunjing.console.record_names import RECORD_NAMES
from cunjing.policy.loader import shipped_policies
from cunjing.rostering.models import AgreedVisit
from cunjing.standards.village_names import short_name

register = template.Library()

# Verdict → (Chinese label, sign, Tabler colour). The sign says what the colour says.
VERDICTS: dict[str, tuple[str, str, str]] = {
    "pass": ("达标", "✓", "green"),
    "fail": ("未达标", "✕", "red"),
    "advice": ("提示", "!", "yellow"),
    "not_due": ("未到期", "…", "blue"),
    "unknown": ("数据未齐", "?", "purple"),
    "exempt": ("免考", "–", "secondary"),
}


# Disposition of a clause → (Chinese label, colour).
DISPOSITIONS: dict[str, tuple[str, str]] = {
    "executable": ("系统计算", "green"),
    "human": ("人工判断", "blue"),
    "structural": ("系统登记", "purple"),
    "declined": ("不予采集", "red"),
    "none": ("无具体要求", "secondary"),
}
# What the colour says, said without it.
DISPOSITION_SIGNS: dict[str, str] = {
    "executable": "∑",
    "human": "◉",
    "structural": "▦",
    "declined": "⊘",
    "none": "–",
}


@lru_cache(maxsize=1)
def _manifest_of(modified: float, path: str) -> dict[str, dict[str, object]]:
    manifest: dict[str, dict[str, object]] = json.loads(Path(path).read_text())
    return manifest


@register.simple_tag
def bundle(entry: str, *, needed: bool = True) -> SafeString:
    """Link and script elements of one entry of the front-end bundle, for example `console.ts`.

    Raises RuntimeError with what to do where the bundle was not built, or gives nothing where the
    page can do without.
    """
    path = finders.find("console/dist/manifest.json")
    if path is None and not needed:
        return SafeString()
    if path is None:
        raise RuntimeError("The console bundle is not built: run ./run setup")
    manifest = _manifest_of(Path(path).stat().st_mtime, path)
    chunk = manifest[f"frontend/{entry}"]
    styles = format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((static(f"console/dist/{name}"),) for name in _styles(manifest, chunk)),
    )
    script = format_html(
        '<script type="module" src="{}"></script>', static(f"console/dist/{chunk['file']}")
    )
    return styles + script


def _styles(manifest: dict[str, dict[str, object]], chunk: dict[str, object]) -> list[str]:
    names = [str(name) for name in _list(chunk.get("css"))]
    for imported in _list(chunk.get("imports")):
        names += _styles(manifest, manifest[str(imported)])
    return list(dict.fromkeys(names))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


@register.simple_tag
def verdict_badge(verdict: str) -> SafeString:
    """A verdict as sign, word and colour."""
    label, sign, colour = VERDICTS[verdict]
    return format_html(
        '<span class="badge verdict verdict-{}"><span aria-hidden="true">{}</span> {}</span>',
        colour,
        sign,
        _(label),
    )


@register.simple_tag
def disposition_badge(disposition: str) -> SafeString:
    """What became of a clause, as word and colour."""
    label, colour = DISPOSITIONS[disposition]
    return format_html('<span class="badge verdict verdict-{}">{}</span>', colour, _(label))


@register.simple_tag
def disposition_words(disposition: str) -> str:
    """What it means for a clause to have become that."""
    return {
        "executable": _("由系统按规则计算，每个结论都能看到依据"),
        "human": _("由人判断，系统只提供记录"),
        "structural": _("在系统里登记，不评达标不达标"),
        "declined": _("产品不采集"),
        "none": _("没有具体要求"),
    }[disposition]


@register.simple_tag
def case_kind(kind: str) -> str:
    """What a case of a rule shows."""
    return {
        "pass": _("达标的"),
        "fail": _("不达标的"),
        "boundary": _("刚好在界上的"),
        "other": _("其他"),
    }[kind]


@register.filter
def policy_title(policy_id: str) -> str:
    """The title of a shipped policy, or the id of one that is not shipped any more."""
    return shipped_policy(policy_id).title if policy_id in shipped_policies() else policy_id


@register.filter
def rule_title(result: Result, run: Run) -> str:
    """The title of a result's rule in the policy the run was judged by."""
    return next(head.title for head in rule_heads(run) if head.id == result.rule)


@register.filter
def verdict_label(verdict: str) -> str:
    """The word of a verdict."""
    return _(VERDICTS[verdict][0])


@register.filter
def shown(value: object) -> str:
    """A label from code (an enum's Chinese label) in the reader's language."""
    return _(str(value)) if value else ""


@register.filter
def record_name(record_type: str) -> str:
    """What the audit chain's type of a record is called; the type itself where it has no name."""
    return str(RECORD_NAMES.get(record_type, record_type))


@register.filter
def threshold(value: object) -> str:
    """A threshold as people read it: `2`, `7–11`, a dash where there is none."""
    if isinstance(value, list | tuple):
        low, high = value
        return str(low) if low == high else f"{low}–{high}"
    return "—" if value is None else str(value)


@register.filter
def period_label(period: str) -> str:
    """A period in words: 2026年9月, 2026年第3季度, 2026年上半年, 2026年."""
    year, _dash, part = period.partition("-")
    if not part:
        return _("%(year)s年") % {"year": year}
    if part.startswith("Q"):
        return _("%(year)s年第%(quarter)s季度") % {"year": year, "quarter": part[1:]}
    if part.startswith("H"):
        half = _("上半年") if part == "H1" else _("下半年")
        return _("%(year)s年%(half)s") % {"year": year, "half": half}
    return _("%(year)s年%(month)s月") % {"year": year, "month": int(part)}


@register.filter
def last_day(exclusive_end: date) -> date:
    """The last day that still belongs to a half-open interval."""
    return exclusive_end - timedelta(days=1)


@register.filter
def clock(minutes: int) -> str:
    """`09:05` of minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@register.simple_tag
def agreed_hours(visit: AgreedVisit) -> str:
    """When within the day an agreed visit is: `09:00–11:00`, one side open, or any time."""
    first, last = visit.window_from, visit.window_to
    if first is not None and last is not None:
        return f"{clock(first)}–{clock(last)}"
    if first is not None:
        return _("%(time)s 以后") % {"time": clock(first)}
    if last is not None:
        return _("%(time)s 以前") % {"time": clock(last)}
    return _("时间不限")


@register.filter
def signed(points: int | None) -> str:
    """Points with their sign: `+20`, `−30`, `0`; a dash where there are none."""
    if points is None:
        return "—"
    return f"{points:+d}".replace("-", "−") if points else "0"


@register.filter
def short_village(name: str) -> str:
    """A village's name without what every village's ends in."""
    return short_name(name)


@register.filter
def fault_place(fault: FieldFault) -> str:
    """Where a fault is: row and column of a sheet, or the field."""
    if fault.row is None:
        return fault.column or fault.field
    return f"第{fault.row}行“{fault.column or fault.field}”"


@register.simple_tag
def tiles_setting() -> dict[str, object] | None:
    """The map tiles the county configured, or None."""
    if not settings.MAP_TILES_URL:
        return None
    return {
        "url": settings.MAP_TILES_URL,
        "attribution": settings.MAP_TILES_ATTRIBUTION,
        "maxZoom": 18,
    }


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """The present query string with some values changed; None removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def words(text: str) -> list[str]:
    """The words of a constant in a template, to loop over."""
    return text.split()


@register.filter(name="field")
def field_of(form: Form, name: str) -> BoundField:
    """One field of a form by name."""
    return form[name]
