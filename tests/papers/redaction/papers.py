"""Documents with one secret in every corner that a format has."""

from __future__ import annotations

import io
from typing import Any

from tests.papers import made

NAME = "欧阳明月"
ID = "110101199003071234"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PK = "http://schemas.openxmlformats.org/package/2006/relationships"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, attributes: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p {attributes}>{''.join(runs)}</w:p>"


def field(code: str, shown: str) -> str:
    """A field with its code and what it shows."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{code}</w:instrText></w:r>"
    return mark.format("begin") + code + mark.format("separate") + run(shown) + mark.format("end")


def jpeg(words: str) -> bytes:
    """A picture that says something in its EXIF, its comment and behind its end."""
    from PIL import Image

    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = words
    exif[0x013B] = words.encode()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(held, "JPEG", exif=exif, comment=words.encode())
    return held.getvalue() + words.encode()


def box(text: str) -> str:
    """A text box with its copy for old programs."""
    inside = f"<w:txbxContent>{paragraph(run(text))}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:extent cx="900000" cy="900000"/><wp:docPr id="7" name="{text}" descr="{text}" title="{text}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        f"<wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
        '</mc:Choice><mc:Fallback><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        f'alt="{text}"><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>'
    )


def picture(key: str) -> str:
    """A picture in the line, named after its file."""
    return (
        '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:extent cx="900000" cy="600000"/><wp:docPr id="3" name="{NAME}.jpg" descr="{NAME}"/>'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr>'
        f'<pic:cNvPr id="0" name="{NAME}.jpg"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{key}"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="900000" cy="600000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def _relation(key: str, sort: str, target: str, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{_R}/{sort}" Target="{target}"{mode}/>'


def word(extra: str = "") -> bytes:
    """A Word file with the name and the number in every corner."""
    body = [
        paragraph(run("关于信访事项的答复"), attributes='w:rsidR="00AB12CD"'),
        paragraph(run("申请人欧"), run("阳", "<w:b/>"), run("明 "), run("月，身份证号1101011990"), run("03071234。")),
        made.table(made.cell("姓名") + made.cell("金额"), made.cell(NAME) + made.cell("五百元")),
        paragraph(
            run("修订"),
            f'<w:del w:id="1" w:author="{NAME}"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" w:author="{NAME}">{run("申请人")}</w:ins>',
        ),
        paragraph(field(f'HYPERLINK "https://example.invalid/{NAME}"', "查看原件")),
        paragraph(f'<w:hyperlink r:id="rId31" w:tooltip="{NAME}">{run("网上公开")}</w:hyperlink>'),
        paragraph(f'<w:bookmarkStart w:id="4" w:name="{NAME}"/>', run("书签处"), '<w:bookmarkEnd w:id="4"/>'),
        paragraph(run("可见"), run(f"隐藏{NAME}", "<w:vanish/>")),
        f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/><w:tag w:val="{NAME}"/><w:dropDownList><w:listItem '
        f'w:displayText="{NAME}" w:value="{NAME}"/></w:dropDownList></w:sdtPr><w:sdtContent>'
        f"{paragraph(run('控件里的字'))}</w:sdtContent></w:sdt>",
        paragraph('<w:r><w:commentReference w:id="0"/></w:r>', run("有批注的一段")),
        paragraph(run("脚注处"), '<w:r><w:footnoteReference w:id="2"/></w:r>'),
        paragraph(box(NAME)),
        paragraph(picture("rId32")),
        paragraph(
            '<w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" r:id="rId33"/></w:object></w:r>'
        ),
        extra,
        '<w:sectPr><w:headerReference w:type="default" r:id="rId34"/><w:footerReference w:type="default" r:id="rId35"/>'
        '<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>',
    ]
    parts = made.docx_parts("".join(body))
    parts["word/document.xml"] = str(parts["word/document.xml"]).replace(
        "<w:document ", f'<w:document xmlns:r="{_R}" ', 1
    )
    space = f'{made.W} xmlns:r="{_R}"'
    parts["word/header1.xml"] = f"{_XML}<w:hdr {space}>{paragraph(run('经办：欧阳'), run('明月'))}</w:hdr>"
    parts["word/footer1.xml"] = (
        f"{_XML}<w:ftr {space}>{paragraph(run('第'), field('PAGE', '1'), run('页 ' + ID))}</w:ftr>"
    )
    parts["word/footnotes.xml"] = (
        f'{_XML}<w:footnotes {space}><w:footnote w:id="2">{paragraph(run(NAME + "的脚注"))}</w:footnote></w:footnotes>'
    )
    parts["word/comments.xml"] = (
        f'{_XML}<w:comments {space}><w:comment w:id="0" w:author="{NAME}">{paragraph(run(NAME))}</w:comment></w:comments>'
    )
    parts["word/settings.xml"] = (
        f'{_XML}<w:settings {space}><w:rsids><w:rsid w:val="00AB12CD"/></w:rsids><w:docVars><w:docVar w:name="x" '
        f'w:val="{NAME}"/></w:docVars></w:settings>'
    )
    parts["word/styles.xml"] = (
        f'{_XML}<w:styles {space}><w:style w:type="paragraph" w:customStyle="1" w:styleId="{NAME}"><w:name '
        f'w:val="{NAME}"/></w:style></w:styles>'
    )
    parts["customXml/item1.xml"] = f"{_XML}<data>{NAME}</data>"
    parts["docProps/core.xml"] = f"{_XML}<properties><creator>{NAME}</creator><title>{ID}</title></properties>"
    parts["docProps/thumbnail.jpeg"] = jpeg(NAME)
    parts["word/media/欧阳明月.jpg"] = jpeg(NAME)
    parts["word/embeddings/sheet.xlsx"] = made.xlsx(f"<sheetData>{made.sheet_rows([(NAME, ID)])}</sheetData>")
    parts["word/unknown.xml"] = f"{_XML}<x>{NAME}</x>"
    rows = [
        _relation("rId31", "hyperlink", f"https://example.invalid/{NAME}", outside=True),
        _relation("rId32", "image", "media/欧阳明月.jpg"),
        _relation("rId33", "package", "embeddings/sheet.xlsx"),
        _relation("rId34", "header", "header1.xml"),
        _relation("rId35", "footer", "footer1.xml"),
        _relation("rId36", "footnotes", "footnotes.xml"),
        _relation("rId37", "comments", "comments.xml"),
        _relation("rId38", "settings", "settings.xml"),
        _relation("rId39", "styles", "styles.xml"),
        _relation("rId40", "customXml", "../customXml/item1.xml"),
        _relation("rId41", "unknown", "unknown.xml"),
    ]
    parts["word/_rels/document.xml.rels"] = f'{_XML}<Relationships xmlns="{_PK}">{"".join(rows)}</Relationships>'
    return made.package(parts)


def book() -> bytes:
    """A spreadsheet with the name and the number in every corner."""
    import openpyxl
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.drawing.image import Image
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation

    held = openpyxl.Workbook()
    sheet: Any = held.active
    sheet.title = f"{NAME}的名单"
    rows: list[list[Any]] = [
        ["姓名", "证号", "金额"],
        [NAME, ID, 500],
        ["赵六", "无", 600],
        [f"见{NAME} 处", "无", 700],
    ]
    for row in rows:
        sheet.append(row)
    sheet["E2"] = f'="{NAME}"&"的"'
    sheet["A2"].comment = Comment(NAME, NAME)
    sheet["A6"], sheet["A7"], sheet["H2"] = "隐藏行的事", "看得见", "隐藏列的事"
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["H"].hidden = True
    sheet.oddHeader.center.text = f"{NAME}专用"
    sheet["A3"].hyperlink = f"https://example.invalid/{NAME}"
    rule = DataValidation(type="list", formula1=f'"{NAME},赵六"')
    rule.add("A9")
    sheet.add_data_validation(rule)
    sheet.auto_filter.ref = "A1:C4"
    sheet.print_title_rows = "1:1"
    sheet["C9"], sheet["C9"].number_format = 5, f'0"{NAME}"'
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=4), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=4))
    chart.title = f"{NAME}的图"
    sheet.add_chart(chart, "J2")
    sheet.add_image(Image(io.BytesIO(jpeg(NAME))), "J20")
    away = held.create_sheet("底稿")
    away["A1"] = f"{NAME}的底稿"
    away.sheet_state = "veryHidden"
    held.defined_names["名单"] = DefinedName("名单", attr_text=f'"{NAME}"')
    held.properties.creator = NAME
    held.properties.title = ID
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def lines(font: str = "") -> bytes:
    """Two pages of a PDF; the name stands on the first, broken over a line end once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    held = io.BytesIO()
    canvas = Canvas(held, pagesize=(595, 842))
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    for page in (
        ["关于申请的答复", f"申请人：{NAME}，男。", "经查，欧阳", "明月的证号１１０１０１199003071234。", "此复。"],
        ["第二页没有秘密。", "县人民政府"],
    ):
        canvas.setFont(font or "STSong-Light", 14)
        for at, text in enumerate(page):
            canvas.drawString(72, 760 - 24 * at, text)
        canvas.showPage()
    canvas.save()
    return held.getvalue()


