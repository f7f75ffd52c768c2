"""Names of organisations as plans print them: what is one, and where one ends and the next begins."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

# What a name of a body, section or group ends in. Longer endings first, so that “委员会” is not read as “会”.
_ENDINGS = (
    "人民政府|委员会|办事处|办公室|管委会|居委会|村委会|理事会|联合会|工商联|指挥部|检察院|开发区|保税区|示范区|试验区|度假区|高新区|经开区|"
    "委办局|管理站|服务站|气象台|电视台|广播台|融媒体|信用社|农商行|供电所|派出所|工作组|领导小组|工作小组|协调小组|办事机构|"
    "政府|法院|学院|学校|大学|医院|医共体|卫生院|中学|小学|中心|公司|集团|银行|分行|支行|协会|学会|商会|工会|总会|促进会|贸促会|促会|研究会|联谊会|合会|基金会|党委|党组|党校|工委|纪委|监委|团委|妇联|"
    "残联|科协|文联|社科联|侨联|侨办|台办|记协|红会|红十字会|支队|大队|总队|中队|支部|总支|街道|园区|社区|新区|城区|片区|县区|市区|专班|部门|单位|科室|股室|处室|股所|站所|室所|"
    "机构|企业|高校|院校|院所|运营商|图书馆|档案馆|博物馆|文化馆|展览馆|美术馆|纪念馆|报社|杂志社|出版社|供销社|联合社|联社|合作社|林场|农场|园林场|专区|镇街|街镇|镇办|乡镇|乡街|村居|村社|县市区|"
    "市州|地市|州市|盟市|旗县|主管部门|分局|税务|海关|气象|邮政|烟草|电信|移动|联通|铁塔|供电|人行|电网|机关|窗口|专办|团队|党群|组织|成员|属地|"
    "团县委|团市委|团区委|团省委|局|办|委|厅|部|科|股|室|处|院|所|站|队|镇|乡|县|区|州|盟|旗|馆|组|署|庭|幼儿园|厂|村|中队|专委|编办|法制办|网信办|政研室|督查室|信访|总站|大厅|联|总行|央行|商行|农信"
).replace("\n", "")
_ENDING = re.compile(rf"(?:{_ENDINGS})$")
# These end a name only when something stands before them: alone they are a fragment of a broken name.
_BARE = frozenset(_ENDINGS.split("|")) - {
    "办公室", "镇街", "街镇", "乡镇", "税务", "海关", "气象", "邮政", "烟草", "电信", "移动", "联通", "铁塔", "供电", "人行", "妇联", "残联", "科协", "文联", "侨联", "工会",
    "团委", "党委", "纪委", "党校", "编办", "医院", "法院", "检察院", "银行", "工商联", "网信办", "信访", "街道", "园区", "社区", "高新区", "经开区", "开发区", "学校",
    "团县委", "团市委", "团区委", "团省委", "督查室", "政研室", "供销社", "融媒体", "档案馆", "图书馆", "文化馆", "红十字会", "工委", "社科联", "侨办", "台办", "机关", "窗口", "管委会", "高校",
}  # fmt: skip
_GROUP = re.compile(
    r"^(?:各|全(?:市|县|区|镇|街|局|委|办|体|部|厅|省|州)|有关|相关|其他|其它|所有|本(?:级|局|委|办|机关|单位)|局(?:属|机关)|委(?:属|机关)|"
    r"市(?:直|级|属|有关|相关|各)|县(?:直|级|属|有关|相关|各)|区(?:直|级|属|有关|相关|各)|省(?:直|级|属|有关|相关|各)|州(?:直|级)|镇(?:直|属|各)|责任|牵头|成员|涉及|属地|在[\u4e00-\u9fff])"
)
_GROUP_TAIL = re.compile(
    r"(?:镇|街|乡|区|县|市|部门|单位|科室|股室|处室|机构|企业|高校|村|社区|局|办|委|科|股|站|所|中心|政府|园区|功能区|平台|学校|医院|地|州|盟|旗|厅|院|室|组|成员|街道|处|队|板块|地区|公司|集团|分局|党组织|支部|基层|居|场|馆)$"
)
_TAIL_BRACKET = re.compile(r"[（(〔\[【][^（()）〔〕\[\]【】]*[）)〕\]】]$")
_NO_UNIT = re.compile(r"\d+\s*(?:年|月|台|个|家|项|万|亿|%|处|次)|[。！？；;：:“”《》]|^[\d\W]+$")
_SENTENCE = re.compile(
    r"加强|推进|完善|开展|落实[^办]|推动|做好|建立|强化|提升|制定|组织实施|按照|要求|公开[^科办室处股中监]|进一步|积极|确保|及时"
)
PERSON = re.compile(r"^([\u4e00-\u9fff]{2,4}?)(?:同志|（[\u4e00-\u9fff]{2,8}）)$")
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文牛樊葛邢安齐庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙戈浦伍"
)  # fmt: skip


# What a line end leaves of a broken name: its tail (会保障局, 和信息化局) or its head (人力资源和社).
_FRAGMENT = re.compile(
    r"^(?:和|与|及|会保|会事|会组|会工作|合执法|合行政|局(?!属|机关|长|办|党|直|各)|府(?!办)|业农村|境局|划局|设局|输局|息化|源局|游局|乡建设局|乡规划局)|(?:和|与|及)[\u4e00-\u9fff]$"
)


def strip_brackets(name: str) -> str:
    """The name without brackets at its end: 市数据局（市人工智能局） → 市数据局."""
    while True:
        shorter = _TAIL_BRACKET.sub("", name)
        if shorter == name or not shorter:
            return name
        name = shorter


@lru_cache(maxsize=16384)
def is_unit(name: str) -> bool:
    """True when `name` alone reads as the name of a body, a section or a group of them."""
    name = re.sub(r"\s+", "", name)
    core = strip_brackets(name)
    core = core[:-1] if core.endswith("等") and len(core) > 3 else core
    if not 2 <= len(core) <= 28 or _NO_UNIT.search(core) or core.count("（") != core.count("）"):
        return False
    if core in _BARE or _FRAGMENT.search(core):
        return False
    if _GROUP.match(core) and _GROUP_TAIL.search(core):
        return True
    return _ENDING.search(core) is not None and not (len(core) > 12 and _SENTENCE.search(core))


_TITLE = re.compile(
    r"(?:县|市|区|镇|乡|街道|局|党组|党委|党工委|管委会|政府|人大|政协|纪委|组织|宣传|政法|武装)?委?(?:常务|第一)?副?"
    r"(?:县长|市长|区长|镇长|乡长|局长|处长|科长|股长|院长|校长|所长|站长|队长|部长|主任|主席|书记|秘书长|调研员|组长|厅长|总经理|董事长|常委|委员|总工程师)$"
)


def without_office(name: str) -> str:
    """A person without the title of office beside the name: 李明副县长 as 李明; empty for a title alone, 赵主任 as it is."""
    bare = _TITLE.sub("", name)
    return name if len(bare) == 1 else bare


def is_person(name: str) -> bool:
    """True for a person's name of two or three characters (four with a compound surname) that is no unit."""
    name = re.sub(r"\s+", "", name)
    return (
        2 <= len(name) <= 3
        and name[0] in _SURNAMES
        and not is_unit(name)
        and bool(re.fullmatch(r"[\u4e00-\u9fff]+", name))
    )


