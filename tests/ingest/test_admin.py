"""The source beside the work, and the record of imports."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.people import engine_user
from ingest.beside import Lines, beside_item, beside_page
from ingest.models import ImportOutcome, ImportRun, OutcomeKind, Provenance, Source
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "青溪大桥通车\n\n本报讯 昨日，\n青溪大桥建成通车。\n<b>广告</b>热线\n"


def source(page, text=TEXT, name="001.txt"):
    sha = hashlib.sha256(f"{name}{text}".encode()).hexdigest()
    return Source.objects.create(
        sha256=sha, name=name, raw=text.encode(), encoding="utf-8", text=text, page=page, read_with="x"
    )


def sourced_article():
    article = factories.article(headline="青溪大桥通车", text="本报讯 昨日，青溪大桥建成通车。")
    pieces = {
        "s0": {"role": "headline", "spans": [[0, 6]], "reason": "主题", "confidence": 0.9},
        "s1": {"role": "paragraph", "spans": [[8, 15], [16, 25]], "reason": "电头起段", "confidence": 0.9},
    }
    Provenance.objects.create(source=source(article.page), item_key="s1", article=article, pieces=pieces)
    return article


def test_a_span_touches_the_lines_it_covers():
    page = factories.page()
    lines = Lines(source(page))
    assert lines.numbers([[0, 6]]) == [1]
    assert lines.numbers([[8, 15], [16, 25]]) == [3, 4]
    assert lines.numbers([[0, 25]]) == [1, 2, 3, 4]
    assert lines.numbers([]) == []
    assert "\n".join(lines.texts) == TEXT


def test_each_block_leads_to_its_lines_and_back():
    article = sourced_article()
    beside = beside_item(article)
    assert beside is not None
    assert beside.origins["s1"].lines == "3–4 行"
    text = beside.texts[0]
    assert [line.text for line in text.lines] == TEXT.split("\n")
    assert [[mark.href for mark in line.marks] for line in text.lines[:5]] == [
        ["#item-form"],
        [],
        ["#b-s1"],
        ["#b-s1"],
        [],
    ]
    assert beside.origins["s1"].href == f"#{text.lines[2].anchor}" and text.start == text.lines[0].anchor


def test_the_screens_show_the_source_untouched_and_escaped(as_chief):
    article = sourced_article()
    for url in (
        reverse("admin:articles_article_change", args=[article.pk]),
        reverse("admin:articles_page_change", args=[article.page_id]),
    ):
        text = as_chief.get(url).content.decode()
        assert "&lt;b&gt;广告&lt;/b&gt;热线" in text and "<b>广告</b>" not in text
    assert 'href="#b-s1"' in as_chief.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()


def test_a_page_marks_each_line_with_its_item():
    article = sourced_article()
    beside = beside_page(article.page, [article])
    assert beside is not None
    assert [mark.label for line in beside.texts[0].lines for mark in line.marks] == ["第1条"] * 3


def test_a_piece_moved_to_another_item_keeps_its_lines(as_chief, chief):
    article = sourced_article()
    other = factories.article(on=article.page)
    piece = {**article.body[0], "id": "s1"}
    article.set_content({**article.content, "body": []})
    article.save()
    other.set_content({**other.content, "body": [{**other.body[0], "id": "e1"}, piece]})
    other.save()
    beside = beside_item(other)
    assert beside is not None
    assert [[mark.label for mark in line.marks] for line in beside.texts[0].lines][2:4] == [["第2段"], ["第2段"]]
    assert list(beside.origins) == ["s1"]
    left = beside_item(article)
    assert left is not None
    assert [[mark.label for mark in line.marks] for line in left.texts[0].lines][:4] == [["主题"], [], [], []]
    page = beside_page(article.page, [article, other])
    assert page is not None
    marked = [[mark.label for mark in line.marks] for line in page.texts[0].lines]
    assert marked[:4] == [["第1条"], [], ["第2条"], ["第2条"]]


def test_an_item_an_editor_wrote_has_the_page_beside_it_without_marks():
    article = sourced_article()
    other = factories.notice(on=article.page)
    beside = beside_item(other)
    assert beside is not None
    assert not beside.origins and not any(line.marks for line in beside.texts[0].lines)
    assert beside_item(factories.article(on=factories.page(number=2))) is None


def fill(count):
    page = factories.undated_page()
    start = Source.objects.count()
    sources = [source(page, name=f"{start + n}.txt") for n in range(count)]
    runs = ImportRun.objects.bulk_create(ImportRun(by=engine_user()) for _ in range(count))
    ImportOutcome.objects.bulk_create(
        ImportOutcome(run=run, name=each.name, kind=OutcomeKind.FAILED, source=each)
        for run, each in zip(runs, sources, strict=True)
    )
    return runs[0], sources[0]


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_lists_and_records_ask_a_constant_number_of_questions(admin_user):
    client = Client()
    client.force_login(admin_user)
    run, first = fill(10)
    urls = [reverse(f"admin:ingest_{name}_changelist") for name in ("source", "importrun", "importoutcome")]
    urls += [
        reverse("admin:ingest_source_change", args=[first.pk]),
        reverse("admin:ingest_importrun_change", args=[run.pk]),
        reverse("admin:ingest_importrun_changelist") + "?result=trouble",
        reverse("admin:ingest_importoutcome_changelist") + f"?run__id__exact={run.pk}&kind__exact=failed",
    ]
    before = {url: queries(client, url) for url in urls}
    fill(990)
    assert {url: queries(client, url) for url in urls} == before
    assert max(before.values()) <= 8


def test_a_list_does_not_fetch_the_texts(admin_user):
    client = Client()
    client.force_login(admin_user)
    fill(3)
    for name in ("source", "importoutcome"):
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(f"admin:ingest_{name}_changelist"))
        assert not any('"ingest_source"."raw"' in q["sql"] or '"ingest_source"."text"' in q["sql"] for q in seen)


def test_a_run_with_failures_is_found_and_leads_to_its_files(as_chief):
    run, _ = fill(1)
    text = as_chief.get(reverse("admin:ingest_importrun_changelist"), {"result": "trouble"}).content.decode()
    assert f"入库 #{run.pk}" in text and f"run__id__exact={run.pk}&amp;kind__exact=failed" in text
    listed = as_chief.get(reverse("admin:ingest_importoutcome_changelist"), {"run__id__exact": run.pk})
    assert listed.context["cl"].result_count == 1


@pytest.mark.parametrize("name", ["source", "importrun", "importoutcome"])
def test_records_are_read_only_even_for_a_superuser(admin_user, name):
    client = Client()
    client.force_login(admin_user)
    fill(1)
    assert client.post(reverse(f"admin:ingest_{name}_add"), {}).status_code == 403
    pk = {"source": Source, "importrun": ImportRun, "importoutcome": ImportOutcome}[name]._default_manager.values_list(
        "pk", flat=True
    )[0]
    assert client.post(reverse(f"admin:ingest_{name}_change", args=[pk]), {}).status_code == 403
    assert client.post(reverse(f"admin:ingest_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_the_queue_is_one_step_from_everywhere_and_the_list_one_is_in_is_marked(as_chief, bare_staff):
    queue, pages = reverse("admin:articles_page_queue"), reverse("admin:articles_page_changelist")
    text = as_chief.get(queue).content.decode()
    marked = re.findall(r'<a href="([^"]+)"[^>]*aria-current', text)
    assert marked == [queue] and f'href="{pages}"' in text
    client = Client()
    client.force_login(bare_staff)
    assert queue not in client.get(reverse("admin:index")).content.decode()
