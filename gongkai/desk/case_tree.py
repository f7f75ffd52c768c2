"""The order in which a request is looked at: 补不补 → 是不是 → 谁负责 → 有没有 → 给不给 → 怎么给 → 怎么答.

One question leads to the next, to a step, or to an outcome. Articles are those of 《政府信息公开条例》 unless another is
named.
"""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.law.outcomes import grounds


@dataclass(frozen=True, slots=True)
class Way:
    """One reply: on to a question, a step of the case, or an outcome (with its ground and whether it can be separated)."""

    say: str
    to: str = ""
    step: str = ""
    outcome: str = ""
    ground: str = ""
    separable: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its replies."""

    part: str
    ask: str
    help: str
    ways: tuple[Way, ...]


PARTS = ("补不补", "是不是", "谁负责", "有没有", "给不给", "怎么给", "怎么答")


def _grounds() -> tuple[Way, ...]:
    return tuple(Way(f"不能：{g.name}", f"split:{code}", help=g.basis) for code, g in grounds().items())


QUESTIONS: dict[str, Question] = {
    "clear": Question(
        "补不补",
        "申请写得清楚吗，凭它能找到信息吗？",
        "缺第二十九条规定的内容，或者描述不清、找不到的，在7个工作日内一次性告知补正（第三十条）。",
        (
            Way("清楚", "kind"),
            Way("不清楚，要请申请人补正", step="ask_correction", help="只能告知一次，要补的写全"),
            Way("补正过了，还是不清楚", outcome="still_unclear"),
            Way("一件里要了几样不同的信息", step="split", help="按一事一申请分开办"),
        ),
    ),
    "kind": Question(
        "是不是",
        "要的是政府信息，而且应当按《条例》办吗？",
        "政府信息是行政机关履行行政管理职能过程中制作或者获取、以一定形式记录保存的信息（第二条）。",
        (
            Way("是政府信息公开申请", "whose"),
            Way("其实是信访、投诉、举报", outcome="petition_like", help="第三十九条第一款"),
            Way("要的是公报、报刊、书籍这样的公开出版物", outcome="publication", help="第三十九条第二款"),
            Way("要登记资料这类另有法律规定查询的信息", outcome="registry_query", help="第三十六条第七项"),
            Way("要确认或者重新出具已经拿到的信息", outcome="reconfirm"),
            Way("已经答复过，又申请同样的信息", outcome="repeat", help="第三十六条第六项"),
            Way("数量、频次明显超过合理范围", "many", help="第三十五条"),
            Way("都不是，例如咨询", outcome="other"),
        ),
    ),
    "many": Question(
        "是不是",
        "申请人说明理由了吗？",
        "明显超过合理范围的，先要求说明理由；理由不合理的告知不予处理（第三十五条）。",
        (
            Way("还没有要求说明", step="ask_reasons"),
            Way("说明了，理由不合理；或者到期没有说明", outcome="excessive"),
            Way("理由合理，但期限内答复不了", step="set_date"),
            Way("理由合理，照常办理", "whose"),
        ),
    ),
    "whose": Question(
        "谁负责",
        "信息由本机关负责公开吗？",
        "谁制作谁公开；从公民、法人获取的由保存的机关公开；从其他机关获取的由制作或者最初获取的机关公开（第十条）。",
        (
            Way("由本机关负责", "there"),
            Way(
                "和其他机关共同制作，本机关牵头",
                step="ask_co_producer",
                help="可以征求意见，不答复视为同意（第三十四条）",
            ),
            Way("共同制作机关的意见已经有了，或者用不着征求", "there"),
            Way(
                "由其他机关负责", outcome="not_responsible", help="能确定的，告知机关名称和联系方式（第三十六条第五项）"
            ),
        ),
    ),
    "there": Question(
        "有没有",
        "有现成的信息吗？",
        "要留下检索的记录：查了哪些系统、用了什么词、什么时候、谁查的、结果怎样。",
        (
            Way("有", "give"),
            Way("查过了，没有", outcome="not_exist", help="第三十六条第四项"),
            Way("没有现成的，要加工、分析才有", outcome="needs_processing", help="第三十八条"),
        ),
    ),
    "give": Question(
        "给不给",
        "可以公开吗？",
        "以公开为常态、不公开为例外；不公开要有第十四条至第十六条的依据。",
        (
            Way("已经主动公开了", outcome="already_public", help="告知获取的方式、途径（第三十六条第一项）"),
            Way("可以公开", "how"),
            *_grounds(),
        ),
    ),
    "how": Question(
        "怎么给",
        "要收信息处理费吗？",
        "同一申请人的申请数量、频次明显超过合理范围的才收（第四十二条）；标准由系统按国办函〔2020〕109号算。",
        (
            Way("不收", outcome="disclosed"),
            Way("要收，先发收费通知", step="fee_notice"),
        ),
    ),
}


def question_of(key: str) -> Question | None:
    """A question by its key; `split:` with a ground asks whether a part can be given all the same."""
    if not key.startswith("split:"):
        return QUESTIONS.get(key)
    ground = grounds().get(key[6:])
    if ground is None:
        return None
    ways: tuple[Way, ...] = (
        Way("能，去掉不能公开的部分就可以给", outcome="partial", ground=ground.code, separable="yes"),
        Way("不能，整份都不能给", outcome="refused", ground=ground.code, separable="no"),
    )
    if ground.asks_third_party:
        first = Way("还没有征求第三方意见", step="ask_third_party", help="依第十五条不予公开之前要先征求（第三十二条）")
        ways = (first, *ways)
    help_ = "含有不应当公开的内容、但能够作区分处理的，应当提供可以公开的部分（第三十七条）。"
    if ground.exception:
        help_ += f"注意：{ground.exception}。"
    return Question("怎么给", f"{ground.name}：能够区分处理吗？", help_, ways)


def walk(path: str) -> tuple[list[tuple[Question, Way, str]], Question | None]:
    """The replies given so far, each with the path that leads back to its question, and the question now asked.

    None where the path leads nowhere.
    """
    at = question_of("clear")
    told: list[tuple[Question, Way, str]] = []
    done: list[str] = []
    for one in [p for p in path.split(".") if p]:
        if at is None or not one.isdecimal() or len(one) > 2 or int(one) >= len(at.ways):
            return told, None
        way = at.ways[int(one)]
        told.append((at, way, ".".join(done)))
        done.append(one)
        at = question_of(way.to) if way.to else None
    return told, at
