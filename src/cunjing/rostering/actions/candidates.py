"""Writes about what matching asks of people and villages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from cunjing.base.clock import now
from cunjing.base.errors import FieldFault, conflict, forbidden, invalid, not_found
from cunjing.kernel.access import Actor
from cunjing.kernel.models import AuditVerb
from cunjing.kernel.permissions import Permission
from cunjing.kernel.writing import writing
from cunjing.places.access import check_unit, check_village, why_not
from cunjing.places.models import Division, DivisionLevel, Village
from cunjing.rostering.counties import county_of
from cunjing.rostering.models import Candidacy, Hold, HoldKind, VillageFeature, Wish
from cunjing.rostering.rules import capacity_faults, reason_faults, wish_faults
from cunjing.staffing.models import Staff
from cunjing.staffing.queries import own_entry, person

PERMISSION = Permission.CANDIDACY_EDIT
REFUSED = "没有保存，请改正标出的项。"


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidacyFields:
    """What is said about a person; empty codes mean none."""

    trade: str
    capacity: int
    seniority: int
    former_township_code: str = ""
    former_village_code: str = ""


def set_candidacy(*, actor: Actor, staff_id: UUID, fields: CandidacyFields) -> Candidacy:
    """Say what matching should know of a person; needs the right over the person's unit."""
    staff = person(actor=actor, staff_id=staff_id)
    check_unit(actor=actor, permission=PERMISSION, unit_code=staff.unit_id)
    faults = capacity_faults(fields.capacity) + _place_faults(fields)
    if faults:
        raise invalid(REFUSED, *faults)
    known = Candidacy.objects.filter(pk=staff_id).exists()
    row = Candidacy(
        staff=staff,
        trade=fields.trade,
        former_township_id=fields.former_township_code or None,
        former_village_id=fields.former_village_code or None,
        capacity=fields.capacity,
        seniority=fields.seniority,
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        row.save(force_insert=not known, force_update=known)
        verb = AuditVerb.CHANGED if known else AuditVerb.CREATED
        write.note(row, verb, scopes=(staff.unit_id,))
    return row


def set_wishes(*, actor: Actor, staff_id: UUID, village_codes: Sequence[str]) -> list[Wish]:
    """Write down which villages somebody would like to serve, the first wish first.

    Their own (WISH_WRITE), or by who may keep the person's entry (CANDIDACY_EDIT).
    """
    staff = _wisher(actor=actor, staff_id=staff_id)
    faults = wish_faults(village_codes, known=_county_codes(staff))
    if faults:
        raise invalid(REFUSED, *faults)
    before = list(Wish.objects.filter(staff=staff).order_by("rank"))
    if [wish.village_id for wish in before] == list(village_codes):
        return before
    rows = [
        Wish(staff=staff, village_id=code, rank=rank)
        for rank, code in enumerate(village_codes, start=1)
    ]
    own = staff.user_id is not None and staff.user_id == actor.user_id
    right = Permission.WISH_WRITE if own else PERMISSION
    with writing(actor=actor, permission=right) as write:
        for wish in before:
            write.note(wish, AuditVerb.ENDED, scopes=(staff.unit_id,))
            wish.delete()
        for wish in rows:
            wish.save(force_insert=True)
            write.note(wish, AuditVerb.CREATED, scopes=(staff.unit_id,))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureFields:
    """What is said about a village; None where nobody knows."""

    on_main_road: bool
    complex: bool
    cases: int | None = None
    population: int | None = None


def set_feature(*, actor: Actor, village_code: str, fields: FeatureFields) -> VillageFeature:
    """Say what matching should know of a village."""
    check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    known = VillageFeature.objects.filter(pk=village_code).exists()
    row = VillageFeature(
        village_id=village_code,
        on_main_road=fields.on_main_road,
        complex=fields.complex,
        cases=fields.cases,
        population=fields.population,
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        row.save(force_insert=not known, force_update=known)
        verb = AuditVerb.CHANGED if known else AuditVerb.CREATED
        write.note(row, verb, village_code=village_code)
    return row


def add_hold(
    *, actor: Actor, kind: HoldKind, staff_id: UUID, village_code: str, reason: str
) -> Hold:
    """Lay down that a person must (pin) or must not (ban) serve a village, with the reason."""
    staff = person(actor=actor, staff_id=staff_id)
    check_village(actor=actor, permission=PERMISSION, village_code=village_code)
    faults = reason_faults(reason)
    if faults:
        raise invalid(REFUSED, *faults)
    standing = Hold.objects.filter(village_id=village_code, lifted_at=None)
    if standing.filter(staff=staff).exists():
        raise conflict(f"{staff.name}在这个村已经有固定或回避，请先解除。")
    if kind == HoldKind.PIN:
        other = standing.filter(kind=HoldKind.PIN, staff__role=staff.role).first()
        if other is not None:
            raise conflict(f"这个村已经固定由{other.staff.name}负责，请先解除。")
    hold = Hold(
        kind=kind,
        staff=staff,
        village_id=village_code,
        reason=reason.strip(),
        made_by_name=actor.name,
    )
    with writing(actor=actor, permission=PERMISSION) as write:
        hold.save(force_insert=True)
        write.note(hold, AuditVerb.CREATED, village_code=village_code, reason=hold.reason)
    return hold


def lift_hold(*, actor: Actor, hold_id: UUID) -> Hold:
    """End a pin or ban; it stays readable in the audit chain."""
    hold = Hold.objects.select_related("staff").filter(pk=hold_id).first()
    if hold is None:
        raise not_found()
    check_village(actor=actor, permission=PERMISSION, village_code=hold.village_id)
    if hold.lifted_at is not None:
        raise conflict("这一条已经解除。")
    hold.lifted_at = now()
    with writing(actor=actor, permission=PERMISSION) as write:
        hold.save(update_fields=["lifted_at"])
        write.note(hold, AuditVerb.ENDED, village_code=hold.village_id)
    return hold


def _wisher(*, actor: Actor, staff_id: UUID) -> Staff:
    staff = person(actor=actor, staff_id=staff_id)
    own = own_entry(actor=actor)
    if own is not None and own.pk == staff.pk:
        if refusal := why_not(actor=actor, permission=Permission.WISH_WRITE):
            raise forbidden(refusal)
        return staff
    check_unit(actor=actor, permission=PERMISSION, unit_code=staff.unit_id)
    return staff


def _county_codes(staff: Staff) -> frozenset[str]:
    """The villages of the person's county: what may be wished for."""
    county = county_of(staff.unit)
    found = Village.objects.filter(code__startswith=county, valid_to=None) if county else None
    return frozenset(found.values_list("code", flat=True)) if found is not None else frozenset()


def _place_faults(fields: CandidacyFields) -> list[FieldFault]:
    faults = []
    township, village = fields.former_township_code, fields.former_village_code
    towns = Division.objects.filter(level=DivisionLevel.TOWNSHIP)
    if township and not towns.filter(pk=township).exists():
        faults.append(FieldFault("former_township_code", "没有这个乡镇，请从列表中选择。"))
    if village and not Village.objects.filter(pk=village).exists():
        faults.append(FieldFault("former_village_code", "没有这个村，请从列表中选择。"))
    return faults
