"""Generated Chinese government documents, and a site that has them out: what bench/search.py and bench/pages.py measure on.

Every name is invented. Document n is the same whatever else is made: a smaller set is the beginning of a larger one.
About 900 characters to a text, cut from sentences as such papers have them, with villages, companies and people of
which most stand in a few documents only.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import hashlib
import math
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

if TYPE_CHECKING:
    from gongkai.search.port import Document

DAY = dt.date(2026, 9, 15)
"""The day that is played."""
YEARS = range(2016, 2027)
LENGTH = 900
"""Characters of a body, about."""

PLACES = (
    *("云泽市", "临溪县", "枫江县", "青麓县", "石堰县", "白鹭区", "南埠区", "沙坪县", "望岭县", "双柳县", "金渡区"),
    "鹿鸣县",
)
OFFICES: dict[str, tuple[str, str, str]] = {
    "人民政府": ("政发", "综合政务", "政务公开"),
    "人民政府办公室": ("政办发", "综合政务", "政府信息公开"),
    "民政局": ("民发", "民政、扶贫、救灾", "社会救助"),
    "教育局": ("教发", "科技、教育", "义务教育"),
    "卫生健康委员会": ("卫发", "卫生、体育", "医疗卫生"),
    "人力资源和社会保障局": ("人社发", "劳动、人事、监察", "就业创业"),
    "财政局": ("财发", "财政、金融、审计", "财政资金"),
    "农业农村局": ("农发", "农业、林业、水利", "高标准农田"),
    "水利局": ("水发", "农业、林业、水利", "农村饮水"),
    "住房和城乡建设局": ("建发", "城乡建设、环境保护", "老旧小区改造"),
    "生态环境局": ("环发", "城乡建设、环境保护", "污染防治"),
    "交通运输局": ("交发", "工业、交通", "农村公路"),
    "自然资源局": ("自然资发", "国土资源、能源", "建设用地"),
    "市场监督管理局": ("市监发", "市场监管、安全生产监管", "食品安全"),
    "应急管理局": ("应急发", "市场监管、安全生产监管", "防汛抗旱"),
    "文化和旅游局": ("文旅发", "文化、广电、新闻出版", "公共文化"),
    "公安局": ("公发", "公安、安全、司法", "道路交通"),
    "司法局": ("司发", "公安、安全、司法", "法律援助"),
    "商务局": ("商发", "商贸、海关、旅游", "消费促进"),
    "统计局": ("统发", "国民经济管理、国有资产监管", "统计调查"),
}
"""What an office puts before its numbers, its topic, and what it is mostly about."""
THINGS = {
    "综合政务": ("政务公开", "政务服务", "政府网站", "行政审批", "营商环境", "数据共享", "公文处理", "档案管理"),
    "民政、扶贫、救灾": ("最低生活保障", "临时救助", "特困人员供养", "养老服务", "残疾人两项补贴", "孤儿基本生活", "慈善捐赠", "殡葬管理", "高龄津贴"),
    "科技、教育": ("义务教育招生", "学前教育", "校外培训", "教师招聘", "学生资助", "科技创新", "校园安全", "营养改善"),
    "卫生、体育": ("疫苗接种", "家庭医生签约", "公立医院改革", "妇幼保健", "传染病防控", "村卫生室", "全民健身", "医疗救助"),
    "劳动、人事、监察": ("就业创业", "职业技能培训", "城乡居民养老保险", "根治欠薪", "事业单位招聘", "工伤认定", "社会保险补贴", "劳动仲裁"),
    "财政、金融、审计": ("部门预算", "部门决算", "政府债务", "政府采购", "惠民惠农补贴", "普惠金融", "审计整改", "国有资产"),
    "农业、林业、水利": ("高标准农田", "耕地地力保护补贴", "农村饮水安全", "河湖长制", "林地保护", "病虫害防治", "乡村振兴", "水土保持"),
    "城乡建设、环境保护": ("老旧小区改造", "保障性住房", "农村危房改造", "污水处理", "大气污染防治", "垃圾分类", "扬尘治理", "物业管理"),
    "工业、交通": ("农村公路", "公交线路", "工业园区", "治超治限", "中小企业扶持", "技术改造", "水路运输", "停车收费"),
    "国土资源、能源": ("建设用地审批", "征地补偿安置", "不动产登记", "矿产资源", "地质灾害防治", "宅基地审批", "国土空间规划", "耕地占补平衡"),
    "市场监管、安全生产监管": ("食品安全抽检", "特种设备", "安全生产", "消防隐患", "防汛抗旱", "知识产权", "价格监测", "烟花爆竹"),
    "文化、广电、新闻出版": ("公共文化服务", "文物保护", "非物质文化遗产", "乡村旅游", "农家书屋", "广播电视", "图书馆", "文艺惠民"),
    "公安、安全、司法": ("道路交通安全", "户籍管理", "法律援助", "人民调解", "社区矫正", "反诈宣传", "养犬管理", "普法教育"),
    "商贸、海关、旅游": ("消费券发放", "电子商务", "外贸企业", "家电以旧换新", "成品油市场", "会展活动", "农产品流通", "景区管理"),
    "国民经济管理、国有资产监管": ("统计调查", "重点项目", "经济普查", "固定资产投资", "粮食储备", "价格管理", "招标投标", "信用体系"),
}  # fmt: skip
FORMS = ("管理办法", "实施细则", "实施方案", "工作规程", "若干措施", "暂行办法", "行动计划", "补贴标准")
NOTICES = ("审批结果的公示", "发放情况的公告", "名单的公示", "工作安排的通知", "检查结果的通报", "申报工作的通知")
FIRST = "云柳枫青白石金双望南北东西上下大小新长清鹿鹤龙凤竹松梅兰桂莲杏桃梨枣槐榆樟泉溪涧湖塘港湾洲坪坡岭岗峰岩坝堰渡桥店铺坊庙寺塔台"
SECOND = "溪沟塘湾坪坡岭岗岩坝堰桥店铺坊庙台湖洲港田园林庄寨营堡屯垭坳冲垅墩埠汊浦泾渡滩嘴咀岔口井窑场"
MARK = "恒远盛源泰和瑞丰宏达鑫隆嘉诚博雅汇通兴业安康永信华茂德润万腾利群凯旋中联天衡启明正阳同辉"
TRADE = (
    "水务", "建筑", "农业科技", "物业服务", "环保工程", "医药", "食品", "养老服务", "交通运输", "信息技术", "园林绿化",
    "商贸",
)  # fmt: skip
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
GIVEN = "明华建国秀英桂兰志强丽娟海涛小燕文博雨欣子涵思远永红春梅德胜玉珍立新晓东佳怡浩然俊杰雪梅"
SENTENCES = (
    "为进一步规范{place}{thing}工作，根据国家和省有关规定，结合我县实际，制定本{form}。",
    "本{form}适用于{place}行政区域内{thing}的申请、审核、发放和监督管理活动。",
    "各乡镇人民政府、街道办事处和有关部门要高度重视{thing}工作，明确责任分工，确保各项任务落实到位。",
    "{office}负责{thing}的组织实施和日常管理，财政部门负责资金保障，审计部门依法开展监督。",
    "申请人应当向户籍所在地的村（居）民委员会提出书面申请，并提交身份证明、收入证明等材料。",
    "经办机构应当自收到申请之日起{n}个工作日内完成审核，并将审核结果在政务公开栏公示{m}天。",
    "对符合条件的对象，按照每人每月{money}元的标准予以补助，补助资金通过社会保障卡发放。",
    "{village}、{village2}等地要结合实际开展{thing}宣传，做到家喻户晓、人人知晓。",
    "严禁虚报冒领、截留挪用{thing}资金，对违反规定的单位和个人，依法依规追究责任。",
    "{company}为本次{thing}项目的承接单位，合同金额{money}万元，工期{n}天。",
    "请{person}等同志于{date}前到{office}办理相关手续，逾期视为自动放弃。",
    "公示期间，任何单位和个人如有异议，可以通过来电、来信、来访等方式向{office}反映情况。",
    "要坚持以人民为中心的发展思想，聚焦群众急难愁盼问题，不断提升{thing}的质量和水平。",
    "各责任单位要建立工作台账，实行清单化管理、项目化推进，每月底前报送工作进展情况。",
    "{place}人民政府统筹安排专项资金{money}万元，用于支持{thing}和{other}等重点领域。",
    "积极探索“互联网+政务服务”模式，推动{thing}事项网上办、掌上办、一次办。",
    "完善{thing}信息共享机制，加强与公安、民政、税务等部门的数据比对，提高精准度。",
    "对{village}{n}户困难家庭开展入户核查，其中{m}户符合条件，纳入保障范围。",
    "本{form}自{date}起施行，有效期五年，原有规定与本{form}不一致的，以本{form}为准。",
    "{thing}工作情况纳入年度绩效考核，考核结果作为干部评价和资金分配的重要依据。",
    "从事{thing}的机构应当具备相应资质，配备专业技术人员，建立健全内部管理制度。",
    "因自然灾害、事故灾难等突发事件造成损失的，可以按照程序申请应急救助。",
    "依法应当公开的政府信息，应当自形成或者变更之日起二十个工作日内予以公开。",
    "{office}应当会同有关部门加强对{other}的指导检查，及时研究解决工作中的困难和问题。",
    "{date}，{office}组织召开{thing}工作推进会，{person}出席会议并讲话。",
    "会议指出，今年以来全县{thing}工作取得明显成效，但仍存在基础薄弱、投入不足等短板。",
    "下一步，要突出重点、补齐短板，统筹推进{thing}与{other}，努力实现高质量发展目标。",
    "经{village}村民代表会议讨论通过，{person}、{person2}户的申请材料已上报乡镇人民政府审核。",
    "{company}未按规定落实{other}措施，被责令限期整改，并处罚款{money}元。",
    "联系人：{person}，监督举报电话见{office}网站。",
    "鼓励社会力量参与{thing}，支持企业、社会组织和志愿者依法开展相关服务活动。",
    "申报单位应当对材料的真实性负责，弄虚作假的，三年内不得再次申报{thing}项目。",
    "{thing}标准根据经济社会发展水平和物价变动情况适时调整，调整后向社会公布。",
    "办理时限由{n}个工作日压缩到{m}个工作日，申请材料由{n}份减少到{m}份。",
    "建立健全{thing}风险排查和隐患治理机制，落实网格化管理，确保不发生重特大事故。",
    "本次共安排{village}至{village2}段建设任务{n}公里，总投资{money}万元，计划{date}前完工。",
)
WHO = (
    "各有关部门",
    "乡镇人民政府",
    "村民委员会",
    "经办机构",
    "行业主管部门",
    "项目单位",
    "监理单位",
    "街道办事处",
    "财政部门",
    "用人单位",
    "定点医院",
    "幼儿园",
    "供水企业",
    "物业公司",
    "养老机构",
    "信用社",
    "农机合作社",
    "规划设计院",
    "统计机构",
    "公证处",
    "民办学校",
    "驻村工作队",
    "气象台站",
    "畜牧站",
    "文化馆",
    "供销社",
    "仲裁庭",
    "殡仪馆",
    "看守所",
    "渔政大队",
)
DOES = (
    "要严格落实",
    "应当及时上报",
    "要认真核实",
    "要加快推进",
    "可以委托办理",
    "应当公开",
    "要逐级签订",
    "要定期通报",
    "负责汇总",
    "要组织评审",
    "不得擅自变更",
    "应当妥善保存",
    "要配套出台",
    "要跟踪督办",
    "应当登记备案",
    "要协同研判",
    "可以提前拨付",
    "要现场勘验",
    "应当委托鉴定",
    "要封存移交",
    "应当听证",
    "要抽样复检",
    "可以减免",
    "应当公证",
    "要追缴",
)
WHAT = (
    "实施计划",
    "工作报告",
    "审批材料",
    "资金台账",
    "任务清单",
    "会议纪要",
    "整改方案",
    "验收标准",
    "合同文本",
    "公示结果",
    "应急预案",
    "技术规范",
    "责任书",
    "绩效目标",
    "花名册",
    "图纸资料",
    "风险评估",
    "检测报告",
    "征求意见稿",
    "用地红线",
    "质量保证金",
    "施工许可证",
    "出生证明",
    "残疾证",
    "土地承包合同",
    "车辆营运证",
    "排污许可",
    "退耕协议",
    "种子补贴册",
    "遗体捐献登记",
)
HOW = (
    "确保按期完成", "主动接受社会监督", "切实维护群众利益", "避免重复投入", "提高办事效率", "做到账实相符", "不断巩固成果",
    "形成工作合力", "防止形式主义", "方便企业办事", "压实主体责任", "实现应保尽保", "杜绝安全事故", "保持政策连续", "减轻基层负担",
    "守住生态红线", "促进城乡融合", "保护个人隐私", "优化空间布局", "稳定市场价格", "传承历史文脉", "遏制耕地撂荒", "缩小校际差距",
    "抵御洪涝灾害", "畅通投诉渠道", "降低物流成本", "提升蓄水能力", "节约殡葬用地", "规范犬只管理", "查处非法采砂",
)  # fmt: skip
"""Parts of sentences, the usual before the rare: those at the end stand in few documents."""
HANZI = "一二三四五六七八九十"


@dataclass(frozen=True)
class Written:
    """One document."""

    id: int
    kind: str
    kind_name: str
    title: str
    number: str
    owner: int
    """0 to 239: place and office."""
    owner_name: str
    topic: str
    keywords: str
    formed: dt.date
    expires: dt.date | None
    body: str
    rare: tuple[str, ...]
    """Names of a village, a company and a person that stand in it."""

    @property
    def standing(self) -> bool:
        """Whether it still stands on the day."""
        return self.expires is None or self.expires >= DAY

    @property
    def validity(self) -> str:
        """As the index says it."""
        return "" if self.kind == "notice" else "现行有效" if self.standing else "失效"

    @cached_property
    def text(self) -> str:
        """All that is looked for in it."""
        return "\n".join((self.title, self.number, self.keywords, self.body))

    def document(self) -> Document:
        """As the port takes it."""
        from gongkai.search.port import Document

        return Document(
            id=self.id,
            title=self.title,
            document_number=self.number,
            kind=self.kind_name,
            owner=self.owner_name,
            topic=self.topic,
            year=self.formed.year,
            date=self.formed,
            validity=self.validity,
            standing=self.standing,
            seen=("public", f"o{self.owner}"),
            places=(("正文", self.body),),
            lead=self.keywords,
        )


DOMAINS = tuple(THINGS)
OWNERS = [(place, office) for place in PLACES for office in OFFICES]
KINDS = {"normative": "行政规范性文件", "policy": "其他政策文件", "notice": "通知公告"}


def write(at: int) -> Written:
    """Document `at`, from 0; its id is one more."""
    chance = random.Random(at)
    pick = chance.choice
    owner = at % len(OWNERS)
    turn = at // len(OWNERS)
    year = YEARS[turn % len(YEARS)]
    serial = turn // len(YEARS) + 1
    place, office = OWNERS[owner]
    word, first, own = OFFICES[office]
    if chance.random() < 0.3:
        first = pick(DOMAINS)
    thing = own if chance.random() < 0.15 else pick(THINGS[first])
    form = pick(FORMS)
    kind = pick(("normative", "policy", "notice", "notice"))
    formed = dt.date(year, 1, 1) + dt.timedelta(days=chance.randrange(240))

    def village() -> str:
        return pick(FIRST) + pick(SECOND) + pick(("村", "村", "村", "社区"))

    def company() -> str:
        return f"{place[:-1]}{pick(MARK)}{pick(MARK)}{pick(TRADE)}有限公司"

    def person() -> str:
        return pick(SURNAMES) + "".join(pick(GIVEN) for _ in range(pick((1, 2, 2))))

    rare = (village(), company(), person())
    held = {"place": place, "office": place + office, "thing": thing, "form": form}
    parts: list[str] = []
    size, article = 0, 0
    while size < LENGTH:
        others = pick(THINGS[pick(DOMAINS)])
        if chance.random() < 0.6:
            sentence = "".join(
                (
                    _rarer(WHO, chance),
                    _rarer(DOES, chance),
                    pick(("", thing)),
                    _rarer(WHAT, chance),
                    "，",
                    _rarer(HOW, chance),
                    "。",
                )
            )
            parts.append(sentence)
            size += len(sentence)
            continue
        sentence = pick(SENTENCES).format(
            **held,
            other=others,
            village=rare[0] if chance.random() < 0.5 else village(),
            village2=village(),
            company=rare[1],
            person=rare[2],
            person2=person(),
            n=chance.randrange(3, 90),
            m=chance.randrange(2, 30),
            money=chance.randrange(80, 9000),
            date=f"{year}年{chance.randrange(1, 13)}月{chance.randrange(1, 29)}日",
        )
        if not article or chance.random() < 0.4:
            article += 1
            parts.append(f"\n第{_han(article)}条　" if kind != "notice" else f"\n{_han(article)}、")
        parts.append(sentence)
        size += len(sentence)
    body = "".join(parts).strip()
    number = f"{place[0]}{word}〔{year}〕{serial}号"
    if kind == "notice":
        title = f"关于{year}年第{chance.randrange(1, 60)}批{rare[0]}{thing}{pick(NOTICES)}"
        number = number if chance.random() < 0.4 else ""
    elif kind == "normative":
        title = f"{place}{office}关于印发《{place}{thing}{form}（{year}年修订）》的通知"
    else:
        title = f"{place}{office}关于做好{year}年{pick(('第一季度', '上半年', '第三季度', '全年', '春季', '秋冬季'))}{thing}和{pick(THINGS[first])}工作的意见"
    return Written(
        id=at + 1,
        kind=kind,
        kind_name=KINDS[kind],
        title=title,
        number=number,
        owner=owner,
        owner_name=place + office,
        topic=first,
        keywords=f"{thing} {form} {own}",
        formed=formed,
        expires=formed.replace(year=year + 5)
        if kind == "normative" and (formed.month, formed.day) != (2, 29)
        else None,
        body=body,
        rare=tuple(name for name in rare if name in body),
    )


def _rarer(of: Sequence[str], chance: random.Random) -> str:
    return of[int(len(of) * chance.random() ** 3)]


def _han(at: int) -> str:
    return HANZI[at - 1] if at <= 10 else f"十{HANZI[at - 11]}" if at < 20 else f"{HANZI[at // 10 - 1]}十"


def documents(size: int) -> Iterator[Written]:
    """The first so many."""
    return map(write, range(size))


# -- a site ------------------------------------------------------------------------------------------------------------


def environment(data: Path) -> dict[str, str]:
    """What a process of the site runs in."""
    told = {k: v for k, v in os.environ.items() if not k.startswith(("GONGKAI_", "DJANGO_"))}
    return {
        **told,
        "GONGKAI_DATA_DIR": str(data),
        "GONGKAI_TODAY": DAY.isoformat(),
        "DJANGO_SETTINGS_MODULE": "gongkai.site.settings",
    }


def start(data: Path) -> None:
    """Start Django in this process, on a data folder; its tables are made."""
    os.environ.update(environment(data))
    from gongkai.site.boot import boot, migrate

    boot()
    migrate()


def put_out(size: int, told: Callable[[int], Any] = lambda _: None) -> None:
    """Have the first so many documents out on the site of this process, as an import leaves them: rows, no gates.

    Goes on where an earlier call ended; the row of document n has the key n.
    """
    from django.db import transaction

    from gongkai.base.actions import SYSTEM, record_event
    from gongkai.base.clock import ZONE
    from gongkai.orgs.models import Kind, Name, Organisation, Place
    from gongkai.records.models import Record, Standing, State, Status, Version

    since = dt.date(2010, 1, 1)
    if not Organisation.objects.exists():
        with transaction.atomic():
            made: dict[str, int] = {}
            for place in PLACES:
                kind = Kind.CITY if place == PLACES[0] else Kind.COUNTY
                rows = [(place, kind, made.get(PLACES[0]))]
                rows += [(place + office, Kind.DEPARTMENT, None) for office in OFFICES]
                for name, kind, above in rows:
                    org = Organisation.objects.create(kind=kind, position=len(made))
                    Name.objects.create(organisation=org, text=name, since=since)
                    Place.objects.create(
                        organisation=org, parent_id=above if kind != Kind.DEPARTMENT else made[place], since=since
                    )
                    made[name] = org.pk
            record_event("found", "organisation", made[PLACES[0]], actor=SYSTEM, on=DAY)
    from gongkai.orgs.models import Name as Named

    orgs = dict(Named.objects.values_list("text", "organisation_id"))
    begin = Record.objects.count()
    for low in range(begin, size, 2000):
        some = [write(at) for at in range(low, min(low + 2000, size))]
        records, versions, statuses = [], [], []
        for one in some:
            moment = dt.datetime.combine(one.formed, dt.time(9, 30), ZONE) + dt.timedelta(days=3, seconds=one.id % 3600)
            paragraphs = "".join(f"<p>{p}</p>" for p in one.body.split("\n"))
            content: dict[str, Any] = {
                "title": one.title,
                "document_number": one.number,
                "topic": one.topic,
                "formed": one.formed,
                "effective": one.formed if one.kind != "notice" else None,
                "expires": one.expires,
                "audience": "public",
            }
            records.append(
                Record(
                    id=one.id,
                    kind=one.kind,
                    owner_id=orgs[one.owner_name],
                    index_number=f"{one.owner:09d}/{one.formed.year}-{one.id:06d}",
                    standing=Standing.DRAFT,
                    first_published_at=moment,
                    published_at=moment,
                    begun_on=one.formed,
                    **content,
                )
            )
            versions.append(
                Version(
                    id=one.id,
                    record_id=one.id,
                    number=1,
                    digest=hashlib.sha256(one.body.encode()).hexdigest(),
                    submitted_at=moment,
                    held_since=moment,
                    state=State.PUBLISHED,
                    issuers=one.owner_name,
                    keywords=one.keywords,
                    contact=f"{one.owner_name} 0799-5550101",
                    source=one.owner_name,
                    body=paragraphs,
                    fields={"notice_type": "公示"} if one.kind == "notice" else {},
                    **content,
                )
            )
            statuses.append(Status(version_id=one.id, state=State.PUBLISHED, at=moment))
        with transaction.atomic():
            Record.objects.bulk_create(records, batch_size=500)
            Version.objects.bulk_create(versions, batch_size=500)
            Status.objects.bulk_create(statuses, batch_size=500)
            for record in records:
                record.standing, record.published_id = Standing.PUBLISHED, record.id
            ids = [r.id for r in records]
            from django.db.models import F

            Record.objects.filter(id__in=ids).update(standing=Standing.PUBLISHED, published_id=F("id"))
        told(len(some))


# -- load on a server --------------------------------------------------------------------------------------------------


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pin(core: int) -> Callable[[], None] | None:
    """Server and load each on a core of their own, where there are two: what is counted is one core's."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        return None
    return lambda: os.sched_setaffinity(0, {cores[core % len(cores)]})


