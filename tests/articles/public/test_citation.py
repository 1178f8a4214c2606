"""Citing an article, in text and for reference managers."""

from __future__ import annotations

import re

import pytest

from articles.actions.credits import Named, set_credits
from articles.models import Snapshot
from articles.people import engine_user
from articles.public.citation import bibtex, ris
from tests import factories

pytestmark = pytest.mark.django_db
URL = "https://paper.example.cn/a/1/?x=1%20"


def published(*names: str, headline: str = "青溪大桥建成通车", deck: list[str] | None = None) -> Snapshot:
    article = factories.article(headline=headline, deck=deck or [])
    credits = [Named("reporter", name) for name in names]
    set_credits(article=article, credits=credits, actor=engine_user(), may_add=True)
    article.refresh_from_db()
    return factories.published(article)


def test_bibtex_has_every_part_and_names_whole():
    snapshot = published("王小明", "林大志", deck=["两岸车程缩短"])
    entry = bibtex(snapshot, "https://paper.example.cn/a/1/")
    assert entry.startswith(f"@article{{qingxi-2024-03-05-{snapshot.article_id},\n") and entry.endswith("}\n")
    for line in (
        "author = {{王小明} and {林大志}}",
        "title = {{青溪大桥建成通车}}",
        "subtitle = {两岸车程缩短}",
        "journal = {青溪日报}",
        "date = {2024-03-05}",
        "pages = {1}",
        "url = {https://paper.example.cn/a/1/}",
    ):
        assert f"  {line},\n" in entry
    assert "number" not in entry  # the issue has none


def test_nothing_in_a_title_is_read_by_tex():
    entry = bibtex(published(headline=r"50% {off} \input{x} #1 $ & _ ~ ^"), URL)
    assert r"{50\% \{off\} \textbackslash{}input\{x\} \#1 \$ \& \_ \textasciitilde{} \textasciicircum{}}" in entry
    depth = 0
    for sign in re.findall(r"(?<!\\)[{}]", entry):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0


def test_ris_is_one_record_a_line_a_field():
    record = ris(published("王小明", "林大志"), URL)
    lines = record.split("\r\n")
    assert lines[0] == "TY  - NEWS" and lines[-2:] == ["ER  - ", ""]
    assert [line for line in lines if line.startswith("AU")] == ["AU  - 王小明", "AU  - 林大志"]
    assert "DA  - 2024/03/05/" in lines and "T2  - 青溪日报" in lines and "SP  - 1" in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])


@pytest.mark.parametrize(
    ("suffix", "kind"), [("bib", "application/x-bibtex"), ("ris", "application/x-research-info-systems")]
)
def test_an_article_offers_its_files(edition, reader, suffix, kind):
    address = edition.lead.get_absolute_url()
    assert f'href="{address}cite.{suffix}"' in reader.get(address).content.decode()
    response = reader.get(f"{address}cite.{suffix}")
    assert response.status_code == 200 and response.headers["Content-Type"] == f"{kind}; charset=utf-8"
    name = f"qingxi-2024-03-05-{edition.lead.pk}.{suffix}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert f"http://testserver{address}" in response.content.decode()


def test_what_is_not_public_is_not_cited(edition, reader):
    assert reader.get(f"{edition.draft.get_absolute_url()}cite.bib").status_code == 404
    assert reader.get(f"{edition.withdrawn.get_absolute_url()}cite.ris").status_code == 410
    assert reader.get(f"{edition.lead.get_absolute_url()}cite.doc").status_code == 404
    assert reader.get(f"{edition.lead.get_absolute_url()}cite.bib?x=1").status_code == 400