class Known:
    """Names that stand whole somewhere in the document; they settle broken and glued ones."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.counts: Counter[str] = Counter(names)

    def __contains__(self, name: str) -> bool:
        return name in self.counts

    def add(self, name: str) -> None:
        """Remember a name printed whole."""
        if is_unit(name):
            self.counts[name] += 1


_STARTS = "市县区省各州镇乡街村团全国旗盟"
_OPENINGS = ("共青团", "中共", "中国", "国网", "国家", "中央", "中铁", "南方电网")
_STRONG_OFFICE = ("局", "厅", "中心", "公司", "法院", "集团")
_COMMISSION = re.compile(r"(?:城管|发改|卫健|经信|住建|国资|交通|农|商|教|建|科技|改革)委$")
_STRONG = (
    "局",
    "厅",
    "股",
    "科",
    "办公室",
    "中心",
    "公司",
    "集团",
    "部门",
    "科室",
    "单位",
    "政府",
    "办事处",
    "委员会",
    "管委会",
    "街道",
    "银行",
    "大学",
    "学院",
    "医院",
)
_AFTER_OFFICE = re.compile(r"^(?:公|事|员|主|副|属|机|直|所|各|相|有|内|下|系)")


def _name_cost(name: str, known: Known) -> float:
    if name in known:
        return 0.0
    if is_unit(name):
        return 1.0
    if is_person(name):
        return 1.6
    return 4.0


def _inner_cost(left: str, right: str, known: Known) -> float:
    """What speaks against reading `left + right` as one name although both halves are names of their own."""
    if not (is_unit(left) or left in known) or not (is_unit(right) or right in known):
        return 0.0
    if _bound(left, right):
        return 0.0
    if left in known and right in known:
        return 3.0
    if right[0] == "各" and len(left) >= 3 and not _SUPERIOR.match(left):
        return 3.0
    if (right[0] in _STARTS or right.startswith(_OPENINGS)) and (left.endswith(_STRONG) or len(left) >= 3):
        return 3.0
    if right in known or left in known:
        return 2.0
    return 1.2


# A superior without its office is no owner: 市委 + 组织部, 县政府 + 办公室 are one name each.
_SUPERIOR = re.compile(r"^[\u4e00-\u9fff]{0,4}(?:省|市|县|区|镇|乡|州|旗|街道|局|工|党)?(?:委|政府|党组|党工委)$")
_OFFICE = re.compile(
    r"^(?:组织部|宣传部|统战部|政法委|社会工作部|网信办|编办|办公室|办|办公厅|国资委|研究室|督查室|改革办|金融办|台办|外办|侨办|史志|党校|老干部局|机要|保密|信访局|直属|军民|农办|深改办|国安办|财经办|依法治|文明办|人才办|政研室)"
)


_BRANCH = re.compile(r"^[\u4e00-\u9fff]{2,4}(?:大队|支队|总队|中队|派出所)$")


def _bound(left: str, right: str) -> bool:
    """Two halves of one name although each could stand alone: 市委 + 组织部, 县公安局 + 交警大队."""
    if _SUPERIOR.match(left) and _OFFICE.match(right):
        return True
    if left.endswith(("银行", "公司", "集团")) and re.fullmatch(r"[\u4e00-\u9fff]{0,4}(?:分行|支行|分公司)", right):
        return True
    if left.endswith("纪委") and right.endswith("监委"):
        return True
    return left.endswith("局") and _BRANCH.match(right) is not None and right[0] not in _STARTS


def join_pieces(pieces: list[str], gaps: list[float], known: Known) -> list[str]:
    """Names from pieces between soft breaks (line ends, blanks).

    `gaps[i]` tells how much the break after piece i itself speaks for parting (positive) or joining (negative).
    """
    n = len(pieces)
    best: list[tuple[float, int]] = [(0.0, 0)] + [(1e9, 0)] * n
    for end in range(1, n + 1):
        for start in range(max(0, end - 40), end):
            name = "".join(pieces[start:end])
            cost = _name_cost(name, known)
            for k in range(start + 1, end):
                left, right = "".join(pieces[start:k]), "".join(pieces[k:end])
                bound = _bound(left, right)
                cost += _inner_cost(left, right, known) + (0.0 if bound else max(gaps[k - 1], 0.0))
            if start > 0:
                cost += max(-gaps[start - 1], 0.0)
                if _bound("".join(pieces[best[start][1] : start]), name):
                    cost += 2.0
            total = best[start][0] + cost + 0.05
            if total < best[end][0]:
                best[end] = (total, start)
    names: list[str] = []
    end = n
    while end:
        start = best[end][1]
        names.append("".join(pieces[start:end]))
        end = start
    return names[::-1]


def part_glued(name: str, known: Known) -> list[str]:
    """Names that were run together without any separator; `[name]` when it is one name."""
    if name in known or len(name) < 6 or not _ENDING.search(strip_brackets(name)):
        return [name]
    cuts = [i for i in range(2, len(name) - 1) if _may_cut(name, i, known)]
    if not cuts:
        return [name]
    marks = [0, *cuts, len(name)]
    pieces = [name[a:b] for a, b in itertools.pairwise(marks)]
    gaps = [-1.0] * (len(pieces) - 1)
    return join_pieces(pieces, gaps, known)


def _may_cut(name: str, at: int, known: Known) -> bool:
    left, right = name[:at], name[at:]
    if _bound(left, right):
        return False
    if right[0] in "）)（(" or left.count("（") != left.count("）"):
        return False
    opening = right[0] in "市县区省州旗" or right.startswith(_OPENINGS)
    if opening and left[-1] in "局厅委办处科股队院会联司团心校行站所室部府" and is_unit(left):
        return True
    if right.startswith(("各", "有关", "相关", "直属", "所属", "下属", "其他")):
        # “管委会各部门” is one name; only names known whole on both sides part here.
        whole = left in known and any(right.startswith(k) for k in known.counts)
        office = left.endswith(_STRONG_OFFICE) or _COMMISSION.search(left)
        return whole or (bool(office) and right[0] == "各")
    if not left.endswith(_STRONG) and not any(left.endswith(k) for k in known.counts if len(k) >= 3):
        return False
    if left.endswith("局") and _AFTER_OFFICE.match(right) and not right.startswith(("各", "相关", "有关", "公安")):
        return False
    return (
        any(right.startswith(k) for k in known.counts)
        or right[0] in _STARTS
        or left.endswith(("科", "股", "局", "办公室"))
    )
