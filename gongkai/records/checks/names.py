"""Names and addresses: what of them may stay when a list goes out."""

from __future__ import annotations

import re

_DOUBLE = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁"
        "拓跋夹谷轩辕令狐段干百里呼延东郭南门羊舌微生梁丘左丘西门南荣东里东宫仲长即墨达奚褚师纳兰",
    )
)
HIDDEN = "***"
_HAN = re.compile(r"[\u3400-\u9fff〇·•・]{2,20}")
_VILLAGE = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|社区|行政村|自然村|(?<!小)村(?!路|道|街|巷|民))")
_TOWN = re.compile(r"(?:街道(?:办事处)?|[镇乡](?!政府))")
_COUNTY = re.compile(r"[省市区县旗州盟]")
_FINER = re.compile(
    r"[0-9一二三四五六七八九十百]+\s*(?:号|组|队|社|栋|幢|座|单元|室|房|楼|层|巷|弄)|(?:路|街|巷|大道|胡同|小区|花园|新村)"
)


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳修 → 欧阳*, 买买提·艾力 → 买买提·**: the family name stays, one star for each other character."""
    bare = name.strip()
    if "*" in bare or "＊" in bare or len(bare) < 2:
        return bare
    dot = re.search(r"[·•・]", bare)
    if dot:
        return bare[: dot.end()] + "*" * max(1, len(bare) - dot.end())
    if bare.isascii():
        first = bare.split()[0]
        return f"{first} ***" if first != bare else bare[0] + HIDDEN
    plain = re.sub(r"\s", "", bare)
    kept = 2 if len(plain) > 2 and plain[:2] in _DOUBLE else 1
    return plain[:kept] + "*" * (len(plain) - kept)


def is_name(value: str) -> bool:
    """Whether a value of a column of names is a name at all, not a heading or a total."""
    plain = re.sub(r"\s", "", value)
    return (
        bool(_HAN.fullmatch(plain))
        and plain not in ("合计", "小计", "总计", "姓名", "户主", "无", "备注")
        and len(plain) <= 15
    )


def kept_address(value: str) -> int:
    """How much of an address may stay: down to the village or community, else the town, else the county."""
    village = _VILLAGE.search(value)
    if village:
        return village.end()
    stop = _FINER.search(value)
    coarse = value[: stop.start()] if stop else value
    for level in (_TOWN, _COUNTY):
        ends = [m.end() for m in level.finditer(coarse)]
        if ends:
            return ends[-1]
    return 0


def is_fine_address(value: str) -> bool:
    """Whether an address goes further down than the village or community."""
    if "*" in value or "＊" in value:
        return False
    return bool(_FINER.search(value[kept_address(value) :]))


def mask_address(value: str) -> str:
    """An address down to the village or community: 大沟镇三丫村三组12号 → 大沟镇三丫村***."""
    return value[: kept_address(value)] + HIDDEN if is_fine_address(value) else value
