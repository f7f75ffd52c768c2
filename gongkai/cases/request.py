"""What a request says (第二十九条): who asks, for what, in which form; what it must hold, and the mark of an applicant.

Three things may be asked for and no fourth: never what the information is wanted for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stdnum.cn import ric, uscc

from gongkai.base.issues import Issue
from gongkai.base.sealing import mark_of
from gongkai.cases.life import APPLICANTS

FORMS = ("纸质", "电子邮件", "光盘", "查阅、抄录", "网上查看")
"""In which form the information is wanted (第四十条)."""

WAYS = ("邮寄", "电子邮件", "自行领取", "网上获取", "传真", "当面查阅")
"""By which way."""

ID_KINDS = ("居民身份证", "护照", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "其他证件")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks. A natural person has an identity paper; an organisation a credit code and somebody to talk to."""

    name: str = ""
    id_kind: str = "居民身份证"
    id_number: str = ""
    person: str = ""
    representative: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""

    @property
    def masked(self) -> dict[str, str]:
        """What is shown before somebody says why they need more."""
        return {
            "name": mask_name(self.name),
            "id_number": self.id_number[:4] + "*" * max(0, len(self.id_number) - 6) + self.id_number[-2:]
            if len(self.id_number) > 6
            else "*" * len(self.id_number),
            "person": mask_name(self.person),
            "representative": mask_name(self.representative),
            "phone": mask_middle(self.phone),
            "email": re.sub(r"^(.).*(@.*)$", r"\1***\2", self.email),
            "address": self.address[:6] + "…" if len(self.address) > 6 else self.address,
            "postcode": self.postcode,
            "id_kind": self.id_kind,
        }

    def to_json(self) -> dict[str, str]:
        """As it is sealed."""
        return asdict(self)


def applicant_from(values: Mapping[str, Any]) -> Applicant:
    """From a form or a file; unknown names are left out, spaces around are taken away."""
    names = Applicant.__dataclass_fields__
    return Applicant(**{k: str(v or "").strip() for k, v in values.items() if k in names})


def mask_name(name: str) -> str:
    """张某某 as 张**; an organisation keeps its first four characters."""
    keep = 1 if len(name) <= 4 else 4
    return name[:keep] + "*" * (len(name) - keep)


def mask_middle(number: str) -> str:
    """13812345678 as 138****5678."""
    return number[:3] + "*" * (len(number) - 7) + number[-4:] if len(number) > 7 else "*" * len(number)


def mark(kind: str, applicant: Applicant) -> str:
    """The same for the same applicant, by their number, else by name and telephone; empty where neither is known."""
    number = re.sub(r"\s", "", applicant.id_number).upper()
    if number:
        return mark_of("applicant", number)
    if applicant.name and applicant.phone:
        return mark_of("applicant", applicant.name, re.sub(r"\D", "", applicant.phone))
    return ""


def examine(kind: str, applicant: Applicant, values: Mapping[str, Any]) -> list[Issue]:
    """What is missing or cannot be (第二十九条第二款)."""
    out: list[Issue] = []
    if kind not in APPLICANTS:
        out.append(Issue("request.kind", f"请选申请人类别：{'、'.join(APPLICANTS.values())}。", "applicant_kind"))
    person = kind == "natural"
    if not applicant.name:
        out.append(Issue("request.name", "请填写" + ("姓名" if person else "单位名称") + "（第二十九条）。", "name"))
    out += _number(person, applicant)
    if not person and not applicant.person:
        out.append(Issue("request.person", "请填写联系人姓名（第二十九条）。", "person"))
    if not (applicant.phone or applicant.email or applicant.address):
        out.append(Issue("request.contact", "请至少填写一种联系方式：电话、邮箱或者地址（第二十九条）。", "phone"))
    if applicant.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", applicant.email):
        out.append(Issue("request.email", "电子邮箱的写法不对，例如 name@example.cn。", "email"))
    if not str(values.get("title") or "").strip() and not str(values.get("asked") or "").strip():
        say = "请写明要什么信息：名称、文号，或者便于查找的描述（第二十九条）。"
        out.append(Issue("request.asked", say, "asked"))
    if str(values.get("form") or "") not in FORMS:
        out.append(Issue("request.form", "请选希望以什么形式提供（第二十九条）。", "form"))
    way = str(values.get("way") or "")
    if way not in WAYS:
        out.append(Issue("request.way", "请选怎样获取（第二十九条）。", "way"))
    elif way == "邮寄" and not applicant.address:
        out.append(Issue("request.address", "选了邮寄，请填写收件地址。", "address"))
    elif way == "电子邮件" and not applicant.email:
        out.append(Issue("request.email", "选了电子邮件，请填写邮箱。", "email"))
    return out


def _number(person: bool, applicant: Applicant) -> list[Issue]:
    number = re.sub(r"\s", "", applicant.id_number)
    if not number:
        return [
            Issue(
                "request.id",
                "请填写" + ("证件号码" if person else "统一社会信用代码") + "（第二十九条）。",
                "id_number",
            )
        ]
    if person and applicant.id_kind == "居民身份证" and not ric.is_valid(number.upper()):
        return [Issue("request.id", "身份证号码不对，请核对18位号码。", "id_number")]
    if not person and not uscc.is_valid(number.upper()):
        return [Issue("request.id", "统一社会信用代码不对，请核对18位代码。", "id_number")]
    return []
