"""Seven directories of invented places, each in a layout of its own, and what they say, typed by hand."""

from __future__ import annotations

from typing import Any

from tests.scheme.rendering import Part, grid

Expected = list[dict[str, Any]]
TWENTY = "信息形成或者变更之日起20个工作日内"
SINCE = ("relative", 20, "wd", "信息形成或者变更")
NO_LEVEL, COUNTY, TOWN, BOTH = (False,) * 3, (True, False, False), (False, True, False), (True, True, False)
_OFFICIAL = (
    "序号|公开事项|<|公开内容（要素）|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|<|公开方式|<|公开层级|<\n"
    "^|一级事项|二级事项|^|^|^|^|^|全社会|特定群体|主动|依申请|县级|乡级\n"
)

# 1. The official form; level1, basis and limit merged; checklist of channels.
SCHOOLS: Part = (
    ["附件1", "青禾县义务教育领域基层政务公开标准目录"],
    grid(
        _OFFICIAL
        + "1|政策文件|法律法规|●法律\\n●行政法规\\n●规章|《中华人民共和国教育法》\\n《政府信息公开条例》（国务院令第711号）|信息形成或者变更之日起20个工作日内|县教育局|■政府网站  □政府公报\\n■两微一端  □发布会/听证会\\n□其他|√||√||√|√\n"
        "2|^|教育规划|规划全文；规划解读|^|^|^|■政府网站\\n□社区/企事业单位/村公示栏（电子屏）|√||√||√|\n"
        "3|教育概况|学校信息|1.学校名称2.办学地址3.联系电话|《政府信息公开条例》|及时公开，公告期限为5个工作日|县教育局、各中小学校|■政府网站■入户/现场||学生及家长|√||√|√\n"
        "4|^|经费拨付|义务教育经费拨付情况|《预算法》|每年公开一次，信息形成之日起20个工作日内|县教育局、县财政局|■政府网站|√|||√|√|"
    ),
    ["注：1.本目录自印发之日起施行。"],
)
SCHOOLS_SAY: Expected = [
    {"number": "1", "area": "义务教育", "level1": "政策文件", "level2": "法律法规", "elements": ["法律", "行政法规", "规章"], "titles": ["中华人民共和国教育法", "政府信息公开条例"], "limit": SINCE, "owners": ["县教育局"], "channels": ["■政府网站", "□政府公报", "■两微一端", "□发布会/听证会", "□其他"], "audience": (True, ""), "method": (True, False), "levels": BOTH},
    {"number": "2", "area": "义务教育", "level1": "政策文件", "level2": "教育规划", "elements": ["规划全文", "规划解读"], "titles": ["中华人民共和国教育法", "政府信息公开条例"], "limit": SINCE, "owners": ["县教育局"], "channels": ["■政府网站", "□社区/企事业单位/村公示栏（电子屏）"], "audience": (True, ""), "method": (True, False), "levels": COUNTY},
    {"number": "3", "area": "义务教育", "level1": "教育概况", "level2": "学校信息", "elements": ["学校名称", "办学地址", "联系电话"], "titles": ["政府信息公开条例"], "limit": ("promptly", None, "", ""), "posting": (5, "wd"), "owners": ["县教育局", "各中小学校"], "channels": ["■政府网站", "■入户/现场"], "audience": (False, "学生及家长"), "method": (True, False), "levels": BOTH},
    {"number": "4", "area": "义务教育", "level1": "教育概况", "level2": "经费拨付", "elements": ["义务教育经费拨付情况"], "titles": ["预算法"], "limit": ("relative", 20, "wd", "信息形成"), "period": "year", "owners": ["县教育局", "县财政局"], "channels": ["■政府网站"], "audience": (True, ""), "method": (False, True), "levels": COUNTY},
]  # fmt: skip