@contextmanager
def serving(command: Sequence[str], port: int, env: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server on one core, until it answers; ended and gone afterwards."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command,
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_pin(0),
        )
        try:
            until = time.monotonic() + 60
            while True:
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                if process.poll() is not None or time.monotonic() > until:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {log.read().decode('utf-8', 'replace')[-2000:]}")
                time.sleep(0.1)
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def granian(
    application: str, port: int, mounts: dict[str, Path] | None = None, python: str = sys.executable
) -> list[str]:
    """The command that `gongkai serve` amounts to: one worker, four threads."""
    made = [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    made += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    for route, mount in (mounts or {}).items():
        made += ["--static-path-route", route, "--static-path-mount", str(mount)]
    return [*made, *(["--static-path-expires", "0"] if mounts else []), application]


def _spent(session: int) -> float:
    """CPU seconds of all living processes of a session."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[3]) == session:
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def hammer(
    server: subprocess.Popen[bytes], port: int, paths: Sequence[str], seconds: float, connections: int = 8
) -> dict[str, float]:
    """Ask for the paths by turns with wrk from the other core: requests per second, by the wall and to a second of the
    server's own work, and how long one takes."""
    script = (
        "local paths = {" + ", ".join(f'"{p}"' for p in paths) + "}\nlocal at = 0\n"
        'request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end\n'
        "done = function(s, l, r) local bad = s.errors.status + s.errors.connect + s.errors.read + s.errors.timeout\n"
        'io.write(string.format("FOUND %d %d %d %d %f %f\\n", s.requests, s.duration, s.bytes, bad, l:percentile(50), '
        "l:percentile(95))) end\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", "--timeout", "60s", "-s", file.name, f"http://127.0.0.1:{port}/"]
        run = functools.partial(subprocess.run, capture_output=True, text=True, check=True, preexec_fn=_pin(1))
        run([*command[:3], f"-d{max(seconds / 4, 1):.0f}s", *command[3:]], timeout=seconds + 60)  # fills the caches
        before = _spent(server.pid)
        done = run([*command[:3], f"-d{seconds:.0f}s", *command[3:]], timeout=seconds + 60)
        worked = _spent(server.pid) - before
    told = [float(v) for v in done.stdout.partition("FOUND ")[2].split()]
    requests, micro, size, bad, p50, p95 = told
    if bad or not requests:
        raise RuntimeError(f"{paths[0]}: {bad:.0f} of {requests:.0f} requests failed\n{done.stdout}")
    return {
        "per_second": requests / micro * 1e6,
        "per_core": requests / worked if worked else math.nan,
        "bytes": size / requests,
        "p50": p50 / 1000,
        "p95": p95 / 1000,
    }
