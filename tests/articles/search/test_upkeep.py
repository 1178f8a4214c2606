"""Index and content stay in step through every way to write; where they do not, it is seen and mended."""

from __future__ import annotations

import datetime
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from articles.actions import items, publishing
from articles.models import (
    Article,
    Contributor,
    Credit,
    Issue,
    Notice,
    Page,
    SearchDoc,
    SearchRebuild,
    SearchState,
    Snapshot,
    Topic,
    TopicLink,
)
from articles.people import engine_user
from articles.search import keys, postgresql_schema, schema, search, sqlite_schema, upkeep
from articles.search.types import Field, Kind, Query, Scope, Term
from articles.search.watched import DOC
from tests import factories
from tests.articles.search import archive

pytestmark = pytest.mark.django_db


def found(text: str, scope: Scope = Scope.DRAFTS, field: Field | None = None, **more: object) -> set[int]:
    query = Query(all_of=((Term(text, field),),), **more)  # type: ignore[arg-type]
    return {hit.pk for hit in search(query, scope=scope, size=100).hits}


def body(text: str) -> list[dict[str, str]]:
    return [{"id": "s1", "role": "paragraph", "text": text}]


@pytest.fixture
def breaks() -> None:
    """For tests that leave the index wrong."""


@pytest.fixture(autouse=True)
def _still_right_at_the_end(db: None, request: pytest.FixtureRequest) -> object:
    yield
    if "breaks" not in request.fixturenames:
        report = upkeep.check(seed=1)
        assert report.is_right, report


def test_saved_and_saved_again():
    article = factories.article(headline="陈埭")
    assert found("陈埭") == {article.pk}
    article.headline = "深沪"
    article.save()
    assert (found("陈埭"), found("深沪")) == (set(), {article.pk})


def test_written_many_at_once():
    page = factories.page()
    made = Article.objects.bulk_create(
        Article(page=page, position=n, headline=f"内坑{n}", body=body("五店市"), content_hash="x") for n in range(5)
    )
    assert found("内坑") == found("五店市") == {each.pk for each in made}
    for each in made:
        each.headline = "深沪"
    Article.objects.bulk_update(made[:2], ["headline"])
    assert found("深沪") == {each.pk for each in made[:2]}
    assert Article.objects.filter(pk__in=[each.pk for each in made]).update(body=body("陈埭")) == 5
    assert (len(found("陈埭")), found("五店市")) == (5, set())
    Article.objects.filter(pk=made[0].pk).delete()
    assert len(found("陈埭")) == 4