# 2. One line over several rows of content; 镇级 and 村级; calendar days.
BUDGET: Part = (
    ["云岭镇财政预决算领域基层政务公开标准目录"],
    grid(
        _OFFICIAL.replace("县级|乡级", "镇级|村级").replace("特定群体", "特定群众")
        + "1|财政预决算|政府预算|一般公共预算：①收支预算表。②支出预算表。|《预算法》、《财政部关于印发〈地方预决算公开操作规程〉的通知》|本级人民代表大会或其常务委员会批准后20日内|镇财政所|■政府网站|√||√||√|\n"
        "^|^|^|政府性基金预算：收支预算表。|^|^|^|^|^|^|^|^|^|^\n"
        "^|^|^|没有数据的表格应当列出空表并说明。|^|^|^|^|^|^|^|^|^|^\n"
        "2|^|部门决算|部门收支总体情况表|^|财政部门批复后二十日内|镇属各预算单位|■政府网站\\n■村公示栏|√||√||√|√"
    ),
    [],
)
BUDGET_SAY: Expected = [
    {"number": "1", "area": "财政预决算", "level1": "财政预决算", "level2": "政府预算", "elements": ["一般公共预算", "收支预算表", "支出预算表", "政府性基金预算：收支预算表", "没有数据的表格应当列出空表并说明"], "titles": ["预算法", "财政部关于印发〈地方预决算公开操作规程〉的通知"], "limit": ("relative", 20, "d", "本级人民代表大会或其常务委员会批准"), "owners": ["镇财政所"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "levels": TOWN},
    {"number": "2", "area": "财政预决算", "level1": "财政预决算", "level2": "部门决算", "elements": ["部门收支总体情况表"], "titles": ["预算法", "财政部关于印发〈地方预决算公开操作规程〉的通知"], "limit": ("relative", 20, "d", "财政部门批复"), "owners": ["镇属各预算单位"], "channels": ["■政府网站", "■村公示栏"], "audience": (True, ""), "method": (True, False), "levels": (False, True, True)},
]  # fmt: skip

# 3. Header of three rows, 同上, no 层级, ticks under 五公开 at the end.
WORKS: Part = (
    ["白鹭区重大建设项目领域基层政务公开标准目录（试行）"],
    grid(
        "序号|公开事项|<|公开标准|<|<|<|<|<|<|<|<|五公开|<|<|<|<\n"
        "^|一级事项|二级事项|公开内容|公开依据|公开时限|公开主体|公开渠道|公开对象|<|公开方式|<|决策公开|执行公开|管理公开|服务公开|结果公开\n"
        "^|^|^|^|^|^|^|^|全社会|特定群众|主动|依申请公开|^|^|^|^|^\n"
        "1|批准服务信息|办事指南|申报材料清单、批准流程、办理时限|《关于推进重大建设项目批准和实施领域政府信息公开的意见》|实时公开|区发展改革局|政府网站、政务服务中心|✓||✓|||||✓|\n"
        "2|^|审批结果|批复文件全文|同上|自作出决定之日起7个工作日内|区发展改革局\\n区行政审批局|同上|✓||✓||||||✓\n"
        "3|招标投标信息|招标公告|招标公告；中标候选人公示；中标结果公示|《招标投标法》|公示期不少于3日|招标人及其招标代理机构|公共资源交易平台；招标投标公共服务平台|✓||✓|||✓|||✓\n"
        "4|征收土地信息|征地告知书|征地告知书|《土地管理法》|同上|区自然资源局|入户/现场、村公示栏||✓|✓|||✓|||"
    ),
    ["说明：本目录由区发展改革局负责解释。"],
)
WORKS_SAY: Expected = [
    {"number": "1", "area": "重大建设项目", "level1": "批准服务信息", "level2": "办事指南", "elements": ["申报材料清单、批准流程、办理时限"], "titles": ["关于推进重大建设项目批准和实施领域政府信息公开的意见"], "limit": ("immediate", None, "", ""), "owners": ["区发展改革局"], "channels": ["政府网站", "政务服务中心"], "audience": (True, ""), "method": (True, False), "levels": NO_LEVEL, "process": "服务"},
    {"number": "2", "area": "重大建设项目", "level1": "批准服务信息", "level2": "审批结果", "elements": ["批复文件全文"], "titles": ["关于推进重大建设项目批准和实施领域政府信息公开的意见"], "limit": ("relative", 7, "wd", "作出决定"), "owners": ["区发展改革局", "区行政审批局"], "channels": ["政府网站", "政务服务中心"], "audience": (True, ""), "method": (True, False), "levels": NO_LEVEL, "process": "结果"},
    {"number": "3", "area": "重大建设项目", "level1": "招标投标信息", "level2": "招标公告", "elements": ["招标公告", "中标候选人公示", "中标结果公示"], "titles": ["招标投标法"], "limit": ("posting", None, "", ""), "posting": (3, "d"), "owners": ["招标人及其招标代理机构"], "channels": ["公共资源交易平台", "招标投标公共服务平台"], "audience": (True, ""), "method": (True, False), "levels": NO_LEVEL, "process": "执行、结果"},
    {"number": "4", "area": "重大建设项目", "level1": "征收土地信息", "level2": "征地告知书", "elements": ["征地告知书"], "titles": ["土地管理法"], "limit": ("posting", None, "", ""), "posting": (3, "d"), "owners": ["区自然资源局"], "channels": ["入户/现场", "村公示栏"], "audience": (False, "特定群体"), "method": (True, False), "levels": NO_LEVEL, "process": "执行"},
]  # fmt: skip

# 4. Another order, 过程 first, one column each for 事项, 对象, 方式 and 层级, in words.
TOWNSHIP: Part = (
    ["石桥乡农村危房改造领域政务公开标准目录"],
    grid(
        "过程|序号|公开事项|责任单位|公开内容|公开时限|公开方式|公开对象|公开层级|公开依据|公开载体\n"
        "决策|1|补助政策|乡人民政府|（1）补助对象（2）补助标准|长期公开，变更后及时更新|主动公开|全社会|乡级|《乡村振兴促进法》|政府网站\\n便民服务站\n"
        "^|2|工作方案|^|年度实施方案|每年3月31日前|主动公开|全社会|乡、村级|^|政府网站\n"
        "结果|3|改造结果|乡村镇建设办公室|改造户名单|按季度公开，公示期不少于7天|主动公开、依申请公开|特定群体：改造户|乡级、村级|《政府信息公开条例》|村公示栏（电子屏）"
    ),
    [],
)
TOWNSHIP_SAY: Expected = [
    {"number": "1", "area": "农村危房改造", "level1": "补助政策", "level2": "", "elements": ["补助对象", "补助标准"], "titles": ["乡村振兴促进法"], "limit": ("standing", None, "", ""), "owners": ["乡人民政府"], "channels": ["政府网站", "便民服务站"], "audience": (True, ""), "method": (True, False), "levels": TOWN, "process": "决策"},
    {"number": "2", "area": "农村危房改造", "level1": "工作方案", "level2": "", "elements": ["年度实施方案"], "titles": ["乡村振兴促进法"], "limit": ("yearly_by", None, "", ""), "owners": ["乡人民政府"], "channels": ["政府网站"], "audience": (True, ""), "method": (True, False), "levels": (False, True, True), "process": "决策"},
    {"number": "3", "area": "农村危房改造", "level1": "改造结果", "level2": "", "elements": ["改造户名单"], "titles": ["政府信息公开条例"], "limit": ("periodic", None, "", ""), "period": "quarter", "posting": (7, "d"), "owners": ["乡村镇建设办公室"], "channels": ["村公示栏（电子屏）"], "audience": (False, "改造户"), "method": (True, True), "levels": (False, True, True), "process": "结果"},
]  # fmt: skip

# 5. The short form of a 主动公开基本目录, blanks for what stands above, numbers of columns under the header.
STREET: Part = (
    ["云岭街道办事处主动公开基本目录"],
    grid(
        "序号|公开类别|公开事项|公开内容|公开时限|责任单位|公开形式\n"
        "1|2|3|4|5|6|7\n"
        "1|机构职能|领导信息|领导姓名、分工|长期公开|党政综合办公室|政府网站\n"
        "2||内设机构|科室名称、职责|||政府网站\n"
        "3|政务公开|年度报告|年度报告全文|每年1月底前|政务公开办公室|政府网站\n"
        "4||信息公开指南|指南全文|20工作日|同上|政府网站"
    ),
    ["注：本目录动态更新。"],
)
STREET_SAY: Expected = [
    {"number": "1", "area": "", "level1": "机构职能", "level2": "领导信息", "elements": ["领导姓名、分工"], "limit": ("standing", None, "", ""), "owners": ["党政综合办公室"], "form": "政府网站"},
    {"number": "2", "area": "", "level1": "机构职能", "level2": "内设机构", "elements": ["科室名称、职责"], "limit": ("standing", None, "", ""), "owners": ["党政综合办公室"], "form": "政府网站"},
    {"number": "3", "area": "", "level1": "政务公开", "level2": "年度报告", "elements": ["年度报告全文"], "limit": ("yearly_by", None, "", ""), "owners": ["政务公开办公室"], "form": "政府网站"},
    {"number": "4", "area": "", "level1": "政务公开", "level2": "信息公开指南", "elements": ["指南全文"], "limit": ("relative", 20, "wd", ""), "owners": ["政务公开办公室"], "form": "政府网站"},
]  # fmt: skip

# 6. Several areas in one file, each with its title and header; 市级, 镇街乡, 村.
_CITY = (
    _OFFICIAL.replace("公开层级|<", "公开层级|<|<")
    .replace("\n^|一级", "\n^|一级")
    .replace("县级|乡级", "市级|镇街乡|村")
)
CITY: list[Part] = [
    (
        ["临江市基层政务公开标准目录", "（一）社会救助领域基层政务公开标准目录"],
        grid(_CITY + "1|综合业务|政策法规|文件全文|《社会救助暂行办法》|20个工作日内|市民政局|■政府网站|√||√||√|√|\n2||监督检查|检查结果||按月公开||■政府网站|√||√||√||√"),
        [],
    ),
    (
        ["（二）养老服务领域基层政务公开标准目录"],
        grid(_CITY + "1|养老服务|补贴政策|补贴标准；申请条件|《老年人权益保障法》|变更后及时更新|市民政局|口政府网站|V|×|V|×|V|○|○"),
        [],
    ),
]  # fmt: skip
CITY_SAY: Expected = [
    {"number": "1", "area": "社会救助", "level1": "综合业务", "level2": "政策法规", "elements": ["文件全文"], "titles": ["社会救助暂行办法"], "limit": ("relative", 20, "wd", ""), "owners": ["市民政局"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "levels": BOTH},
    {"number": "2", "area": "社会救助", "level1": "综合业务", "level2": "监督检查", "elements": ["检查结果"], "titles": ["社会救助暂行办法"], "limit": ("periodic", None, "", ""), "period": "month", "owners": ["市民政局"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "levels": (True, False, True)},
    {"number": "1", "area": "养老服务", "level1": "养老服务", "level2": "补贴政策", "elements": ["补贴标准", "申请条件"], "titles": ["老年人权益保障法"], "limit": ("on_change", None, "", ""), "owners": ["市民政局"], "channels": ["□政府网站"], "audience": (True, ""), "method": (True, False), "levels": COUNTY},
]  # fmt: skip

# 7. Four levels of items, no number, a column of the site at the end, 依申请 unticked throughout.
DEEP: Part = (
    ["青禾县柳湾镇人民政府政务信息主动公开基本目录"],
    grid(
        "公开事项|<|<|公开内容（要素）|公开依据|公开时限|公开主体|公开渠道和载体|公开对象|<|公开方式|<|网站所属栏目\n"
        "一级目录|二级目录|三级目录|^|^|^|^|^|全社会|特定群众|主动|依申请公开|^\n"
        "政策|规范性文件|规范性文件|规范性文件全文|《政府信息公开条例》|信息形成或变更20个工作日内|党政办|■政府网站|√||√||政策—规范性文件\n"
        "^|政策解读|文字解读|解读正文|《重大行政决策程序暂行条例》|规范性文件公开后3个工作日内|党政办|■政府网站|√||√||政策—政策解读\n"
        "^|^|图片解读|图解|^|^|^|■政府网站|√||√||政策—政策解读"
    ),
    [],
)
DEEP_SAY: Expected = [
    {"number": "", "area": "", "level1": "政策", "level2": "规范性文件", "deeper": ["规范性文件"], "elements": ["规范性文件全文"], "titles": ["政府信息公开条例"], "limit": ("relative", 20, "wd", "信息形成或变更"), "owners": ["党政办"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "remark": "政策—规范性文件"},
    {"number": "", "area": "", "level1": "政策", "level2": "政策解读", "deeper": ["文字解读"], "elements": ["解读正文"], "titles": ["重大行政决策程序暂行条例"], "limit": ("relative", 3, "wd", "规范性文件公开"), "owners": ["党政办"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "remark": "政策—政策解读"},
    {"number": "", "area": "", "level1": "政策", "level2": "政策解读", "deeper": ["图片解读"], "elements": ["图解"], "titles": ["重大行政决策程序暂行条例"], "limit": ("relative", 3, "wd", "规范性文件公开"), "owners": ["党政办"], "channels": ["■政府网站"], "audience": (True, ""), "method": (True, False), "remark": "政策—政策解读"},
]  # fmt: skip

ALL: dict[str, tuple[list[Part], Expected]] = {
    "schools": ([SCHOOLS], SCHOOLS_SAY),
    "budget": ([BUDGET], BUDGET_SAY),
    "works": ([WORKS], WORKS_SAY),
    "township": ([TOWNSHIP], TOWNSHIP_SAY),
    "street": ([STREET], STREET_SAY),
    "city": (CITY, CITY_SAY),
    "deep": ([DEEP], DEEP_SAY),
}
