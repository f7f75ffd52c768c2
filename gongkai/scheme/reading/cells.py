"""What stands in one cell: ticks, channels, elements, titles of laws, names of bodies.

Source: law.md §5 (tick marks, the checklist of channels with ■ 必选 and □ 可选), YAML 15.7 `channels`.
"""

from __future__ import annotations

import re
import unicodedata

from gongkai.scheme.reading.model import Channel, Mark

_ON = set("√✓✔☑■●是有Vv∨✅🗹☒üÖþ▲★◆")
_OFF = set("□○×✗✘否无空☐〇Xx-—－/／")
_NOTHING = re.compile(r"[-—－–/／\\无]{1,4}|空")
_DITTO = re.compile(r"[(（]?(?:同上|同前|〃|″|\"|同上一行|同上项|同上栏)[)）]?[。]?")
_MUST, _MAY = "■☑✅√✓✔●☒◆", "□☐○口"
_BLANK = re.compile(r"[ \t\u3000\xa0\u2002-\u200b\r\f\v]+")
_CHANNELS = (
    "政府网站", "门户网站", "政府公报", "两微一端", "发布会", "听证会", "广播电视", "纸质媒体", "纸质载体", "公开查阅点",
    "政务服务中心", "行政服务中心", "便民服务站", "入户", "现场", "社区", "企事业单位", "村公示栏", "精准推送", "其他",
    "投资项目", "公共资源", "信用中国", "招标投标", "招投标", "12345", "法律服务网", "政务新媒体",
)  # fmt: skip
_HARD = re.compile(r"社区[/、]企事业单位[/、]村公示栏(?:[(（]电子屏[)）])?|发布会[/、]听证会|入户[/、]现场")
_ENDS_UNIT = re.compile(
    r"(?:局|委|委员会|办|办公室|府|政府|院|校|学校|幼儿园|中心|所|处|室|科|股|队|支队|大队|站|厅|组|公司|单位|部门|机构|机关|村|社区|乡|镇|街道|等|会|部|人|馆|企业)(?:[)）])?$"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def tidy(text: str) -> str:
    """Lines without blanks at their ends, odd blanks made plain, control characters dropped."""
    plain = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    lines = [_BLANK.sub(" ", line).strip() for line in re.split(r"[\n\x0b\u2028\u2029]", plain)]
    return "\n".join(line for line in lines if line)


def flat(text: str) -> str:
    """On one line, as a narrow column breaks it: Chinese joins without a blank."""
    joined = re.sub(r"(?<=[A-Za-z0-9])\n(?=[A-Za-z])", " ", tidy(text)).replace("\n", "")
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", joined)


def is_ditto(text: str) -> bool:
    """“同上” and its like."""
    return _DITTO.fullmatch(re.sub(r"\s+", "", text)) is not None


def is_nothing(text: str) -> bool:
    """A stroke or 无: the cell says that there is nothing, so nothing is inherited."""
    return _NOTHING.fullmatch(re.sub(r"\s+", "", text)) is not None


def tick(text: str) -> bool | None:
    """True or False for a mark, False for nothing; None where words stand instead of a mark."""
    plain = re.sub(r"[\s()（）]+", "", text)
    if not plain or plain in ("是否", "未勾选"):
        return False
    if plain in ("主动", "主动公开", "依申请", "依申请公开", "全社会", "公开", "勾选"):
        return True
    if all(c in _ON for c in plain):
        return True
    return False if all(c in _OFF for c in plain) else None


def group(text: str) -> str:
    """The group for whom it is: the words printed, 特定群体 where only a tick stands."""
    ticked = tick(text)
    if ticked is not None:
        return "特定群体" if ticked else ""
    words = flat(re.sub(r"[√✓✔■●☑]", "", text))
    inner = re.fullmatch(r"[(（](.+)[)）]", words)
    return inner.group(1) if inner else words


def unwrapped(text: str, width: int) -> str:
    """Lines that only the narrow cell has broken joined again; `width` is that of the column's longest line."""
    out: list[str] = []
    previous = ""
    for line in tidy(text).split("\n"):
        ended = re.search(r"[。；;]$", previous) is not None or _breadth(previous) < 0.75 * width
        marked = re.match(
            rf"[{_CIRCLED}{_MUST}{_MAY}]|\d{{1,2}}[.、．](?!\d)|[(（][一二三四五六七八九十\d]{{1,3}}[)）]", line
        )
        if out and not (ended and not line.startswith(("）", ")", "、", "，"))) and not marked:
            blank = " " if re.search(r"[A-Za-z]$", out[-1]) and re.match(r"[A-Za-z]", line) else ""
            out[-1] += blank + line
        else:
            out.append(line)
        previous = line
    return "\n".join(out)


def breadth(text: str) -> int:
    """Width of the longest line in half characters."""
    return max((_breadth(line) for line in tidy(text).split("\n")), default=0)


def _breadth(line: str) -> int:
    return sum(2 if ord(c) > 255 else 1 for c in line)


def elements(content: str) -> list[str]:
    """公开内容（要素） as items: by line ends, semicolons and numbers."""
    found: list[str] = []
    for line in tidy(content).split("\n"):
        for part in _outside_brackets(re.sub(r"\s+(?=[●◆■▪])", "；", line), "；;"):
            found += _numbered(part)
    items = [re.sub(r"^[·•●◆■▪\-—]+\s*", "", p).strip(" 。；;，,：:") for p in found]
    return [i for i in items if i]


def _outside_brackets(text: str, marks: str) -> list[str]:
    parts, depth = [""], 0
    for c in text:
        depth += (c in "（(《【〈") - (c in "）)》】〉")
        if c in marks and depth <= 0:
            parts.append("")
        else:
            parts[-1] += c
        depth = max(depth, 0)
    return parts


_NUMBER = re.compile(
    rf"([{_CIRCLED}])|(?<![\d.第])(\d{{1,2}})[.、．](?!\d)|[(（](\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[)）]|(?:^|(?<=[。：:]))([一二三四五六七八九十]{{1,3}})、"
)
_CHINESE = ["", *"一二三四五六七八九十", *(f"十{c}" for c in "一二三四五六七八九"), "二十"]


def _numbered(text: str) -> list[str]:
    """Parted at numbers that count up; the words before the first are an item of their own."""
    cuts: list[tuple[int, int]] = []
    expected: dict[int, int] = {}
    for match in _NUMBER.finditer(text):
        which = match.lastindex or 0
        word = match.group(which)
        value = _CIRCLED.index(word) + 1 if which == 1 else _CHINESE.index(word) if word in _CHINESE else 0
        value = int(word) if word.isascii() and word.isdigit() else value
        if match.start() == 0 or value == expected.get(which, 1):
            expected[which] = value + 1
            cuts.append(match.span())
    if not cuts:
        return [text]
    ends = [start for start, _ in cuts[1:]] + [len(text)]
    return [text[: cuts[0][0]], *(text[end:stop] for (_, end), stop in zip(cuts, ends, strict=True))]


def titles(basis: str) -> list[str]:
    """Titles between 《》, each once; a title may hold another."""
    joined = re.sub(r"\s*\n\s*", "", basis)
    found = re.findall(r"《((?:[^《》]|《[^《》]*》)+)》", joined)
    return list(dict.fromkeys(t.strip() for t in found if t.strip()))


def owner(text: str) -> str:
    """公开主体 as printed, the line ends that only the narrow column has made taken out."""
    out: list[str] = []
    for line in tidy(text).split("\n"):
        if (out and not _ENDS_UNIT.search(out[-1]) and not re.search(r"[、，,；;/]$", out[-1])) or (
            out and re.match(r"[、，,；;/)）]", line)
        ):
            out[-1] += line
        else:
            out.append(line)
    return "\n".join(out)


def owners(text: str) -> list[str]:
    """The bodies named in 公开主体, one by one."""
    parts = [p for line in owner(text).split("\n") for p in _outside_brackets(line, "、，,；;/ ")]
    names = [re.sub(r"\s+", "", p).strip("。") for p in parts]
    return list(dict.fromkeys(n for n in names if n and not is_nothing(n)))


def channels(text: str) -> list[Channel]:
    """公开渠道和载体 as a list, each with its mark where a checklist is printed."""
    plain = _latin_marks(tidy(text))
    if is_nothing(plain):
        return []
    found: list[Channel] = []
    if re.search(rf"[{_MUST}□☐○]", plain):
        pieces = re.split(rf"([{_MUST}□☐○])", plain)
        found += [Channel(n) for n in _plain_channels(pieces[0])]
        for mark, words in zip(pieces[1::2], pieces[2::2], strict=False):
            name = re.sub(r"[_＿\s]+", "", words).strip("、，,；;。:：")
            if name:
                found.append(Channel(name, Mark.MUST if mark in _MUST else Mark.MAY))
    else:
        found = [Channel(n) for n in _plain_channels(plain)]
    return list(dict.fromkeys(found))


def _latin_marks(text: str) -> str:
    """口 for □ (OCR) and letters of symbol fonts (n ■, q □) before the name of a usual channel."""
    names = "|".join(_CHANNELS)
    text = re.sub(rf"(?<![\u4e00-\u9fff])口(?=\s*(?:{names}))|(?<=\s)口(?=\s*(?:{names}))", "□", text)
    text = re.sub(rf"(?<![A-Za-z])[nt]\s?(?=(?:{names}))", "■", text)
    return re.sub(rf"(?<![A-Za-z])[qo]\s?(?=(?:{names}))", "□", text)


def _plain_channels(text: str) -> list[str]:
    held: list[str] = []

    def keep(match: re.Match[str]) -> str:
        held.append(match.group(0))
        return f"\0{len(held) - 1}\0"

    parts = [p for line in _HARD.sub(keep, text).split("\n") for p in _outside_brackets(line, "、，,；;。|　 ")]
    names: list[str] = []
    for part in parts:
        name = re.sub(r"\0(\d+)\0", lambda m: held[int(m.group(1))], part)
        name = re.sub(r"^(?:\d{1,2}[.、．)]|[①-⑳])", "", re.sub(r"\s+", "", name))
        if name and names and re.match(r"[(（]", name):
            names[-1] += name
        elif name:
            names.append(name)
    return names
