"""Pages are kept packed, and the next request after any change sees the change."""

from __future__ import annotations

import datetime
import gzip
import re
import subprocess
import sys

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import parse_http_date

from articles import public_version
from articles.actions import publishing
from articles.models import Article, CorrectionKind, Newspaper, PublicVersion, Snapshot, Topic
from articles.people import engine_user
from articles.public import cache
from tests import factories
from tests.articles.public.test_leaks import crawl
from tests.articles.public.test_pages import ISSUE
from tests.ingest.test_concurrency import ROOT, environment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(settings):
    """Pages are kept in memory, as by default."""
    memory = {"BACKEND": "articles.public.memory.PageMemory", "LOCATION": "test-pages"}
    settings.CACHES = {**settings.CACHES, "pages": memory}
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def article(kept):
    made = factories.article(headline="大桥通车", on=factories.page())
    factories.published(made)
    made.refresh_from_db()
    return made


def queries(client, path, **more):
    with CaptureQueriesContext(connection) as seen:
        response = client.get(path, **more)
    return response, [query["sql"] for query in seen]


def address(article):
    return f"/a/{article.pk}/"


def test_the_second_reader_costs_a_look_at_the_mark_and_gets_the_same(article):
    first, many = queries(Client(), address(article))
    again, none = queries(Client(), address(article))
    assert len(many) > 1 and none == []  # the look itself goes past Django's cursor and its log
    assert again["X-Request-ID"] != first["X-Request-ID"]  # that is each answer's own
    for answer in (first, again):
        del answer["X-Request-ID"]
        answer.headers.pop("Last-Modified", None)  # not at first
    assert (again.content, again.headers) == (first.content, first.headers)
    assert (
        again["Content-Security-Policy"] and "public" in again["Cache-Control"] and again["Vary"] == "Accept-Encoding"
    )


@pytest.mark.parametrize(("path", "most"), [("/", 6), (ISSUE, 5), (f"{ISSUE}1/", 5), ("article", 3)])
def test_the_promised_limits_hold_for_the_very_first_reader(edition, kept, monkeypatch, path, most):
    """With the look at the mark, of which the process knows nothing yet; `test_queries` holds the pages' own queries
    whatever the archive's size."""
    monkeypatch.setattr(cache, "_known", None)
    assert connection.features.supports_json_field  # Django asks the database once
    response, made = queries(Client(), edition.lead.get_absolute_url() if path == "article" else path)
    assert response.status_code == 200 and public_version.TABLE in made[0]
    assert len(made) <= most


def test_packed_for_those_who_take_it_and_plain_for_others(article):
    client = Client()
    for _ in range(2):
        packed = client.get(address(article), headers={"Accept-Encoding": "br, gzip"})
        plain = client.get(address(article))
        assert packed["Content-Encoding"] == "gzip" and not plain.has_header("Content-Encoding")
        assert gzip.decompress(packed.content) == plain.content and "大桥通车" in plain.content.decode()
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) == int(plain["Content-Length"])
        head = client.head(address(article))
        assert head.content == b"" and head["ETag"] == plain["ETag"] == packed["ETag"]


