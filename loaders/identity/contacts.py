"""Contact details of officials are masked, character by character, so that every place in the text stays valid."""

from __future__ import annotations

import re
from functools import cache

from codebook import book
from loaders.labels import bare, plain

MASK = "■"
HALF = {"（": "(", "）": ")", "：": ":", "－": "-", "＠": "@", "．": "."} | {chr(0xFF10 + n): str(n) for n in range(10)}
MAIL_BEFORE = re.compile(r"[A-Za-z0-9._%+-]{1,64}$")
MAIL_AFTER = re.compile(r"@[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{2,20}){1,3}")
RUN = re.compile(r"\d[\d)\-—– ]{3,24}\d")  # five digits or more
MOBILE = re.compile(r"1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})")
LANDLINE = re.compile(r"(?:\(0\d{2,3}\) ?|0\d{2,3}[-—–]{1,2})\d{7,8}(?:[-—–]{1,2}\d{1,5})?|[48]00-?\d{3,4}-?\d{3,4}")
LABEL = re.compile(
    r"(?:电\s{0,4}话|電\s{0,4}話|手\s{0,4}[机機]|[传傳]\s{0,4}真|座机|热线|联系方式|聯繫方式|联系号码|拨打|致电|(?i:tel|fax|phone))"
    r"[^\d\n|〔。]{0,12}(?:[■\d()—–-]+[、,，;；/转和或 ]{1,3}){0,4}$"
)
SOCIAL = re.compile(r"(?:QQ|qq|微信号|微\s?信)群?号?码?[是为]?[:\s]{0,3}$")
POSTCODE = re.compile(r"邮\s*编|邮政|郵")
COUNTED = re.compile(r"\s?(?:多|余)?(?:[件条次人万个元年月名项份篇宗户亩批A-Za-z./%]|\d)")
PERSON = re.compile(
    r"(?:联\s{0,2}系\s{0,2}人员?|[聯联]\s{0,2}[繫係系]\s{0,2}人|经办人|經辦人|填报人|填表人|制表人|审核人|联络员|负责人|签发人)"
    r"(?:姓名)?(?:\s{0,2}:\s{0,3}|为|\s{1,3})(?P<name>[\u4e00-\u9fff·]{2,4}|[\u4e00-\u9fff][ \u3000]{1,2}[\u4e00-\u9fff])"
    r"(?=[\s,，;；。、()|/]|$|\d|■|联系|电话|聯|電)"
)
PERSONS = ("系人", "系 人", "系  人", "繫人", "办人", "辦人", "报人", "表人", "核人", "联络员", "负责人", "签发人")
OFFICE = re.compile(r"[办室科股局处部站所中心委镇乡府道]$|^(?:电话|联系|姓名|地址|签字|职务|公开|信息|分管)")
CELL = "\n|\t"
TAIL = 5  # so many characters tell the end of a request row's label
REACH = 48  # characters before a number in which its label stands


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a number fills its line or cell: then it may be a figure of a table, and it stays."""
    while start > 0 and text[start - 1] in " \xa0\u3000\r":
        start -= 1
    while end < len(text) and text[end] in " \xa0\u3000\r":
        end += 1
    return (start == 0 or text[start - 1] in CELL) and (end == len(text) or text[end] in CELL)


@cache
def _tails() -> tuple[str, ...]:
    labels = [plain(row.label) for layout in book().layouts["requests"] for row in layout.rows]
    return tuple(dict.fromkeys(text[-TAIL:] for label in labels for text in (label, bare(label))))


def _figures(text: str, start: int) -> bool:
    """Whether a number stands behind a row label of the form: seven cells run together look like a phone number."""
    return plain(text[max(0, start - 3 * TAIL) : start]).endswith(_tails())


def _is_contact(text: str, start: int, end: int) -> bool:
    number, before = text[start:end], text[start - 1 : start]
    if before and ((before.isascii() and before.isalnum()) or before in "/〔[.-_"):
        return False
    if LANDLINE.fullmatch(number):
        return not _figures(text, start)
    if _alone(text, start, end) or COUNTED.match(text, end):
        return False
    if MOBILE.fullmatch(number):
        return not _figures(text, start)
    left = text[max(0, start - REACH) : start]
    digits = sum(c.isdigit() for c in number)
    label = LABEL.search(left)
    if label and digits >= 6:
        return not POSTCODE.search(label[0])
    return bool(SOCIAL.search(left)) and 5 <= digits <= 12


def mask_contacts(text: str) -> str:
    """The text with phone, fax, mobile, mail, QQ and names of contact persons masked; the length stays the same.

    A number that stands alone in its line or cell stays, unless an area code with its hyphen tells a phone number;
    years, document and index numbers, postcodes and amounts are never masked.
    """
    masked: list[tuple[int, int]] = []
    half = text
    for wide, narrow in HALF.items():
        half = half.replace(wide, narrow)
    at = half.find("@")
    while at >= 0:
        before, after = MAIL_BEFORE.search(half, max(0, at - 64), at), MAIL_AFTER.match(half, at)
        if before and after:
            masked.append((before.start(), after.end()))
        at = half.find("@", at + 1)
    for run in RUN.finditer(half):
        start = run.start() - (half[run.start() - 1 : run.start()] == "(" and ")" in run[0])
        if _is_contact(half, start, run.end()):
            masked.append((start, run.end()))
    if any(word in half for word in PERSONS):
        masked += [m.span("name") for m in PERSON.finditer(half) if not OFFICE.search(m["name"])]
    if not masked:
        return text
    characters = list(text)
    for start, end in masked:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)