def test_two_of_one_statement_that_want_the_same_number():
    page, numbers = factories.page(), (100, 100 + (1 << keys.NUMBER_BITS) // 2)
    Article.objects.bulk_create(
        Article(pk=pk, page=page, position=pk % 99, headline="内坑", body=body("五店市"), content_hash="x")
        for pk in numbers
    )
    assert found("内坑") == {*numbers}


def test_rows_that_change_their_numbers():
    page = factories.page()
    Article.objects.bulk_create(
        Article(pk=pk, page=page, position=pk, headline=f"内坑{pk}", body=body("五店市"), content_hash="x")
        for pk in (20, 21)
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET id = id + 10, headline = headline || '镇' WHERE id IN (20, 21)")
    assert found("内坑") == {30, 31} == found("镇")


def test_rolled_back():
    article = factories.article(headline="陈埭")
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.update(headline="深沪")
        assert found("深沪") == {article.pk}
        raise IntegrityError
    assert (found("陈埭"), found("深沪")) == ({article.pk}, set())


def test_written_by_raw_sql():
    article = factories.article(headline="陈埭")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_article SET headline = %s WHERE id = %s", ["深沪", article.pk])
        assert found("深沪", field=Field.HEADLINE) == {article.pk}
        cursor.execute(
            "INSERT INTO articles_notice (page_id, position, body, work_state, version, content_hash, created_at,"
            " updated_at, kind, heading, fields, declarant, same_fields, same_text) SELECT page_id, 9,"
            ' \'[{"id": "s1", "role": "paragraph", "text": "吴\\n志朴"}]\', \'imported\', 1, \'x\', created_at,'
            " updated_at, '其他', '', '{}', '', '', '' FROM articles_article"
        )
    assert found("吴志朴", kind=Kind.NOTICE) == {Notice.objects.get().pk}


def test_written_in_another_order():
    """As a restored archive comes, with its foreign keys checked at the end."""
    article = factories.article(headline="陈埭")
    page, issue = article.page, article.page.issue
    credit = Credit.objects.create(article=article, contributor=Contributor.objects.create(name="吴志朴"))
    for row in (credit, article, page, issue):
        type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
    assert found("陈埭") == set()
    for row in (credit, article, page, issue):
        row.save(force_insert=True)
    assert found("陈埭", contributor="吴志朴", newspaper="qingxi") == {article.pk}


def test_published_changed_withdrawn():
    article = factories.article(headline="陈埭", text="电话13900001234，五店市。")
    assert found("陈埭", Scope.PUBLIC) == set()
    factories.published(article)
    assert found("陈埭", Scope.PUBLIC) == {article.pk}
    assert found("13900001234", Scope.PUBLIC) == set()
    assert found("13900001234") == {article.pk}
    article.refresh_from_db()
    items.edit_item(
        item=article,
        content={**article.content, "headline": "深沪"},
        base_version=article.version,
        actor=engine_user(),
    )
    assert (found("深沪"), found("深沪", Scope.PUBLIC)) == ({article.pk}, set())
    assert (found("陈埭"), found("陈埭", Scope.PUBLIC)) == (set(), {article.pk})
    publishing.withdraw(item=article, actor=engine_user(), reason="测试")
    assert found("陈埭", Scope.PUBLIC) == set()


def test_scheduled_ones_come_by_themselves(monkeypatch):
    article = factories.article(headline="陈埭", corrected=True)
    publishing.publish(item=article, actor=engine_user(), at=timezone.now() + datetime.timedelta(hours=1))
    assert found("陈埭", Scope.PUBLIC) == set()
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert found("陈埭", Scope.PUBLIC) == {article.pk}


def test_draft_and_snapshot_share_a_row_while_they_say_the_same():
    article = factories.article(headline="陈埭")
    factories.published(article)
    assert [doc.state for doc in SearchDoc.objects.all()] == [SearchState.BOTH]
    Article.objects.update(headline="深沪")
    assert sorted(doc.state for doc in SearchDoc.objects.all()) == [SearchState.DRAFT, SearchState.PUBLIC]
    Article.objects.update(headline="陈埭")
    assert [doc.state for doc in SearchDoc.objects.all()] == [SearchState.BOTH]


def test_what_stands_around_an_item():
    article = factories.article(headline="陈埭")
    person, topic = Contributor.objects.create(name="吴志朴"), Topic.objects.create(name="桥", slug="bridge")
    credit = Credit.objects.create(article=article, contributor=person)
    link = TopicLink.objects.create(article=article, topic=topic)
    assert found("陈埭", contributor="吴志朴") == {article.pk}
    assert found("陈埭", topic="bridge") == set()
    TopicLink.objects.update(state="confirmed")
    assert found("陈埭", topic="bridge") == {article.pk}
    TopicLink.objects.update(state="rejected")
    assert found("陈埭", topic="bridge") == set()
    TopicLink.objects.update(state="confirmed")
    Contributor.objects.update(name="张文贤")
    assert (found("陈埭", contributor="吴志朴"), found("陈埭", contributor="张文贤")) == (set(), {article.pk})
    Page.objects.update(number=7, section="教育")
    assert found("教育", field=Field.SECTION, page=7) == {article.pk}
    Issue.objects.update(date=datetime.date(1999, 1, 1))
    assert found("陈埭", last_day=datetime.date(1999, 12, 31)) == {article.pk}
    credit.delete()
    link.delete()
    assert found("陈埭", contributor="张文贤") == found("陈埭", topic="bridge") == set()
    elsewhere = factories.page(number=3, section="体育")
    Article.objects.update(page=elsewhere)
    assert found("陈埭", page=3, newspaper="qingxi") == {article.pk}


def test_a_rebuild_gives_the_same_rows():
    archive.fill(12)
    names = [name.name for name in SearchDoc._meta.concrete_fields if name.name != "key"]
    rows = sorted(map(str, SearchDoc.objects.values_list(*names)))
    assert upkeep.rebuild(report=lambda kind, number: None) == Article.objects.count() + Notice.objects.count()
    assert sorted(map(str, SearchDoc.objects.values_list(*names))) == rows


def test_a_rebuild_broken_off_goes_on(monkeypatch):
    monkeypatch.setattr(upkeep, "STEP", 2)
    archive.fill(8)
    steps: list[tuple[Kind, int]] = []

    def report(kind: Kind, number: int) -> None:
        steps.append((kind, number))
        if len(steps) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upkeep.rebuild(report=report)
    assert SearchRebuild.objects.get().finished_at is None
    upkeep.rebuild(report=report)
    assert len(set(steps)) == len(steps) > 4
    assert SearchRebuild.objects.get().finished_at is not None
    first = len(steps)
    upkeep.rebuild(report=report)  # done: from the beginning
    assert len(steps) == 2 * first


@pytest.mark.usefixtures("breaks")
def test_rows_that_are_wrong_lacking_or_too_many_are_seen_and_mended():
    archive.fill(8)
    docs = list(SearchDoc.objects.order_by("key"))
    SearchDoc.objects.filter(pk=docs[0].pk).update(body="别的")
    SearchDoc.objects.filter(pk=docs[1].pk).delete()
    docs[2].key, docs[2].item_id = docs[-1].key + 1, 999_999
    docs[2].save(force_insert=True)
    expected = {(docs[0].kind, docs[0].item_id), (docs[1].kind, docs[1].item_id), (docs[2].kind, 999_999)}
    kinds = {Kind.ARTICLE: 1, Kind.NOTICE: 2}
    assert {(kinds[kind], number) for kind, number in upkeep.check().wrong} == expected
    with pytest.raises(CommandError, match="3 条与内容不符"):
        call_command("check_search")
    assert upkeep.mend() == 3
    assert upkeep.check().is_right


@pytest.mark.usefixtures("breaks")
def test_an_inverted_index_out_of_step_is_seen_and_made_anew():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its indexes in step itself")
    archive.fill(8)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {DOC}_search_update")
    SearchDoc.objects.update(body="别的文字")
    assert upkeep.check().lacking == [f"{DOC}_search_update"]
    schema.install(connection)
    assert upkeep.check().is_broken
    with pytest.raises(CommandError, match="倒排索引"):
        call_command("check_search")
    call_command("rebuild_search", inverted=True, stdout=StringIO())
    assert not upkeep.check().is_broken
    with connection.cursor() as cursor:  # memory for the rebuild alone, merging as before
        cursor.execute(f"SELECT k, v FROM {sqlite_schema.FTS}_config")
        assert {"automerge": sqlite_schema.AUTOMERGE, "hashsize": 1 << 20}.items() <= dict(cursor.fetchall()).items()


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_the_list_of_everything_lies_far_above_those_of_edits():
    page = factories.page()
    factories.article(on=page, headline="陈埭")
    factories.article(on=page, text="".join(map(chr, range(0x4E00, 0x9F00))))
    with connection.cursor() as cursor:
        sqlite_schema.rebuild_fts(cursor)
        cursor.execute(f"SELECT block FROM {sqlite_schema.FTS}_data WHERE id = 10")
        assert cursor.fetchone()[0][4] == 6  # levels; before stands a number of four bytes
    assert upkeep.check().is_right


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_the_index_is_made_with_little_memory_whatever_the_server_allows():
    def allowed() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW maintenance_work_mem")
            return str(cursor.fetchone()[0])

    before = allowed()
    with connection.cursor() as cursor, postgresql_schema.sparing(cursor):
        cursor.execute("SHOW max_parallel_maintenance_workers")
        assert (allowed(), cursor.fetchone()[0]) == ("64MB", "0")
    assert allowed() == before


def number_of_index() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = %s", [f"{sqlite_schema.FTS}_data"])
        else:
            cursor.execute("SELECT 'search_tokens'::regclass::oid")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("breaks")
def test_what_is_missing_is_named_and_put_back():
    name = "articles_article_search_insert"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON articles_article" if connection.vendor == "postgresql" else ""))
    with pytest.raises(CommandError, match=name):
        call_command("check_search")
    article = factories.article(headline="陈埭")
    assert found("陈埭") == set()
    before = number_of_index()
    assert schema.install(connection)
    assert not schema.install(connection)
    assert number_of_index() == before  # it is not made anew for the sake of a trigger
    assert upkeep.mend() == 1
    assert found("陈埭") == {article.pk}


def test_a_row_under_another_day_or_state_is_found_and_mended():
    """As after keys are counted otherwise: every text is right, and a search by day finds nothing."""
    article = factories.article(text="陈埭五店市")
    key = SearchDoc.objects.get(item_id=article.pk).key
    for other in (key + (1 << keys.NUMBER_BITS), key + (1 << keys.STATE_SHIFT), key & ((1 << keys.NUMBER_BITS) - 1)):
        SearchDoc.objects.filter(item_id=article.pk).update(key=other)
        assert upkeep.check(seed=1).wrong == [(Kind.ARTICLE, article.pk)]
        assert upkeep.mend() == 1 and upkeep.check(seed=1).is_right
        key = SearchDoc.objects.get(item_id=article.pk).key
    assert found("陈埭") == {article.pk}


def test_commands_say_what_they_did():
    archive.fill(6)
    out = StringIO()
    call_command("rebuild_search", restart=True, stdout=out)
    call_command("check_search", stdout=out)
    assert "检索索引重建完成：7 条。" in out.getvalue()
    assert "检索索引与内容一致" in out.getvalue()


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_day_whose_numbers_ran_out_uses_those_that_became_free(monkeypatch):
    page = factories.page()
    made = Article.objects.bulk_create(
        Article(page=page, position=n, headline=f"内坑{n}", body=body("五店市"), content_hash="x") for n in range(6)
    )
    day = SearchDoc.objects.order_by("key")[0].key >> keys.NUMBER_BITS << keys.NUMBER_BITS
    with connection.cursor() as cursor:  # as if the last one had been written anew all day long
        last = day + (1 << keys.NUMBER_BITS) - 1
        cursor.execute("UPDATE articles_searchdoc SET key = %s WHERE item_id = %s", [last, made[-1].pk])
    Article.objects.filter(pk__in=[made[1].pk, made[2].pk, made[4].pk]).update(headline="深沪")
    Page.objects.update(section="教育")  # all six at once
    assert found("深沪") == {made[1].pk, made[2].pk, made[4].pk}
    assert len(found("教育", field=Field.SECTION)) == 6
    assert {doc.key >> keys.NUMBER_BITS << keys.NUMBER_BITS for doc in SearchDoc.objects.all()} == {day}
    SearchDoc.objects.get(item_id=made[0].pk).delete()
    names = [field.column for field in SearchDoc._meta.fields if field.name not in {"key", "item_id"}]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:  # all its other numbers
        cursor.execute(
            "WITH RECURSIVE n(key) AS (SELECT %s UNION ALL SELECT key + 1 FROM n WHERE key < %s)"
            f" INSERT OR IGNORE INTO articles_searchdoc (key, item_id, {columns})"
            f" SELECT n.key, 999999, {columns} FROM n, articles_searchdoc d WHERE d.item_id = %s",
            [day + 1, last, made[3].pk],
        )
    with pytest.raises(OperationalError), transaction.atomic():  # refused, not put among those of the next day
        Article.objects.filter(pk=made[0].pk).update(headline="陈埭")
    SearchDoc.objects.filter(item_id=999_999).delete()
    assert upkeep.mend() == 1


def own_key(article: Article, state: SearchState) -> int:
    """The key that PostgreSQL gives a row of the item when nothing is in the way."""
    day = SearchDoc.objects.filter(item_id=article.pk)[0].key & keys.PLACE & -(1 << keys.NUMBER_BITS)
    return keys.key(state, day + 2 * article.pk + 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_what_says_the_same_stays_where_it_is():
    article = factories.article(text="陈埭五店市")
    factories.published(article)

    def rows() -> dict[int, str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state, ctid::text FROM articles_searchdoc")
            return dict(cursor.fetchall())

    Article.objects.update(headline="深沪")
    before = rows()
    Article.objects.update(headline="内坑")
    after = rows()
    assert before[SearchState.PUBLIC] == after[SearchState.PUBLIC]
    assert before[SearchState.DRAFT] != after[SearchState.DRAFT]
    assert SearchDoc.objects.get(state=SearchState.DRAFT).key == own_key(article, SearchState.DRAFT)


@pytest.mark.skipif("connection.vendor != 'postgresql'")
@pytest.mark.django_db(transaction=True)
def test_an_edit_meets_a_number_that_a_long_transaction_has_taken():
    """Such as an import of years: the edit waits, takes another number, and is not refused."""
    article = factories.article(text="陈埭五店市")
    factories.published(article)
    taken = own_key(article, SearchState.DRAFT)
    names = ", ".join(f'"{field.column}"' for field in SearchDoc._meta.fields if field.name not in {"key", "item_id"})
    failed: list[Exception] = []

    def edit() -> None:
        try:
            Article.objects.update(headline="深沪")
        except Exception as error:  # noqa: BLE001 - told by the test
            failed.append(error)
        finally:
            connection.close()

    other = connection.copy()
    editor = threading.Thread(target=edit)
    try:
        with other.cursor() as cursor, connection.cursor() as watch:
            cursor.execute("BEGIN")
            cursor.execute(
                f"INSERT INTO articles_searchdoc (key, item_id, {names})"
                f" SELECT %s, 999999, {names} FROM articles_searchdoc",
                [taken],
            )
            editor.start()
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
            for _ in range(600):
                watch.execute(waiting, [connection.settings_dict["NAME"]])
                if watch.fetchone()[0]:
                    break
                time.sleep(0.05)
            else:
                pytest.fail("the edit did not wait")
            cursor.execute("COMMIT")
        editor.join(60)
    finally:
        other.close()
    assert not failed
    assert found("深沪") == {article.pk}
    assert SearchDoc.objects.get(key=taken).item_id == 999_999
    SearchDoc.objects.filter(item_id=999_999).delete()


def test_an_index_of_snapshots_is_not_asked_for_more_than_once_a_page():
    """The number of queries does not depend on what is found."""
    from django.test.utils import CaptureQueriesContext

    archive.fill(10)
    counts = set()
    for text in ("陈埭", "安全生产", "无此字串"):
        with CaptureQueriesContext(connection) as asked:
            results = search(Query(all_of=((Term(text),),)), scope=Scope.PUBLIC)
            assert results.total >= 0
        counts.add(len(asked))
    assert counts == {2}


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_a_connection_without_our_functions_is_refused_rather_than_let_out_of_step():
    factories.article()
    connection.connection.create_function("articles_search_fold", 1, None)
    try:
        with pytest.raises(OperationalError, match="function"), transaction.atomic():
            Article.objects.update(headline="深沪")
    finally:
        sqlite_schema.register_functions(connection.connection)
    assert Snapshot.objects.count() == 0