def test_who_has_it_already_hears_so(article):
    client = Client()
    etag = client.get(address(article))["ETag"]
    for _ in range(2):
        answer, made = queries(client, address(article), headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"") and made == []
    cold = Client()
    caches["pages"].clear()
    assert cold.get(address(article), headers={"If-None-Match": etag}).status_code == 304
    assert queries(cold, address(article))[1] == []  # and it was kept for the others
    assert cold.get(address(article), headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_has_it_by_its_date_hears_so_until_something_changes(article, monkeypatch):
    """The date is that of the mark: no page under it has changed since. At first there is none."""
    client, start = Client(), timezone.now().replace(microsecond=0)

    def at(seconds, **headers):
        monkeypatch.setattr("django.utils.timezone.now", lambda: start + datetime.timedelta(seconds=seconds))
        return client.get(address(article), headers=headers)

    assert "Last-Modified" not in at(100)
    date = at(102)["Last-Modified"]
    assert parse_http_date(date) == start.timestamp() + 100
    assert at(103, if_modified_since=date).status_code == 304
    assert at(103, if_modified_since=date, if_none_match='"other"').status_code == 200
    said = publish_again(article)
    answer = at(103, if_modified_since=date)
    assert answer.status_code == 200 and said in answer.content.decode()
    assert parse_http_date(at(105)["Last-Modified"]) == start.timestamp() + 103


def publish_again(article):
    from articles.actions import items

    content = {**article.content, "headline": "大桥昨日通车"}
    edited = items.edit_item(item=article, content=content, base_version=article.version, actor=engine_user())
    factories.published(edited)
    return "大桥昨日通车"


def amend(article):
    from articles.actions import correcting

    kind = CorrectionKind.values[0]
    correcting.issue_correction(
        items=[article], kind=CorrectionKind(kind), text="桥长应为三公里。", actor=engine_user()
    )
    return "桥长应为三公里"


def rename_by_sql(article):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_newspaper SET name = '清溪日报'")
    return "清溪日报"


@pytest.mark.parametrize("change", [publish_again, amend, rename_by_sql])
def test_the_very_next_request_sees_a_change(article, change):
    client = Client()
    before = client.get(address(article))
    said = change(article)
    after, made = queries(client, address(article))
    assert len(made) > 1  # made anew
    assert said not in before.content.decode() and said in after.content.decode()
    assert after["ETag"] != before["ETag"]


def test_the_very_next_request_after_a_withdrawal_hears_why(article):
    client = Client()
    assert client.get(address(article)).status_code == 200
    publishing.withdraw(item=article, actor=engine_user(), reason="内容失实")
    gone = client.get(address(article))
    assert gone.status_code == 410 and "内容失实" in gone.content.decode()


def test_what_is_rolled_back_changes_nothing_for_readers(article):
    client = Client()
    client.get(address(article))
    mark = public_version.mark(timezone.now()).token
    with pytest.raises(RuntimeError), transaction.atomic():
        Newspaper.objects.update(name="没有成")
        raise RuntimeError
    assert public_version.mark(timezone.now()).token == mark
    assert "没有成" not in client.get(address(article)).content.decode()


def test_a_scheduled_publication_shows_at_its_minute_and_yesterdays_page_ends_at_midnight(article, monkeypatch):
    now = timezone.now()
    due = now + datetime.timedelta(minutes=10)
    if timezone.localtime(due).date() != timezone.localtime(now).date():
        due = now + datetime.timedelta(seconds=30)  # ten minutes to midnight
    later = factories.article(headline="定时的稿件", on=article.page, corrected=True)
    publishing.publish(item=later, actor=engine_user(), at=due)
    client = Client()
    page = "/p/qingxi/2024-03-05/1/"
    moments = [(now, False), (due - datetime.timedelta(seconds=1), False), (due, True)]
    for moment, is_seen in moments:
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        for _ in range(2):
            assert ("定时的稿件" in client.get(page).content.decode()) is is_seen
    midnight = timezone.localtime(due + datetime.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    assert public_version.mark(due).until == midnight
    monkeypatch.setattr("django.utils.timezone.now", lambda: midnight)
    assert len(queries(client, page)[1]) > 1


def test_only_public_pages_without_parameters_are_kept(article):
    for path in (
        "/admin/login/",
        "/notices/lookup/?number=123456",
        "/a/999999/",
        "/notices/?newspaper=qingxi",
        "/search/?q=大桥",
    ):
        Client().get(path)
    assert not caches["pages"]._cache  # type: ignore[attr-defined]


def test_another_host_gets_addresses_of_its_own(article):
    one = Client(headers={"host": "a.example"}).get(address(article)).content.decode()
    other = Client(headers={"host": "b.example"}).get(address(article)).content.decode()
    assert "b.example" not in one and "a.example" not in other


def test_a_cache_that_is_gone_is_no_reason_not_to_answer(article, monkeypatch, caplog):
    class Gone:
        def get(self, *_):
            raise ConnectionError("secret-host:6379")

        set = get

    monkeypatch.setattr(cache, "caches", {"pages": Gone()})
    for _ in range(2):
        assert Client().get(address(article)).status_code == 200
    assert "ConnectionError" in caplog.text and "secret-host" not in caplog.text


def test_every_table_that_a_page_reads_is_watched(edition, kept):
    """A crawl over all pages: whatever they read renews the mark when it changes."""
    with CaptureQueriesContext(connection) as seen:
        crawl(Client(), "/", "/robots.txt", f"/c/{edition.author.pk}/")
    read = {table for query in seen for table in re.findall(r'(?:FROM|JOIN) "?(\w+)"?', query["sql"])}
    read = {table for table in read if table.startswith(("articles_", "ingest_"))}
    # The index, for related articles: the database makes it from tables that are watched, in the same transaction.
    read = {table for table in read if not table.startswith("articles_search")}
    assert len(read) > 8
    assert read - set(public_version.WATCHED) <= {public_version.TABLE, *HARMLESS}


HARMLESS = {"articles_notice"}
"""Of a notice only the number is read, on the way from its snapshot to its other printings."""


def test_every_trigger_stands_and_comes_back_after_a_table_was_made_anew():
    assert public_version.missing("default") == []
    name = "articles_topic_update_renews"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON articles_topic" if connection.vendor == "postgresql" else ""))
    assert public_version.missing("default") == [name]
    public_version.guard("default")
    assert public_version.missing("default") == []


def test_a_change_by_any_way_renews_the_mark(edition):
    """Past the actions too: by the ORM, by bulk methods, by SQL."""
    topic = Topic.objects.get(slug="跨江大桥")

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE articles_contributor SET note = 'x'")

    ways = [
        lambda: topic.save(),
        lambda: Topic.objects.filter(pk=topic.pk).update(description="改"),
        lambda: Topic.objects.bulk_update([topic], ["description"]),
        lambda: Newspaper.objects.bulk_create([Newspaper(name="新报", slug="new")]),
        lambda: Snapshot.objects.filter(pk=Snapshot.objects.live()[0].pk).update(live_until=timezone.now()),
        by_sql,
        lambda: Newspaper.objects.filter(slug="new").delete(),
    ]
    for number, act in enumerate(ways):
        mark = public_version.mark(timezone.now()).token
        act()
        assert public_version.mark(timezone.now()).token != mark, number


def test_many_rows_in_one_transaction_are_one_renewal(edition):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite renews it row by row, in memory")
    with CaptureQueriesContext(connection), transaction.atomic():
        Topic.objects.update(description="改")
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin FROM articles_publicversion")
            before = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM articles_publicversion")
        assert cursor.fetchone() != before
    assert PublicVersion.objects.count() == 1


READER = """
import sys, django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
for line in sys.stdin:
    response = client.get(line.strip())
    print(response.status_code, "大桥昨日通车" in response.content.decode(), flush=True)
"""


@pytest.mark.parametrize("shared", [True, False], ids=["one cache", "a cache each"])
def test_two_web_processes_see_a_publication_at_once(tmp_path, article, shared):
    env = environment(tmp_path) | {"DEBUG": "1"}  # without collected files
    if shared:
        env["CACHE_URL"] = f"file://{tmp_path}/cache"
    web = [
        subprocess.Popen(
            [sys.executable, "-c", READER], env=env, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip

    def ask(process):
        process.stdin.write(address(article) + "\n")
        process.stdin.flush()
        return process.stdout.readline().split()

    try:
        for _ in range(2):
            assert [ask(process) for process in web] == [["200", "False"]] * 2
        publish_again(article)
        assert [ask(process) for process in web] == [["200", "True"]] * 2
        publishing.withdraw(item=Article.objects.get(pk=article.pk), actor=engine_user(), reason="失实")
        assert [ask(process)[0] for process in web] == ["410"] * 2
    finally:
        for process in web:
            process.communicate(timeout=60)
    assert Snapshot.objects.live().count() == 0
