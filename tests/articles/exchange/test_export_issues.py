"""Published issues for libraries and agencies: all that readers see, nothing else, in forms that parsers take.

The files of a demo archive were validated by hand against the published schemas of ALTO 4.4, METS 1.12.1 and ninjs 2.1
(docs/decisions/0096); the schemas are not ours to ship, so the tests hold what was valid then.
"""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.actions import publishing
from articles.exchange.issues import Piece, public_issues
from articles.exchange.mets_alto import ALTO, METS, XLINK
from articles.exchange.plain import _block
from articles.people import engine_user
from tests import factories
from tests.articles.public.conftest import (  # noqa: F401 - a fixture
    DAY,
    HIDDEN,
    IDENTITY,
    PHONE,
    edition,
)

pytestmark = pytest.mark.django_db

BASE = "https://paper.example.cn"


def export(folder, *more):
    out = io.StringIO()
    call_command("export_issues", str(folder), "--base-url", f"{BASE}/", *more, stdout=out)
    return out.getvalue()


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_form_of_every_issue_and_nothing_that_is_not_public(edition, tmp_path):  # noqa: F811
    assert export(tmp_path) == "写好 3 期，未变 0 期。\n"
    made = files(tmp_path)
    day = f"qingxi/{DAY}"
    lead = f"a{edition.lead.pk}"
    wanted = {
        "mets.xml",
        "alto/0001.xml",
        "alto/0004.xml",
        "text/0001.txt",
        f"ninjs/{lead}.json",
        f"markdown/{lead}.md",
    }
    assert {f"{day}/{name}" for name in wanted} <= made.keys()
    everything = b"\n".join(made.values()).decode()
    for secret in (HIDDEN, PHONE, IDENTITY):
        assert secret not in everything
    assert everything.count("一桥飞架") == 4 and "/work" not in everything


def test_what_the_library_forms_say_holds_together(edition, tmp_path):  # noqa: F811
    export(tmp_path, "--newspaper", "qingxi", "--since", str(DAY), "--until", str(DAY), "--format", "mets")
    folder = tmp_path / "qingxi" / str(DAY)
    mets = ET.parse(folder / "mets.xml").getroot()
    ids = {each.get("ID") for each in mets.iter() if each.get("ID")}
    blocks: dict[str, str] = {}
    for file in mets.iter(f"{{{METS}}}FLocat"):
        alto = ET.parse(folder / str(file.get(f"{{{XLINK}}}href"))).getroot()
        tags = {each.get("ID") for each in alto.iter(f"{{{ALTO}}}StructureTag")}
        for block in alto.iter(f"{{{ALTO}}}TextBlock"):
            assert block.get("TAGREFS") in tags
            blocks[str(block.get("ID"))] = " ".join(str(s.get("CONTENT")) for s in block.iter(f"{{{ALTO}}}String"))
    areas = [str(area.get("BEGIN")) for area in mets.iter(f"{{{METS}}}area")]
    assert sorted(areas) == sorted(blocks) and len(set(areas)) == len(areas)
    assert {div.get("DMDID") for div in mets.iter(f"{{{METS}}}div") if div.get("DMDID")} <= ids
    assert {ptr.get("FILEID") for ptr in mets.iter(f"{{{METS}}}fptr") if ptr.get("FILEID")} <= ids
    issue = next(public_issues(newspaper="qingxi", since=DAY))
    pieces = [" ".join(piece.text.split()) for item in issue.items for piece in item.pieces]
    assert [blocks[area] for area in areas] == pieces
    kinds = [div.get("TYPE") for div in mets.iter(f"{{{METS}}}div") if (div.get("ID") or "").startswith("DIV_")]
    assert set(kinds) == {"Article", "Advertisement"} and len(kinds) == len(list(issue.items))