def file() -> bytes:
    """A PDF with the name in every corner."""
    import pikepdf
    from pikepdf import Array, Dictionary, Name, OutlineItem, String

    with pikepdf.open(io.BytesIO(lines())) as pdf:
        pdf.docinfo["/Author"] = NAME
        with pdf.open_metadata() as meta:
            meta["dc:title"] = NAME
        with pdf.open_outline() as outline:
            outline.root.append(OutlineItem(f"{NAME}的书签", 0))
        pdf.attachments[f"{NAME}.txt"] = NAME.encode()
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{NAME}')"))
        pdf.Root.Names.Dests = Dictionary(Names=Array([String(NAME), Array([pdf.pages[1].obj, Name.Fit])]))
        pdf.Root.StructTreeRoot = pdf.make_indirect(
            Dictionary(Type=Name.StructTreeRoot, K=Dictionary(S=Name.Figure, Alt=String(NAME), ActualText=String(NAME)))
        )
        second = pdf.pages[1]
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=[10, 10, 30, 30], Contents=String(NAME), T=String(NAME)
        )
        entry = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("note"), V=String("checked by office"),
                TU=String(NAME), DV=String(NAME), Rect=[72, 600, 300, 620], DA=String("/Helv 12 Tf 0 g"), F=4,
            )
        )  # fmt: skip
        second.obj.Annots = Array([pdf.make_indirect(note), entry])
        helv = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        pdf.Root.AcroForm = Dictionary(
            Fields=Array([entry]),
            NeedAppearances=True,
            DR=Dictionary(Font=Dictionary(Helv=helv)),
            DA=String("/Helv 12 Tf 0 g"),
        )
        second.obj.PieceInfo = Dictionary(x=String(NAME))
        marked = f"/Span <</ActualText <FEFF{NAME.encode('utf-16-be').hex()}>>> BDC ".encode()
        second.Contents = pdf.make_stream(b"q " + marked + b" EMC " + second.Contents.read_bytes() + b" Q")
        first = io.BytesIO()
        pdf.save(first)
    return first.getvalue()
