"""The form of the annual report since 2021 (国办公开办函〔2021〕30号), and the identities that must hold in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARTS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
LEAVES = {
    "1": "（一）予以公开",
    "2": "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "3.1": "（三）不予公开 1.属于国家秘密",
    "3.2": "（三）不予公开 2.其他法律行政法规禁止公开",
    "3.3": "（三）不予公开 3.危及“三安全一稳定”",
    "3.4": "（三）不予公开 4.保护第三方合法权益",
    "3.5": "（三）不予公开 5.属于三类内部事务信息",
    "3.6": "（三）不予公开 6.属于四类过程性信息",
    "3.7": "（三）不予公开 7.属于行政执法案卷",
    "3.8": "（三）不予公开 8.属于行政查询事项",
    "4.1": "（四）无法提供 1.本机关不掌握相关政府信息",
    "4.2": "（四）无法提供 2.没有现成信息需要另行制作",
    "4.3": "（四）无法提供 3.补正后申请内容仍不明确",
    "5.1": "（五）不予处理 1.信访举报投诉类申请",
    "5.2": "（五）不予处理 2.重复申请",
    "5.3": "（五）不予处理 3.要求提供公开出版物",
    "5.4": "（五）不予处理 4.无正当理由大量反复申请",
    "5.5": "（五）不予处理 5.要求行政机关确认或重新出具已获取信息",
    "6.1": "（六）其他处理 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "6.2": "（六）其他处理 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "6.3": "（六）其他处理 3.其他",
}
ROWS = {
    "new": "一、本年新收政府信息公开申请数量",
    "carried": "二、上年结转政府信息公开申请数量",
    **LEAVES,
    "total": "（七）总计",
    "forward": "四、结转下年度继续办理",
}
BLOCKS = ("行政复议", "未经复议直接起诉", "复议后起诉")
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
Table = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Break:
    """An identity that does not hold: which, where, and in words what was found."""

    code: str
    where: str
    say: str


def check_requests(table: Table, before: Table | None = None) -> list[Break]:
    """The identities of the third table: H1, H2, H3, H5, and H6 against the year before. Rows by key, columns by name."""
    out: list[Break] = []
    for row in ROWS:
        for column in COLUMNS:
            value = table.get(row, {}).get(column)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                out.append(Break("H5", f"{ROWS[row]}·{column}", "要填0或者正整数，空白不等于0"))
    if out:
        return out
    for column in COLUMNS:
        new, carried = table["new"][column], table["carried"][column]
        total, forward = table["total"][column], table["forward"][column]
        if new + carried != total + forward:
            say = f"新收{new}＋结转{carried}＝{new + carried}，总计{total}＋结转下年{forward}＝{total + forward}"
            out.append(Break("H1", column, say))
        leaves = sum(table[row][column] for row in LEAVES)
        if leaves != total:
            out.append(Break("H2", column, f"各项结果相加{leaves}，（七）总计{total}"))
    for row, name in ROWS.items():
        own = sum(table[row][c] for c in COLUMNS[:-1])
        if own != table[row]["总计"]:
            out.append(Break("H3", name, f"自然人和各类组织相加{own}，总计{table[row]['总计']}"))
    if before is not None:
        for column in COLUMNS:
            left, came = before["forward"][column], table["carried"][column]
            if left != came:
                out.append(Break("H6", column, f"上年结转{came}，上年报告里结转下年度{left}"))
    return out


def check_disputes(table: Table) -> list[Break]:
    """H4: in each block of the fourth table the total is the sum of the results."""
    out = []
    for block in BLOCKS:
        held = table[block]
        own = sum(held[r] for r in RESULTS[:-1])
        if own != held["总计"]:
            out.append(Break("H4", block, f"各项结果相加{own}，总计{held['总计']}"))
    return out