def test_an_item_for_agencies_and_in_markdown(edition, tmp_path):  # noqa: F811
    export(tmp_path, "--newspaper", "qingxi", "--format", "ninjs", "--format", "markdown")
    folder = tmp_path / "qingxi" / str(DAY)
    said = json.loads((folder / "ninjs" / f"a{edition.lead.pk}.json").read_text("utf-8"))
    assert said["uri"] == f"{BASE}/a/{edition.lead.pk}/" and said["representationtype"] == "full"
    assert [(each["role"], each["value"]) for each in said["headlines"]][:2] == [
        ("kicker", "全县瞩目"),
        ("headline", "青溪大桥建成通车"),
    ]
    assert said["people"] == [{"name": "王小明", "rel": "author"}]
    assert said["subjects"] == [{"name": "跨江大桥", "uri": f"{BASE}/t/跨江大桥/"}]
    assert {"role": "printPage", "value": "1"} in said["altids"]
    ET.fromstring(said["bodies"][0]["value"])  # well-formed
    markdown = (folder / "markdown" / f"a{edition.lead.pk}.md").read_text("utf-8")
    assert 'title: "青溪大桥建成通车"' in markdown and "\n# 青溪大桥建成通车\n" in markdown
    assert "\n### 一桥飞架\n" in markdown and "page: 1\n" in markdown


def test_only_what_changed_is_written_again(edition, tmp_path):  # noqa: F811
    export(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.xml")}
    assert export(tmp_path) == "写好 0 期，未变 3 期。\n"
    publishing.withdraw(item=edition.lead, actor=engine_user(), reason="失实")
    assert export(tmp_path) == "写好 1 期，未变 2 期。\n"
    changed = {path for path, at in before.items() if path.stat().st_mtime_ns != at}
    assert changed and all(f"qingxi/{DAY}" in path.as_posix() for path in changed)
    assert not list(tmp_path.rglob(f"a{edition.lead.pk}.*"))
    assert not list(tmp_path.rglob(".*"))


def test_a_folder_of_somebody_else_is_left_alone(edition, tmp_path):  # noqa: F811
    mine = tmp_path / "qingxi" / str(DAY)
    mine.mkdir(parents=True)
    (mine / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(CommandError, match="不是本程序导出的"):
        export(tmp_path)
    assert files(mine) == {"mine.txt": b"mine"}


def test_a_full_disk_is_told_and_leaves_no_half_issue(edition, tmp_path, monkeypatch):  # noqa: F811
    def full(*_, **__):
        raise OSError(28, "No space left on device", "mets.xml")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(CommandError, match="写不进去"):
        export(tmp_path)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--newspaper", "nobody"], "没有网址名"),
        (["--since", "yesterday"], "看不懂"),
        (["--format", "pdf"], "pdf"),
    ],
)
def test_wrong_use_is_refused(edition, tmp_path, more, said):  # noqa: F811
    with pytest.raises(CommandError, match=said):
        export(tmp_path, *more)
    assert files(tmp_path) == {}


@pytest.mark.parametrize("base", ["paper.example.cn", "ftp://x", "https://x/?a=1"])
def test_a_wrong_address_is_refused(tmp_path, base):
    with pytest.raises(CommandError, match="看不懂"):
        call_command("export_issues", str(tmp_path), "--base-url", base)


def test_an_issue_is_one_query_however_many_items(db):
    page = factories.page()

    def count():
        with CaptureQueriesContext(connection) as seen:
            assert list(public_issues())
        return len(seen)

    factories.published(factories.article(on=page, headline="一"))
    few = count()
    for number in range(20):
        factories.published(factories.article(on=page, headline=f"第{number}篇"))
    assert count() == few == 2


def test_what_xml_cannot_hold_is_marked_not_written(edition):  # noqa: F811
    from articles.exchange.mets_alto import _clean

    assert _clean("a\x0bb\ufffec") == "a\ufffdb\ufffdc"


# What CommonMark reads as a sign of its own at the start of a line, or within.
_OPENS = re.compile(r"^\s*([-+*=>#]|\d+[.)])")


@given(st.text(st.sampled_from("晋江。 *_#>-+=1.)[]<&~|`\\a"), min_size=1, max_size=12))
def test_markdown_never_takes_text_for_a_sign(text):
    made = _block(Piece("paragraph", text))
    assert re.sub(r"\\(.)", r"\1", made) == " ".join(text.split())
    assert not _OPENS.match(made)
