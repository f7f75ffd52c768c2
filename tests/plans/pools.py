"""Random plans out of invented headings, sentences and bodies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.plans.rendering import Item, Layout, Line, Plan

ORDINALS = "一二三四五六七八九十"
FIRST = ("守好民生底线", "服务经济运行", "管好公共资源", "说清惠民政策", "办好群众申请", "建强公开平台", "压实各级责任")
SECOND = (
    "抓实项目公开",
    "管好资金公开",
    "讲明办事流程",
    "听取群众意见",
    "规范信息发布",
    "加强督促检查",
    "推进数据开放",
    "完善监督机制。",
)
UNITS = (
    "县政府办公室", "县司法局", "县财政局", "县民政局", "县水务局", "县税务局", "县公安局", "县信访局", "县档案馆", "县融媒体中心",
    "县教育体育局", "县农业农村局", "县卫生健康局", "县应急管理局", "县医疗保障局", "县市场监督管理局", "县发展改革和科技局",
    "县人力资源和社会保障局", "县自然资源和规划局", "县住房和城乡建设局", "县政务服务和数据管理局（县行政审批局）", "县总工会", "县妇联",
    "团县委", "县消防救援大队", "市生态环境局青禾分局", "白露镇人民政府", "谷雨乡人民政府", "芒种街道办事处",
    "各乡镇人民政府（街道办事处）", "县直各部门", "各村（居）民委员会",
)  # fmt: skip
TEXTS = (
    "把清溪河治理的年度安排、施工时段和绕行办法提前告诉两岸住户。",
    "编印茶农用药手册，列明禁用药品名录和替代方案；集市日现场讲解。",
    "公布校车线路、停靠点和司机联系方式，调整线路的提前张贴。",
    "对外答复口径由业务科室拟定、法制人员会签，同一事项前后一致。",
    "长者食堂的菜单、餐标、补贴来源每周张贴，接受用餐老人评议。",
    "集中展示“一件事”办事指南，材料样张可以下载、可以打印。",
    "投入1.5亿元的供水管网改造分段公示工期，停水信息提前两天到户。",
    "开设林地流转信息专栏，面积、期限、价格、受让方一并列明。",
    "梳理各类补贴政策（含以奖代补），按对象编排，一查便知。",
    "修订政府信息公开指南，写清受理机构、办公时间、收费标准等内容。",
    "完善重大项目风险提示机制，发生延期的说明原因和新的工期。",
    "听证会公开报名、随机抽选，意见采纳情况逐条反馈。",
    "建立政策问答库，收录高频问题，答案由起草单位确认后入库。",
    "清理不再更新的栏目和账号，归档后注销，入口同步撤下。",
    "推进村务公开栏改造，防雨、亮灯、留电话，便于村民查看。",
    "抽查办件结果的真实性，发现代签、漏签的通报并补正。",
    "组织新任信息员跟班学习，考核合格后上岗。",
    "绘制应急避难场所分布图，标出容量、物资点和无障碍通道。",
    "公开零工驿站用工信息，工种、日薪、集合地点一目了然。",
    "依法公示行政处罚结果，当事人信用修复后及时撤下。",
    "将政务公开纳入新任干部培训课程，案例取自本县办件。",
    "向社会开放农机调度数据，机手和农户都能看到实时位置。",
    "加强图解和短视频解读，专业术语改成家常话。",
    "核对政府公报目录，缺期、错页的补齐后重新上架。",
)  # fmt: skip
DATED = (
    "2026年底前完成文件清理并公布结果。",
    "10月底前公布冬修水利项目清单。",
    "2026年6月30日前建成便民服务地图。",
    "3月15日前公布消费投诉热点。",
)
DUES = ("2026年6月底前", "2026年12月", "长期坚持", "每季度", "9月底前", "持续推进")


def _numbers(draw: Any, count: int, style: str, starts: list[int]) -> list[str | None]:
    """Numbers of `count` tasks; `starts` are the positions at which restarting ones begin anew."""
    if style == "none":
        return [None] * count
    value, out = 0, []
    for at in range(count):
        if style == "restart" and at in starts:
            value = 0
        value += draw(st.integers(1, 3)) if style == "skip" else 1
        out.append(f"（{ORDINALS[value - 1]}）" if style == "ordinal" and value <= 10 else str(value))
    return out


@st.composite
def plans(
    draw: Any,
    *,
    levels: tuple[int, ...] = (1, 2),
    numbers: tuple[str, ...] = ("on", "restart", "skip", "none"),
    items: int = 3,
) -> Plan:
    """A plan of four to twelve rows."""
    depth = draw(st.sampled_from(levels))
    shape = draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))  # rows under each innermost heading
    while sum(shape) < 4:
        shape[-1] += 1
    texts = list(draw(st.permutations(TEXTS)))
    dated = list(draw(st.permutations(DATED)))
    first, second = draw(st.permutations(FIRST)), draw(st.permutations(SECOND))
    style = draw(st.sampled_from(numbers))
    sizes = [draw(st.integers(1, items if style != "none" else 1)) for _ in range(sum(shape))]
    while sum(sizes) > len(texts):
        sizes[sizes.index(max(sizes))] -= 1
    groups = [sum(shape[:i]) for i in range(len(shape))]
    labels = iter(_numbers(draw, sum(sizes), style, [sum(sizes[:g]) for g in groups]))
    units = st.lists(st.sampled_from(UNITS), min_size=1, max_size=5, unique=True)
    lines: list[Line] = []
    section = inner = 0
    for group, rows in enumerate(shape):
        fresh = group == 0 or (depth == 2 and draw(st.booleans()))
        section = section + 1 if fresh or depth == 1 else section
        inner = 1 if fresh or depth == 1 else inner + 1
        heads = [f"{ORDINALS[section - 1]}、{first[section - 1]}"]
        if depth == 2:
            heads.append(f"（{ORDINALS[inner - 1]}）{second[group]}")
        for _ in range(rows):
            made = []
            for _ in range(sizes[len(lines)]):
                text = dated.pop() if dated and draw(st.integers(0, 5)) == 0 else texts.pop()
                made.append(Item(next(labels), text))
            names = draw(units)
            cut = draw(st.integers(1, len(names)))
            lead, support = tuple(names[:cut]), tuple(names[cut:])
            blank = bool(lines) and draw(st.integers(0, 4)) == 0
            if blank:
                lead, support = lines[-1].lead, lines[-1].support
            lines.append(
                Line(
                    tuple(heads),
                    tuple(made),
                    lead,
                    support,
                    draw(st.integers(0, 3)),
                    blank,
                    draw(st.sampled_from(DUES)),
                )
            )
    return Plan("青禾县2026年政务公开工作要点分工方案", tuple(lines))


@st.composite
def layouts(draw: Any, **fixed: Any) -> Layout:
    """A layout; `fixed` are the fields that a form leaves no choice in."""
    made = Layout(
        two_columns=draw(st.booleans()),
        due=draw(st.booleans()),
        seq=draw(st.sampled_from(["", "", "first", "last"])),
        sections=draw(st.booleans()),
        merged_owners=draw(st.booleans()),
        heads=draw(st.tuples(*[st.integers(0, 3)] * 5)),
        dot=draw(st.sampled_from([".", "．", "、"])),
        spaced=draw(st.booleans()),
        half_width=draw(st.booleans()),
        breaks=draw(st.frozensets(st.integers(1, 8), max_size=2)),
        repeat_heads=draw(st.booleans()),
        broken=draw(st.none() | st.tuples(st.integers(0, 20), st.integers(0, 20))),
    )
    return replace(made, **fixed)
