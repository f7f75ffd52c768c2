"""Marks of secrecy in what is to go out, and maps without the number of their examination."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.records.checks import Finding

_STAR = re.compile(
    r"(绝\s{0,3}密|机\s{0,3}密|秘\s{0,3}密)\s*[★☆*＊]\s*(?:长期|[0-9０-９一二三五十两半]{1,3}\s*[年个月]{0,2}|启用前|公布前|解密前)?"
)
_ALONE = re.compile(
    r"(?m)(?:^|[\t|,，])[ \u3000]*[【\[（(]?(?:密级[:：]?[ \u3000]*)?(绝[ \u3000]{0,4}密|机[ \u3000]{0,4}密|秘[ \u3000]{0,4}密)[】\]）)]?[ \u3000]*(?=$|[\t|,，])"
)
_LEVEL = re.compile(r"密\s*级\s*[:：]\s*[【\[（(]?(绝密|机密|秘密|内部)")
_PHRASES = re.compile(
    r"内部资料[，、,；; \u3000·]*(?:注意保存|妥善保管|严禁外传|请勿外传|不得外传|切勿外传)?|注意保存|内部文件|(?:仅|只)(?:供|限)(?:机关|单位|系统)?内部(?:使用|参考|传阅|掌握|阅读)?"
    r"|(?:不得|严禁|请勿|切勿|禁止|不准)(?:擅自)?外传|工作秘密|内部(?:参阅|参考资料|传阅|掌握，?不)|(?:不得|严禁)(?:翻印|转发)?上网"
)
_ABOUT = re.compile(
    r"(?:涉及|涉|属于|保守|泄露|泄漏|知悉|定为|不属于|含有|包括|包含|确定为|国家秘密、|国家秘密和|商业秘密、|管理|标有|标注|印有|的规定|未标|界定|严格|是否|不是|非|保护|载有|带有|标明|等)[^。；;\n]{0,16}$"
)
_ABOUT_AFTER = re.compile(
    r"(?:管理|事项|的?界定|范围|制度|和?商业秘密|、|的信息|的文件|等|不得公开|，?不予公开|保护|或者|的，|字样|标志|标识|》)"
)
_QUOTED = re.compile(r"[“\"《‘][^”\"》’\n]{0,20}$")

_MAP_NAME = re.compile(
    r"示意图|地图|区位图|位置图|行政区划图|政区图|分布图|规划图|交通图|导览图|线路图|影像图|地形图|总平面图"
)
_NOT_A_MAP = re.compile(r"流程(?:示意)?图|结构(?:示意)?图|操作示意图|网站地图|站点地图|组织(?:架构)?示意图|指标示意图")
_BRACKETS = r"[（(〔\[【﹝]\s*(?:19|20)\d{2}\s*[）)〕\]】﹞]"
_MAP_NUMBER = re.compile(
    rf"(?:审图号\s*[:：]?\s*)?(?:G\s*S|国\s*S|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼港澳台][\u4e00-\u9fff]?\s*[A-Z]{{0,3}})\s*{_BRACKETS}\s*\d{{1,5}}\s*号",
    re.I,
)


def find(text: str, *, where: str = "", field: str = "") -> list[Finding]:
    """Marks of secrecy: what bears one goes before the secrecy review and cannot go out."""
    seen: set[tuple[int, int]] = set()
    out: list[Finding] = []
    for start, end, mark in sorted(_marks(text)):
        if any(a < end and start < b for a, b in seen):
            continue
        seen.add((start, end))
        say = f"这里有密级或内部标志“{mark}”，不得公开；请先送保密审查，确认可以公开并去掉标志后再发布。"
        place = where or (f"第{text.count(chr(10), 0, start) + 1}段" if "\n" in text else "")
        out.append(Finding("marks.secrecy", "block", say, place, field, mark))
    return out


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    if "密" in text:
        for found in _STAR.finditer(text):
            yield found.start(), found.end(), found.group().strip()
        for pattern in (_ALONE, _LEVEL):
            for found in pattern.finditer(text):
                yield found.start(1), found.end(1), found.group(1)
    for found in _PHRASES.finditer(text):
        before = text[max(0, found.start() - 20) : found.start()]
        if _QUOTED.search(before) or _ABOUT.search(before) or _ABOUT_AFTER.match(text, found.end()):
            continue
        yield found.start(), found.end(), found.group().strip("，、,；; \u3000·")


def map_number(text: str) -> str:
    """The number of a map's examination that stands in a text: GS（2023）1234号, 粤S(2022)045号; empty without one."""
    found = _MAP_NUMBER.search(text)
    return re.sub(r"\s", "", found.group()) if found else ""


def looks_like_map(name: str) -> bool:
    """Whether the name of an attachment, an alternative text or a caption says that it is a map."""
    return bool(_MAP_NAME.search(_NOT_A_MAP.sub("", name)))


def maps(text: str, names: Iterable[str] = (), *, ticked: bool = False, field: str = "") -> list[Finding]:
    """A map without 审图号: by the names of attachments and alternative texts, or because the author ticked it.

    `text` is everything that stands with the map: body, captions, a field for the number.
    """
    named = [n for n in names if looks_like_map(n)]
    if (not named and not ticked) or map_number(text) or (named and all(map_number(n) for n in named)):
        return []
    what = f"“{named[0]}”" if named else "内容"
    say = f"{what}含有地图，却没有审图号；请在图旁写明审图号（如“审图号：粤S（2022）045号”），或改用标准地图服务系统的地图。"
    return [
        Finding(
            "marks.map", "block" if ticked else "warn", say, named[0] if named else "", field, named[0] if named else ""
        )
    ]
