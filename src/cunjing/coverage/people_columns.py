"""The columns of the people sheet: what each is called, what to write in it, an example."""

from dataclasses import dataclass

from cunjing.staffing.models import StaffRole
from cunjing.standards.codes import POLITICAL_STATUS, SEX

EDUCATION_CHOICES = ("研究生", "大学本科", "大学专科", "中专", "高中", "初中", "小学")


@dataclass(frozen=True, slots=True)
class PersonColumn:
    """One column. A `required` one must be filled for every person."""

    field: str
    title: str
    help: str
    example: str = ""
    required: bool = False
    is_date: bool = False
    choices: tuple[str, ...] = ()
    width: int = 14


PEOPLE_COLUMNS: tuple[PersonColumn, ...] = (
    PersonColumn(
        "badge_number",
        "警号",
        "必填。警号、辅警号；没有的由县局编号。按它认人，重复导入不会重复登记",
        example="ZL0001",
        required=True,
    ),
    PersonColumn("name", "姓名", "必填", example="张三", required=True, width=10),
    PersonColumn(
        "role",
        "岗位",
        "必填，从下拉中选",
        example=StaffRole.LIAISON_OFFICER.label,
        required=True,
        choices=tuple(StaffRole.labels),
    ),
    PersonColumn("unit", "单位", "必填，从下拉中选，或写单位代码、全名", required=True, width=24),
    PersonColumn("post", "职务", "选填", example="社区民警"),
    PersonColumn("phone", "电话", "选填。手机11位；座机写区号-号码", example="13800000000"),
    PersonColumn(
        "id_number",
        "身份证号",
        "选填。只用来核对并得出出生年月和性别，不保存。请先把本列设为文本格式",
        width=22,
    ),
    PersonColumn(
        "birth_month",
        "出生年月",
        "选填，如1985-03；填了身份证号可不填",
        example="1985-03",
        is_date=True,
        width=12,
    ),
    PersonColumn(
        "sex", "性别", "选填，男或女", example="男", choices=(SEX["1"], SEX["2"]), width=8
    ),
    PersonColumn(
        "education",
        "学历",
        "选填，从下拉中选",
        example="大学本科",
        choices=EDUCATION_CHOICES,
        width=12,
    ),
    PersonColumn(
        "political_status",
        "政治面貌",
        "选填，从下拉中选；只保存是否党员",
        example="群众",
        choices=tuple(POLITICAL_STATUS.values()),
    ),
    PersonColumn("home_village", "籍贯村", "选填，本县的村：12位代码或全名；外县的留空", width=24),
    PersonColumn(
        "trained_on",
        "岗前培训日",
        "选填，如2026-09-01",
        example="2026-08-20",
        is_date=True,
    ),
    PersonColumn(
        "on_duty_from", "到岗日", "选填，如2026-09-01", example="2026-09-01", is_date=True
    ),
    PersonColumn(
        "posting_villages",
        "包联村",
        "选填，本县的村：12位代码或全名；多个村用顿号隔开。只新增，不终止已有的安排",
        width=30,
    ),
    PersonColumn(
        "posting_from",
        "包联起日",
        "填了包联村就必填，如2026-09-01",
        example="2026-09-01",
        is_date=True,
    ),
)
TITLES = {column.field: column.title for column in PEOPLE_COLUMNS}
