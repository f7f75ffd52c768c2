"""Fields of an invented request, typed by hand; what the letters must say is typed in the tests."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx import Document

from gongkai.cases.letters import fill, plain_text, template

A = (
    "如对本答复不服，可以在收到本答复之日起60日内向青禾县人民政府申请行政复议，"
    "或者在收到本答复之日起6个月内依法向有管辖权的人民法院提起行政诉讼。"
)
B = (
    "如对不予公开的决定不服，应当在收到本告知书之日起60日内先向青禾县人民政府申请行政复议；"
    "对行政复议决定不服的，可以在收到行政复议决定书之日起15日内向人民法院提起行政诉讼。"
)
PERSON = {
    "addressee": "苏晚晴",
    "applicant": "苏晚晴",
    "applicant_kind": "自然人甲类",
    "id_kind": "护照样本",
    "id_number": "990123198807070023",
    "phone": "13900001111",
    "address": "青禾县清溪镇柳林村3组",
    "email": "suwanqing@example.com",
    "channel": "窗口当面递交",
    "asked": "清溪镇柳林村2025年危房改造的补助发放表",
    "form": "纸质复印件并邮寄",
    "code": "9QX2-77TB",
    "corrected": "申请人已补写年度",
}
"""Who asked, and what they wrote: none of it is a third party's business."""

FIELDS: dict[str, Any] = {
    **PERSON,
    "organ": "青禾县清溪镇人民政府",
    "organ_address": "青禾县清溪镇河沿街2号",
    "organ_phone": "0999-2340001",
    "contact": "赵一鸣",
    "number": "清府公开〔2026〕5号",
    "registration": "QXZ-2026-0007",
    "progress_url": "https://qinghe.example/q",
    "submitted": dt.date(2026, 3, 1),
    "received": dt.date(2026, 3, 2),
    "due": dt.date(2026, 3, 30),
    "decided": dt.date(2026, 3, 19),
    "remedy": A,
    "way": "当面领取，时间为2026年3月20日",
    "disclosed_part": "补助发放表的村名、户数和金额",
    "withheld_part": "补助发放表的银行账号",
    "ground_name": "保护第三方合法权益",
    "ground_basis": "《中华人民共和国政府信息公开条例》第十五条",
    "reason": "经核对确有此情形",
    "harm": "他人的财产安全会受到损害",
    "category": "讨论记录",
    "forbidding_law": "某法律第九条",
    "special_law": "《不动产登记暂行条例》第二十七条",
    "search": "在公文系统以“危房改造”检索，无结果",
    "earlier": "清府公开〔2026〕1号，2026年1月8日",
    "who": "青禾县住房和城乡建设局，0999-2320002",
    "reasons_asked": "2026年3月5日要求说明，3月9日收到说明",
    "asked_then": "2026年2月2日告知，期限至2月24日",
    "noticed_then": "2026年2月3日通知，期限至3月10日",
    "separable": "不能作区分处理",
    "attachments": ["补助发放表"],
    "points": ["写明年度", "写明村名"],
    "items": ["2024年的发放表", "2025年的发放表"],
    "reply_by": dt.date(2026, 3, 24),
    "old_due": dt.date(2026, 3, 30),
    "new_due": dt.date(2026, 4, 28),
    "days": 20,
    "approved_by": "钱多宁",
    "approved_on": dt.date(2026, 3, 18),
    "party": "青禾县丰穗农机合作社",
    "information": "合作社申报的补贴明细",
    "harm_asked": "报价",
    "fee_basis_name": "按件计收",
    "fee_working": ["第11至30件，20件×100元＝2000元", "第31件，1件×200元＝200元"],
    "fee_amount": 2200,
    "pay_by": dt.date(2026, 4, 20),
    "pay_how": "凭缴款码到银行缴纳",
    "drafter": "孙小雨",
    "checker": "李书衡",
    "signer": "周知行",
}


def letter(code: str, **more: object) -> str:
    """What a letter says, made from the fields above with some of them changed."""
    return plain_text(fill(code, FIELDS | more))


def edited(code: str, change: Callable[[Any], None]) -> bytes:
    """The built-in template after a clerk changed it."""
    document = Document(io.BytesIO(template(code)))
    change(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def adding(code: str, *texts: str) -> bytes:
    """The built-in template with paragraphs added at its end."""

    def change(document: Any) -> None:
        for text in texts:
            document.add_paragraph(text)

    return edited(code, change)


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """A package with parts put in or replaced; in names, __ stands for / and _dot_ for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): value for name, value in parts.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry not in named:
                new.writestr(entry, old.read(entry))
        for name, value in named.items():
            new.writestr(name, value)
    return held.getvalue()


def part(data: bytes, name: str = "word/document.xml") -> str:
    """One part of a package as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")
