"""Articles and notices out as a table and in again: nothing lost, nothing uncovered, nothing overwritten."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import history
from articles.actions.credits import Named, set_credits
from articles.actions.items import edit_item
from articles.models import Act, Article, Contributor, HistoryEntry, LinkState, Notice, Topic, TopicLink, WorkState
from articles.sheets.csv_file import read_csv
from articles.sheets.xlsx_file import read_xlsx
from tests import factories
from tests.articles.admin.conftest import client_for

pytestmark = pytest.mark.django_db

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''=1", "'甲", " =1", "\t=1", "<b>&", "_x000D_"]


def exported(client, name="article", kind="0", **query):
    url = reverse(f"admin:articles_{name}_export")
    return client.post(url, {"format": kind, "resource": "0"}, query_params=query).content


def rows_of(data: bytes) -> list[dict[str, str]]:
    table = read_xlsx(data) if data.startswith(b"PK") else read_csv(data)
    return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def sheet(rows: Sequence[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def previewed(client, data, name="article"):
    file = SimpleUploadedFile("改.csv", data)
    return client.post(reverse(f"admin:articles_{name}_import"), {"import_file": file, "format": "0", "resource": "0"})


def imported(client, data, name="article"):
    """The preview; confirmed if it can be."""
    shown = previewed(client, data, name)
    form = shown.context.get("confirm_form")
    if form is None:
        return shown
    return client.post(reverse(f"admin:articles_{name}_process_import"), form.initial)


def edited(client, name="article", kind="0", **cells):
    """An export of one item with these cells written over it."""
    [row] = rows_of(exported(client, name, kind))
    return sheet([{**row, **cells}])


def everything() -> Any:
    return (
        list(Article.objects.order_by("pk").values()),
        list(Notice.objects.order_by("pk").values()),
        HistoryEntry.objects.count(),
    )


def test_a_file_changes_so_many_rows_and_no_more(as_chief, monkeypatch):
    monkeypatch.setattr("articles.admin.item_sheets.ItemResource.most_changed", 2)
    page = factories.page()
    for text in ("甲", "乙", "丙", "丁"):
        factories.article(on=page, headline=text)
    rows = rows_of(exported(as_chief))
    before = everything()
    three = [{**row, "主题": f"{row['主题']}改"} if number else row for number, row in enumerate(rows)]
    shown = previewed(as_chief, sheet(three))
    assert shown.context.get("confirm_form") is None
    assert "从这一行起，要新增或改动的超过 2 行：请分成几个文件。" in shown.content.decode()
    assert everything() == before
    imported(as_chief, sheet([*three[:3], rows[3]]))
    assert sorted(Article.objects.values_list("headline", flat=True)) == sorted(
        row["主题"] for row in (*three[:3], rows[3])
    )


@pytest.mark.parametrize("kind", ["0", "1"])
def test_what_goes_out_comes_in_without_a_change(as_chief, kind):
    page = factories.page()
    for text in HOSTILE:
        captions = [{"id": "s8", "text": f"{text} 图"}, {"id": "s9", "text": "图二\n两行\r\n"}]
        lines: dict[str, Any] = {name: text.strip() for name in ("column", "kicker", "headline", "byline")}
        factories.article(
            on=page, **lines, deck=[text.strip(), "二"], text=f"{text}。电话13800001111", captions=captions
        )
        factories.notice(on=page, text=f"{text}王小明遗失身份证350582199001011234", heading=text.strip())
    factories.article(on=page, headline="长", text="字" * 40_000)
    factories.article(on=page, headline="", text="")
    before = everything()
    for name in ("article", "notice"):
        response = imported(as_chief, exported(as_chief, name, kind), name)
        assert response.status_code == 302, response.content.decode()
    assert everything() == before


def test_a_changed_cell_becomes_a_new_version_with_history(as_chief):
    article = factories.article(
        corrected=True,
        body=[
            {"id": "s1", "role": "paragraph", "text": "一。"},
            {"id": "s5", "role": "subhead", "text": "题"},
            {"id": "s7", "role": "paragraph", "text": "二。"},
        ],
    )
    data = edited(as_chief, 主题="新题", 副题="甲\n乙", 正文="一！\r\n题\r\n二。")
    shown = previewed(as_chief, data).content.decode()
    assert "<del>。</del><ins>！</ins>" in shown and "style=" not in shown
    article.refresh_from_db()
    assert article.version == 1
    imported(as_chief, data)
    article.refresh_from_db()
    assert (article.headline, article.deck, article.version) == ("新题", ["甲", "乙"], 2)
    assert [tuple(piece.values()) for piece in article.body] == [
        ("s1", "paragraph", "一！"),
        ("s5", "subhead", "题"),
        ("s7", "paragraph", "二。"),
    ]
    assert article.work_state == WorkState.IMPORTED
    entry = history.of(article).first()
    assert entry is not None and "改.csv" in entry.reason and set(entry.before) == {"headline", "deck", "body"}
    count = HistoryEntry.objects.count()
    imported(as_chief, data)  # a second time: the cells say what is there
    assert HistoryEntry.objects.count() == count


def test_a_notice_is_changed_in_kind_heading_and_body(as_chief):
    notice = factories.notice(text="王小明遗失钥匙。")
    imported(
        as_chief, edited(as_chief, "notice", 类别="声明作废", 报面标题="作废", 正文="王小明遗失钥匙一把。"), "notice"
    )
    notice.refresh_from_db()
    assert (notice.kind, notice.heading, notice.text) == ("声明作废", "作废", "王小明遗失钥匙一把。")


def refused(client, data, words, name="article"):
    before = everything()
    response = imported(client, data, name)
    text = response.content.decode()
    assert response.status_code == 200 and words in text, text
    assert everything() == before
    return text


def test_what_was_changed_after_the_export_is_not_overwritten(as_chief, chief):
    article = factories.article(headline="甲")
    data = edited(as_chief, 主题="表格的题")
    edit_item(item=article, content=factories.article_content(headline="后台的题"), base_version=1, actor=chief)
    refused(as_chief, data, "第 2 行：“版本”列：这一条导出之后被改过")


def test_what_changes_between_preview_and_confirmation_is_not_overwritten_either(as_chief, chief):
    page = factories.page()
    factories.article(on=page, headline="先")
    article = factories.article(on=page, headline="甲")
    rows = rows_of(exported(as_chief))
    shown = previewed(as_chief, sheet([{**row, "主题": f"{row['主题']}改"} for row in rows]))
    edit_item(item=article, content=factories.article_content(headline="后台的题"), base_version=1, actor=chief)
    before = everything()
    done = as_chief.post(reverse("admin:articles_article_process_import"), shown.context["confirm_form"].initial)
    assert done.status_code == 200 and "导出之后被改过" in done.content.decode()
    assert everything() == before  # not the other row either


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"正文": "一\n二"}, "“正文”列：现有 1 段，这一格有 2 行"),
        ({"正文": ""}, "“正文”列：现有 1 段，这一格有 0 行"),
        ({"正文": "　"}, "“正文”列：现有 1 段，这一格有 0 行"),
        ({"主题": "题" * 301}, "“主题”列：不能超过 300 字"),
        ({"主题": "题\n题"}, "“主题”列：须是一行文字"),
        ({"主题": "请拨139＊＊＊＊＊＊＊＊"}, "“主题”列：这一格里有遮盖的号码"),
        ({"编号": "999999"}, "“编号”列：没有编号为“999999”的稿件"),
        ({"编号": "x"}, "“编号”列：没有编号为“x”的稿件"),
        ({"版本": "", "主题": "新"}, "“版本”列：改动已有的条目，要有导出时的版本"),
        ({"标题": "新"}, "不认识的列：标题"),
    ],
)
def test_a_bad_cell_is_refused_by_row_and_column(as_chief, cells, words):
    factories.article()
    text = refused(as_chief, edited(as_chief, **cells), words)
    assert not words.startswith("“") or f"第 2 行：{words}" in text


def test_one_bad_row_keeps_all_rows_out(as_chief):
    page = factories.page()
    for headline in "甲乙":
        factories.article(on=page, headline=headline)
    rows = rows_of(exported(as_chief))
    rows[0]["主题"] = "好的"
    rows[1]["主题"] = "坏" * 301
    refused(as_chief, sheet(rows), "第 3 行：“主题”列")


def test_one_item_twice_is_refused(as_chief):
    factories.article()
    [row] = rows_of(exported(as_chief))
    refused(as_chief, sheet([row, {**row, "主题": "新"}]), "第 3 行：“编号”列：和第 2 行是同一条")


def test_a_table_without_numbers_is_refused(as_chief):
    refused(as_chief, "主题\n新\n".encode(), "缺少这些列：编号")


@pytest.mark.parametrize("name", ["article", "notice"])
def test_a_cell_that_hides_a_number_is_refused_when_changed(as_chief, name):
    number = "13905950011"
    getattr(factories, name)(text=f"王小明请拨{number}。", heading="启事") if name == "notice" else factories.article(
        text=f"请拨{number}。"
    )
    [row] = rows_of(exported(as_chief, name))
    assert number not in str(row) and "＊" in row["正文"]
    text = refused(as_chief, edited(as_chief, name, 正文=row["正文"] + "！"), "这一格里有遮盖的号码，请在后台改", name)
    assert number not in text
    other = "主题" if name == "article" else "报面标题"
    shown = previewed(as_chief, edited(as_chief, name, **{other: "改了"}), name).content.decode()
    assert number not in shown  # nor does the preview uncover what was not touched
    imported(as_chief, edited(as_chief, name, **{other: "改了"}), name)
    item = (Article if name == "article" else Notice).objects.get()
    assert number in item.text and item.version == 2


def test_rows_without_a_number_are_made_on_a_page_that_is_there(as_chief):
    factories.page()
    rows = [
        {
            "编号": "",
            "报纸": "青溪日报",
            "日期": "2024/3/5",
            "版次": "1",
            "主题": "新稿",
            "正文": "一。\n\n二。",
            "图片说明": "图",
        }
    ]
    imported(as_chief, sheet(rows))
    made = Article.objects.get()
    assert made.headline == "新稿" and [piece["id"] for piece in (*made.body, *made.captions)] == ["e1", "e2", "e3"]
    assert history.of(made).count() == 1
    imported(as_chief, sheet(rows))  # it is there already
    assert Article.objects.count() == 1


def test_a_new_notice_has_a_kind(as_chief):
    factories.page()
    row = {
        "编号": "",
        "报纸": "青溪日报",
        "日期": "2024-03-05",
        "版次": "1",
        "类别": "招租",
        "报面标题": "",
        "正文": "店面",
    }
    imported(as_chief, sheet([row]), "notice")
    assert Notice.objects.get().kind == "招租"
    refused(as_chief, sheet([{**row, "类别": "没有的"}]), "第 2 行：“类别”列：没有“没有的”这个类别", "notice")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"版次": "9"}, "没有这一版：青溪日报 2024-03-05 第9版"),
        ({"日期": "昨天"}, "要填写“报纸”“日期”“版次”"),
        ({"报纸": ""}, "要填写“报纸”“日期”“版次”"),
        ({"正文": "电话139＊＊＊＊＊＊＊＊"}, "遮盖的号码"),
        ({"主题": "", "正文": ""}, "也没有文字"),
    ],
)
def test_a_new_row_needs_a_page_and_a_text(as_chief, cells, words):
    factories.page()
    row = {"编号": "", "报纸": "青溪日报", "日期": "2024-03-05", "版次": "1", "主题": "新", "正文": "一。"}
    refused(as_chief, sheet([{**row, **cells}]), words)


def test_what_is_only_shown_goes_out_and_never_comes_in(as_chief, chief):
    article = factories.article()
    topic = Topic.objects.create(name="桥梁", slug="bridges")
    TopicLink.objects.create(article=article, topic=topic, state=LinkState.CONFIRMED)
    TopicLink.objects.create(
        article=article, topic=Topic.objects.create(name="未定", slug="x"), state=LinkState.SUGGESTED
    )
    set_credits(article=article, credits=[Named("reporter", "王小明")], actor=chief, may_add=True)
    article.refresh_from_db()
    factories.published(article)
    [row] = rows_of(exported(as_chief))
    assert (row["作者"], row["专题"], row["见报"]) == ("王小明", "桥梁", "见报中")
    assert row["网址"] == f"http://testserver/a/{article.pk}/"
    before = everything()
    imported(as_chief, edited(as_chief, 作者="别人", 专题="", 见报="未见报", 校对状态="待校", 网址="", 版名="别的"))
    assert everything() == before


def counted(function: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        function()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_an_export_and_a_preview_ask_by_the_chunk(as_chief):
    page = factories.page()

    def grown(to: int) -> tuple[int, int]:
        for _ in range(to - Article.objects.count()):
            factories.article(on=page)
        data = exported(as_chief)
        out = counted(lambda: exported(as_chief))
        return out, counted(lambda: previewed(as_chief, data))

    assert grown(3) == grown(40)


def test_only_the_one_who_saw_the_preview_confirms_it(as_chief):
    factories.article()
    shown = previewed(as_chief, edited(as_chief, 主题="新"))
    url = reverse("admin:articles_article_process_import")
    initial = shown.context["confirm_form"].initial
    other = client_for("主编")
    assert other.post(url, initial).url == reverse("admin:articles_article_import")
    assert as_chief.post(url, {**initial, "import_file_name": "passwd"}).url == reverse("admin:articles_article_import")
    assert Article.objects.get().version == 1


@pytest.mark.parametrize("fields", [{"format": "7"}, {"format": "x"}, {"import_file_name": ""}])
def test_a_confirmation_that_is_none_leads_back(as_chief, fields):
    factories.article()
    shown = previewed(as_chief, edited(as_chief, 主题="新"))
    url = reverse("admin:articles_article_process_import")
    done = as_chief.post(url, {**shown.context["confirm_form"].initial, **fields})
    assert done.status_code == 302 and Article.objects.get().version == 1


def test_a_broken_workbook_is_refused_in_words(as_chief):
    text = previewed(as_chief, b"PK\x03\x04broken").content.decode()
    assert "不是完整的 Excel 工作簿" in text


def test_a_file_that_is_too_large_is_not_read(as_chief, monkeypatch):
    monkeypatch.setattr("articles.admin.exports.MOST_BYTES", 10)
    assert "文件超过" in previewed(as_chief, b"x" * 11).content.decode()


def test_who_made_the_change_is_on_record(as_chief):
    article = factories.article()
    imported(as_chief, edited(as_chief, 主题="新"))
    entry = history.of(article).first()
    assert entry is not None and isinstance(entry.actor, User) and entry.actor.groups.get().name == "主编"


# Contributors and issues


def test_contributors_come_in_by_name_and_note(as_chief):
    Contributor.objects.create(name="王小明", note="社会部")
    data = "姓名,区别\n王小明,社会部\n王小明,\n'=李,记者\n".encode()
    for _ in range(2):
        imported(as_chief, data, "contributor")
    assert sorted(Contributor.objects.values_list("name", "note")) == [
        ("=李", "记者"),
        ("王小明", ""),
        ("王小明", "社会部"),
    ]
    before = HistoryEntry.objects.count()
    imported(as_chief, exported(as_chief, "contributor"), "contributor")
    assert HistoryEntry.objects.count() == before
    refused(as_chief, f"姓名,区别\n{'长' * 41},\n".encode(), "第 2 行：“姓名”列：", "contributor")


def test_issues_are_given_number_and_pages_by_newspaper_and_date(as_chief):
    issue = factories.page().issue
    factories.undated_page()
    assert len(rows_of(exported(as_chief, "issue"))) == 1
    data = edited(as_chief, "issue", 应有版数="8", 期号="12345")
    for _ in range(2):
        imported(as_chief, data, "issue")
        issue.refresh_from_db()
        assert (issue.expected_pages, issue.number) == (8, "12345")
        assert history.of(issue).filter(act=Act.EDITED).count() == 1
    imported(as_chief, edited(as_chief, "issue", 应有版数=""), "issue")
    issue.refresh_from_db()
    assert issue.expected_pages is None


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"日期": "2024-03-06"}, "“日期”列：没有日期已确认的这一期：青溪日报 2024-03-06"),
        ({"日期": "昨天"}, "“日期”列：“昨天”不是日期"),
        ({"报纸": ""}, "“日期”列：没有日期已确认的这一期"),
        ({"应有版数": "八"}, "“应有版数”列：“八”不是版数"),
        ({"应有版数": "99999"}, "“应有版数”列：“99999”不是版数"),
    ],
)
def test_a_bad_row_of_issues_is_refused(as_chief, cells, words):
    factories.page()
    refused(as_chief, edited(as_chief, "issue", **cells), f"第 2 行：{words}", "issue")


@pytest.mark.parametrize("name", ["article", "notice", "contributor", "issue", "topic", "office"])
def test_the_list_leads_to_both(as_chief, name):
    text = as_chief.get(reverse(f"admin:articles_{name}_changelist")).content.decode()
    for step in ("import", "export"):
        assert reverse(f"admin:articles_{name}_{step}") in text
