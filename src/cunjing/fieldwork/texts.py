"""What free text may hold: no numbers that point to a person (Bounds), no control characters."""

import re
import unicodedata

PERSONAL = (
    "文字里有像身份证号、手机号或银行卡号的数字。本栏不记个人信息，请删去号码，只写事情和地点。"
)
_CONTROL = "文字里有看不见的控制字符，请重新输入，不要从其他程序直接粘贴。"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Categories Cc and Cs, but for line ends and tabs."""
_DASHES = re.compile("[‐-―]")
PERSONAL_NUMBER = re.compile(
    r"\d{11}"  # a mobile, card or identity number written in one go
    r"|(?<!\d)\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx]"
    r"|(?<!\d)1[3-9]\d(?:[ -]\d{4}){2}(?!\d)"
    r"|(?<!\d)1[3-9]\d{2}[ -]\d{3}[ -]\d{4}(?!\d)"
    r"|(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)"
)


def cleaned(text: str) -> str:
    """The text as it is kept: NFC, line ends `\\n`, no blanks around it."""
    return unicodedata.normalize("NFC", _lined(text)).strip()


def fault_of(text: str) -> str:
    """Chinese advice where the text may not be kept, else empty."""
    if UNSEEN.search(_lined(text)):
        return _CONTROL
    # Full-width digits and dashes, and dashes of other kinds, read like plain ones.
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return PERSONAL if PERSONAL_NUMBER.search(plain) else ""


def _lined(text: str) -> str:
    """The text with line ends `\\n`: a browser's form sends `\\r\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
