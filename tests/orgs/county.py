"""A small county, wholly invented, built through the actions: what the tests of this room stand on.

柳溪县 stands under 岚泉市 beside 苇塘县. In its years: one department was renamed, two were merged into one, one was
split in two, one was abolished; a unit moved. `build` gives the ids by key.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import make_password

from gongkai.orgs import actions
from gongkai.orgs.models import Person
from gongkai.orgs.reads import viewer_of
from gongkai.orgs.rules import Viewer

FOUNDED = dt.date(2019, 1, 1)
TODAY = dt.date(2026, 6, 1)

BODIES = """
city     city        -     岚泉市                    岚泉市人民政府
c-fgw    department  city  岚泉市发展和改革委员会
c-jyj    department  city  岚泉市教育局
county   county      city  柳溪县                    柳溪县人民政府
other    county      city  苇塘县
o-czj    department  other 苇塘县财政局
o-yss    section     o-czj 预算股
zfb      department  county 柳溪县人民政府办公室
zfb-bg   section     zfb   办公室
zfb-gk   section     zfb   政务公开股
zfb-zh   section     zfb   综合股
zfb-fw   unit        zfb   柳溪县机关后勤服务中心
fgw      department  county 柳溪县发展和改革委员会    县发展改革委
fgw-bg   section     fgw   办公室
fgw-fg   section     fgw   法规股
jyj      department  county 柳溪县教育体育局
czj      department  county 柳溪县财政局
czj-bg   section     czj   办公室
czj-ys   section     czj   预算股
czj-gk   section     czj   国库股
czj-ps   unit        czj   柳溪县财政投资评审中心
czj-sf   unit        czj   柳溪县非税收入中心
rsj      department  county 柳溪县人力资源和社会保障局
wjw      department  county 柳溪县卫生健康委员会
gsj      department  county 柳溪县工商行政管理局
zjj      department  county 柳溪县质量技术监督局      县质监局
zsj      department  county 柳溪县政务服务和数据管理局
gtj      department  county 柳溪县国土资源局          县国土局
fpb      department  county 柳溪县扶贫开发办公室      县扶贫办
swj      vertical    county 国家税务总局柳溪县税务局  县税务局
rmt      unit        county 柳溪县融媒体中心
dak      unit        zfb   柳溪县档案馆
zls      enterprise  county 柳溪县自来水公司
bailu    township    county 白鹭镇
bl-dz    section     bailu 党政办公室
bl-bm    unit        bailu 白鹭镇便民服务中心
hetang   village     bailu 荷塘村
dongpo   village     bailu 东坡村
qingshi  township    county 青石乡人民政府
shiqiao  village     qingshi 石桥村
wanghe   street      county 望河街道办事处
hewan    village     wanghe 河湾社区
""".strip()


def administrator() -> Viewer:
    """Somebody who may change the tree, and is nobody in the county."""
    person, _ = Person.objects.get_or_create(
        username="admin", defaults={"name": "系统管理员", "administrator": True, "password": make_password(None)}
    )
    return viewer_of(person, FOUNDED)


def build() -> dict[str, int]:
    """Found everything, then let the years pass."""
    admin = administrator()
    made: dict[str, int] = {}

    def found(line: str, on: dt.date) -> None:
        key, kind, parent, name, *aliases = line.split()
        made[key] = actions.found_organisation(
            name, kind, parent=None if parent == "-" else made[parent], actor=admin, on=on, aliases=aliases
        ).pk

    for line in BODIES.splitlines():
        found(line, FOUNDED)
    found("scj department county 柳溪县市场监督管理局", dt.date(2019, 6, 1))
    for old in ("gsj", "zjj"):
        actions.end_organisation(made[old], into=[made["scj"]], actor=admin, on=dt.date(2019, 6, 2), reason="机构改革")
    found("zrj department county 柳溪县自然资源局", dt.date(2020, 3, 1))
    found("lyj department county 柳溪县林业局", dt.date(2020, 3, 1))
    actions.end_organisation(made["gtj"], into=[made["zrj"], made["lyj"]], actor=admin, on=dt.date(2020, 3, 2))
    actions.end_organisation(made["fpb"], into=[], actor=admin, on=dt.date(2021, 5, 1), reason="撤销")
    actions.rename_organisation(made["jyj"], "柳溪县教育局", actor=admin, on=dt.date(2022, 4, 1))
    actions.move_organisation(made["dak"], made["county"], actor=admin, on=dt.date(2023, 7, 1))
    return made
