"""METS with one ALTO file a page, as libraries keep newspapers (the ENMAP profile: issue, pages, articles of blocks).

The archive has text without coordinates: ALTO makes position and size optional since version 2, and the text of a
block stands in it as one line. Namespaces and element names are those of ALTO 4.4, METS 1.12.1 and MODS 3.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from articles.exchange.issues import Issue, Item, Page

ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
METS = "http://www.loc.gov/METS/"
MODS = "http://www.loc.gov/mods/v3"
XLINK = "http://www.w3.org/1999/xlink"
for _prefix, _name in (("alto", ALTO), ("mets", METS), ("mods", MODS), ("xlink", XLINK)):
    ET.register_namespace(_prefix, _name)

LABELS = {
    "kicker": "引题",
    "headline": "主题",
    "deck": "副题",
    "byline": "署名",
    "paragraph": "段落",
    "subhead": "小标题",
    "caption": "图片说明",
}

# What XML 1.0 cannot hold. The archive stores none of it; a file that nobody can parse would be worse than a gap.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def files(issue: Issue, base_url: str) -> Iterator[tuple[str, bytes]]:
    """Name and content: ``mets.xml`` and ``alto/0001.xml`` by page number."""
    for page in issue.pages:
        yield alto_name(page), _xml(_alto(page))
    yield "mets.xml", _xml(_mets(issue, base_url))


def alto_name(page: Page) -> str:
    return f"alto/{page.number:04}.xml"


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _sub(parent: ET.Element, space: str, name: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{space}}}{name}", {key: _clean(value) for key, value in attributes.items()})
    if text:
        made.text = _clean(text)
    return made


def block_id(item: Item, number: int) -> str:
    return f"{item.key}_b{number}"


def _alto(page: Page) -> ET.Element:
    root = ET.Element(f"{{{ALTO}}}alto", {"SCHEMAVERSION": "4.4"})
    description = _sub(root, ALTO, "Description")
    _sub(description, ALTO, "MeasurementUnit", "pixel")
    tags = _sub(root, ALTO, "Tags")
    for role, label in LABELS.items():
        _sub(tags, ALTO, "StructureTag", ID=f"role_{role}", LABEL=label, DESCRIPTION=role)
    layout = _sub(root, ALTO, "Layout")
    number = str(page.number)
    sheet = _sub(layout, ALTO, "Page", ID=f"P{number}", PHYSICAL_IMG_NR=number, PRINTED_IMG_NR=number)
    space = _sub(sheet, ALTO, "PrintSpace", ID=f"P{number}_S")
    for item in page.items:
        for count, piece in enumerate(item.pieces, 1):
            name = block_id(item, count)
            block = _sub(space, ALTO, "TextBlock", ID=name, TAGREFS=f"role_{piece.role}", LANG="zh")
            line = _sub(block, ALTO, "TextLine", ID=f"{name}_l1")
            for place, word in enumerate(piece.text.split()):
                if place:
                    _sub(line, ALTO, "SP")
                _sub(line, ALTO, "String", CONTENT=word)
    return root


def _mets(issue: Issue, base_url: str) -> ET.Element:
    changed = max((item.modified for item in issue.items), default=None)
    label = f"{issue.newspaper} {issue.date}"
    root = ET.Element(
        f"{{{METS}}}mets", {"OBJID": _clean(base_url + issue.path), "TYPE": "Newspaper", "LABEL": _clean(label)}
    )
    head = {"CREATEDATE": changed.isoformat(timespec="seconds")} if changed else {}
    agent = _sub(_sub(root, METS, "metsHdr", **head), METS, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _sub(agent, METS, "name", "jjcms")
    _describe(root, "DMD_ISSUE", issue.newspaper, issue, (), "", base_url + issue.path, part="")
    for item in issue.items:
        url, part = base_url + item.path, str(item.page)
        _describe(root, f"DMD_{item.key}", item.title, issue, item.authors, item.column, url, part=part)
    group = _sub(_sub(root, METS, "fileSec"), METS, "fileGrp", ID="ALTO", USE="Text")
    for page in issue.pages:
        file = _sub(group, METS, "file", ID=f"FILE_{page.number}", MIMETYPE="application/alto+xml")
        where = _sub(file, METS, "FLocat", LOCTYPE="URL")
        where.set(f"{{{XLINK}}}href", alto_name(page))
    _physical(root, issue)
    _logical(root, issue)
    return root


def _describe(
    root: ET.Element, name: str, title: str, issue: Issue, authors: tuple[str, ...], column: str, url: str, *, part: str
) -> None:
    wrap = _sub(_sub(root, METS, "dmdSec", ID=name), METS, "mdWrap", MDTYPE="MODS")
    mods = _sub(_sub(wrap, METS, "xmlData"), MODS, "mods", version="3.8")
    _sub(_sub(mods, MODS, "titleInfo"), MODS, "title", title)
    for author in authors:
        person = _sub(mods, MODS, "name", type="personal")
        _sub(person, MODS, "namePart", author)
        _sub(_sub(person, MODS, "role"), MODS, "roleTerm", "aut", type="code", authority="marcrelator")
    origin = _sub(mods, MODS, "originInfo")
    _sub(origin, MODS, "dateIssued", issue.date.isoformat(), encoding="iso8601")
    _sub(_sub(mods, MODS, "language"), MODS, "languageTerm", "chi", type="code", authority="iso639-2b")
    if part:
        host = _sub(mods, MODS, "relatedItem", type="host")
        _sub(_sub(host, MODS, "titleInfo"), MODS, "title", issue.newspaper)
        detail = _sub(_sub(host, MODS, "part"), MODS, "extent", unit="pages")
        _sub(detail, MODS, "start", part)
    if column:
        series = _sub(mods, MODS, "relatedItem", type="series")
        _sub(_sub(series, MODS, "titleInfo"), MODS, "title", column)
    _sub(mods, MODS, "identifier", url, type="uri")


def _physical(root: ET.Element, issue: Issue) -> None:
    paper = _sub(_sub(root, METS, "structMap", TYPE="PHYSICAL"), METS, "div", TYPE="Newspaper", DMDID="DMD_ISSUE")
    for order, page in enumerate(issue.pages, 1):
        label = f"第{page.number}版" + (f" {page.section}" if page.section else "")
        number = str(page.number)
        sheet = _sub(paper, METS, "div", TYPE="Page", ORDER=str(order), ORDERLABEL=number, LABEL=label)
        _sub(sheet, METS, "fptr", FILEID=f"FILE_{number}")


def _logical(root: ET.Element, issue: Issue) -> None:
    top = _sub(root, METS, "structMap", TYPE="LOGICAL")
    paper = _sub(top, METS, "div", TYPE="Newspaper", LABEL=issue.newspaper)
    whole = _sub(paper, METS, "div", TYPE="Issue", LABEL=issue.date.isoformat(), DMDID="DMD_ISSUE")
    for order, item in enumerate(issue.items, 1):
        kind = "Article" if item.kind == "article" else "Advertisement"
        name = f"DMD_{item.key}"
        part = _sub(whole, METS, "div", TYPE=kind, ORDER=str(order), LABEL=item.title, DMDID=name, ID=f"DIV_{item.key}")
        if not item.pieces:
            continue
        areas = _sub(_sub(part, METS, "fptr"), METS, "seq")
        for count in range(1, len(item.pieces) + 1):
            _sub(areas, METS, "area", FILEID=f"FILE_{item.page}", BEGIN=block_id(item, count), BETYPE="IDREF")
