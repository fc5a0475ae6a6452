"""Code tables: sex (GB/T 2261.1), education (GB/T 4658), political status (GB/T 4762)."""

from collections.abc import Mapping

from cunjing.standards.errors import UnreadableValueError

SEX: Mapping[str, str] = {"0": "未知的性别", "1": "男", "2": "女", "9": "未说明的性别"}
"""GB/T 2261.1."""

EDUCATION: Mapping[str, str] = {
    "10": "研究生教育",
    "11": "博士研究生毕业",
    "12": "博士研究生结业",
    "13": "博士研究生肄业",
    "14": "硕士研究生毕业",
    "15": "硕士研究生结业",
    "16": "硕士研究生肄业",
    "17": "研究生班毕业",
    "18": "研究生班结业",
    "19": "研究生班肄业",
    "20": "大学本科教育",
    "21": "大学本科毕业",
    "22": "大学本科结业",
    "23": "大学本科肄业",
    "28": "大学普通班毕业",
    "30": "大学专科教育",
    "31": "大学专科毕业",
    "32": "大学专科结业",
    "33": "大学专科肄业",
    "40": "中等职业教育",
    "41": "中等专科毕业",
    "42": "中等专科结业",
    "43": "中等专科肄业",
    "44": "职业高中毕业",
    "45": "职业高中结业",
    "46": "职业高中肄业",
    "47": "技工学校毕业",
    "48": "技工学校结业",
    "49": "技工学校肄业",
    "60": "普通高级中学教育",
    "61": "普通高中毕业",
    "62": "普通高中结业",
    "63": "普通高中肄业",
    "70": "初级中学教育",
    "71": "初中毕业",
    "73": "初中肄业",
    "80": "小学教育",
    "81": "小学毕业",
    "83": "小学肄业",
    "90": "其他",
}
"""GB/T 4658."""

POLITICAL_STATUS: Mapping[str, str] = {
    "01": "中共党员",
    "02": "中共预备党员",
    "03": "共青团员",
    "04": "民革党员",
    "05": "民盟盟员",
    "06": "民建会员",
    "07": "民进会员",
    "08": "农工党党员",
    "09": "致公党党员",
    "10": "九三学社社员",
    "11": "台盟盟员",
    "12": "无党派人士",
    "13": "群众",
}
"""GB/T 4762."""

PARTY_MEMBER = frozenset({"01", "02"})
"""Codes of GB/T 4762 that make someone a member of the Communist Party, full or probationary."""

_SEX_SAID = {"男性": "1", "女性": "2"}
_EDUCATION_SAID = {
    "博士": "11",
    "博士研究生": "11",
    "硕士": "14",
    "硕士研究生": "14",
    "研究生": "10",
    "本科": "21",
    "大学": "21",
    "大学本科": "21",
    "大专": "31",
    "专科": "31",
    "大学专科": "31",
    "中专": "41",
    "职高": "44",
    "职业高中": "44",
    "技校": "47",
    "高中": "61",
    "普通高中": "61",
    "初中": "71",
    "小学": "81",
}
_POLITICAL_SAID = {
    "党员": "01",
    "中国共产党党员": "01",
    "预备党员": "02",
    "中国共产党预备党员": "02",
    "团员": "03",
    "中国共产主义青年团团员": "03",
    "无党派": "12",
    "无党派民主人士": "12",
    "群众（无党派）": "13",
}


def read_sex(text: str) -> str:
    """`1` or `2` from 男, 女, 男性, 女性 or the code; the two codes for unknown are refused."""
    code = _look_up(text, table=SEX, said=_SEX_SAID)
    if code not in {"1", "2"}:
        raise UnreadableValueError(f"性别“{text}”请写“男”或“女”。")
    return code


def read_education(text: str) -> str:
    """The code of an education as written: 本科, 大学本科毕业 or 21."""
    code = _look_up(text, table=EDUCATION, said=_EDUCATION_SAID)
    if not code:
        raise UnreadableValueError(f"学历“{text}”不在代码表内，请写“本科”“大专”“高中”“初中”等。")
    return code


def read_political_status(text: str) -> str:
    """The code of a political status as written: 党员, 中共党员 or 01."""
    code = _look_up(text, table=POLITICAL_STATUS, said=_POLITICAL_SAID)
    if not code:
        raise UnreadableValueError(
            f"政治面貌“{text}”不在代码表内，请写“中共党员”“共青团员”“群众”等。"
        )
    return code


def _look_up(text: str, *, table: Mapping[str, str], said: Mapping[str, str]) -> str:
    """The code for a code, a label or an everyday word; empty where there is none."""
    text = text.strip()
    if text in table:
        return text
    by_label = {label: code for code, label in table.items()}
    return by_label.get(text) or said.get(text, "")
