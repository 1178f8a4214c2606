"""The database folds and cuts texts as our code does, and its machinery survives migrations."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DataError, connection, migrations, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, SearchDoc
from articles.search import postgresql_schema, schema, search, sqlite_schema, tokens, watched
from articles.search.folding import ALTERED, SIGNS, SPACES, fold, simplified
from articles.search.types import Query, Scope, Term
from tests import factories

pytestmark = pytest.mark.django_db

LETTERS = "晋江陈埭臺灣吴志朴長護險 \n\t　0123456789.．aZｱガÉéßΣЖØ“”「」·，。！%％-—＊㎡①…½™|_*\\^]['𠮷々〇"
# What a newspaper can hold: the planes of living scripts. The Unicode version of the two may differ in new letters.
NEWSPRINT = st.one_of(
    st.sampled_from(LETTERS),
    st.characters(min_codepoint=0x20, max_codepoint=0x52F, exclude_categories=["Cn", "Cc"]),
    st.characters(min_codepoint=0x1E00, max_codepoint=0x33FF, exclude_categories=["Cn", "Mn", "Mc", "Cf"]),
    st.characters(min_codepoint=0x3400, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0xF900, max_codepoint=0xFAFF, exclude_categories=["Cn"]),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFFEE, exclude_categories=["Cn"]),
)
TEXTS = st.text(NEWSPRINT, max_size=60)
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@given(TEXTS)
@QUICK
def test_the_database_folds_alike(text):
    assert ask("SELECT articles_search_fold(%s)", text) == fold(text)


def test_every_traditional_character_and_every_sign():
    for text in ("".join(simplified()), "".join(map(chr, range(1, 0x400))), "".join(map(chr, range(0x2000, 0x3100)))):
        spaced = "a".join(each for each in text if not 0x300 <= ord(each) < 0x370)
        assert ask("SELECT articles_search_fold(%s)", spaced) == fold(spaced)


def test_a_character_that_is_not_altered_folds_by_the_classes_alone():
    """One at a time: a single one that is altered has the whole text normalized."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite asks Python")
    altered = re.compile(f"[{ALTERED}]")
    texts = [f"a{sign}a" for code in range(1, 0x110000) if not altered.match(sign := chr(code))]
    assert len(texts) > 20_000
    folded = ask(
        "SELECT array_agg(articles_search_fold(t) ORDER BY n) FROM unnest(%s::text[]) WITH ORDINALITY x(t, n)", texts
    )
    assert folded == [fold(text) for text in texts]


@given(*[TEXTS.map(fold)] * 7, st.sampled_from(["", "3", "3,14"]), st.sampled_from(["", "蔡斯洵", "蔡斯洵\nAnna Lee"]))
@QUICK
def test_the_database_makes_the_same_tokens(headline, deck, byline, column, section, body, captions, topics, people):
    values = (1, 7, None, topics, people, headline, deck, byline, column, section, body, captions)
    if connection.vendor == "sqlite":
        made = ask(f"SELECT articles_search_tokens({', '.join(['%s'] * len(values))})", *values).split()
    else:
        types = ("smallint", "bigint", "smallint", *["text"] * 9)
        given_ = ", ".join(f"%s::{kind}" for kind in types)
        made = ask(f"SELECT tsvector_to_array(articles_search_tokens({given_}))", *values)
    assert set(made) == set(tokens.tokens(*values).split())


def test_no_letter_is_taken_for_a_sign():
    sign = re.compile(f"[{SIGNS}{SPACES}]")
    symbols = {
        *range(0x2100, 0x2C00),
        *range(0x2E00, 0x2E80),
        *range(0x3200, 0x3400),
    }  # blocks of signs with a few numerals among them
    for code in sorted({*range(0x20, 0xD800), *range(0xF900, 0x10000), *range(0x20000, 0x30000)} - symbols):
        if unicodedata.category(chr(code))[0] == "L" and unicodedata.normalize("NFKD", chr(code)) == chr(code):
            assert not sign.match(chr(code)), hex(code)


@pytest.mark.django_db(transaction=True)
def test_a_table_made_anew_keeps_being_indexed():
    """As a migration on SQLite does it: the triggers go with the table and come back with the command."""
    article = factories.article(headline="陈埭")
    call_command("migrate", verbosity=0)  # nothing to do: nothing is lifted
    assert not schema.lacking(connection)
    schema.remove(connection)
    state = migrations.state.ProjectState.from_apps(Article._meta.apps)
    operation = migrations.AlterField("article", "byline", models.CharField("署名", max_length=301, blank=True))
    after = state.clone()
    operation.state_forwards("articles", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("articles", editor, state, after)
    try:
        schema.install(connection)
        assert not schema.lacking(connection)
        Article.objects.filter(pk=article.pk).update(headline="深沪")
        hits = search(Query(all_of=((Term("深沪"),),)), scope=Scope.DRAFTS).hits
        assert [hit.pk for hit in hits] == [article.pk]
        assert SearchDoc.objects.count() == 1
    finally:
        schema.remove(connection)
        with connection.schema_editor() as editor:
            operation.database_backwards("articles", editor, after, state)
        schema.install(connection)


def inverted() -> Any:
    """What tells the inverted index from one made anew."""
    if connection.vendor == "sqlite":  # the first ten blocks count changes of its settings
        return ask(f"SELECT group_concat(id || hex(block)) FROM {sqlite_schema.FTS}_data WHERE id > 10")
    return ask("SELECT pg_relation_filenode('search_tokens')")


@pytest.fixture
def change(monkeypatch):
    """Change the code; it is as it was afterwards, and so is the database."""

    def changed(where: Any, name: str, value: Any) -> None:
        monkeypatch.setattr(where, name, value)
        postgresql_schema._signature.cache_clear()

    yield changed
    monkeypatch.undo()
    postgresql_schema._signature.cache_clear()
    schema.install(connection)


@pytest.mark.django_db(transaction=True)
def test_other_triggers_wait_for_a_save_that_waits_for_them(change):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    settings = connection.get_connection_params()
    settings.pop("cursor_factory", None), settings.pop("context", None)
    with psycopg.connect(**settings) as saving, ThreadPoolExecutor(1) as pool:
        saving.execute("LOCK TABLE articles_credit IN ROW EXCLUSIVE MODE")

        def go_on():
            awaited = "SELECT FROM pg_locks WHERE relation = 'articles_credit'::regclass AND NOT granted"
            while not saving.execute(awaited).fetchall():
                time.sleep(0.05)
            saving.execute("LOCK TABLE articles_article IN ROW EXCLUSIVE MODE")
            saving.commit()

        change(watched, "_COUNTS", {})
        saved = pool.submit(go_on)
        assert schema.install(connection)
        saved.result(timeout=30)
    assert not schema.lacking(connection)


def test_other_triggers_leave_the_inverted_index(change):
    page = factories.page()
    for name in ("陈埭", "深沪"):
        factories.article(on=page, headline=name)
    before = inverted()
    change(watched, "_COUNTS", {})
    assert schema.lacking(connection)
    assert schema.install(connection)
    assert not schema.lacking(connection)
    assert inverted() == before


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_an_upgrade_that_breaks_off_leaves_functions_that_fit_the_triggers(change):
    made = "SELECT pg_get_functiondef('articles_search_on_topiclink'::regproc)"
    before = ask(made)
    change(watched, "_COUNTS", {})
    change(postgresql_schema, "_triggers", lambda: iter(["SELECT 1 / 0"]))
    with pytest.raises(DataError):
        schema.install(connection)
    assert ask(made) == before
    assert schema.lacking(connection), "the next time it is made up for"
    factories.article(headline="陈埭")


def test_other_tokens_make_the_inverted_index_anew(change):
    page = factories.page()
    pk = [factories.article(on=page, headline=name).pk for name in ("陈埭", "深沪")][-1]
    before = inverted()
    change(tokens, "EDITION", tokens.EDITION + 1)
    assert schema.lacking(connection)
    assert schema.install(connection)
    assert not schema.lacking(connection)
    assert inverted() != before
    assert [hit.pk for hit in search(Query(all_of=((Term("深沪"),),)), scope=Scope.DRAFTS).hits] == [pk]


def test_the_edition_says_which_tokens():
    """Other tokens: raise `tokens.EDITION`, then write here what they are now."""
    given_ = (
        1,
        7,
        3,
        "2,11",
        "蔡斯洵\nAnna Lee",
        "晋江|3.5",
        "长护险",
        "记者蔡斯洵",
        "市长专线",
        "要闻",
        "a|池店桥南",
        "图",
    )
    made = " ".join(sorted(tokens.tokens(*given_).split()))
    assert (tokens.EDITION, hashlib.sha256(made.encode()).hexdigest()[:16]) == (1, "757a1ae684b887c2")


@pytest.mark.skipif("connection.vendor != 'postgresql'")
def test_a_connection_has_memory_for_common_words_and_keeps_what_it_has():
    size = "SELECT pg_size_bytes(current_setting('work_mem'))"
    assert ask(size) == 32 << 20
    ask("SELECT set_config('work_mem', '64MB', false)")
    postgresql_schema.give_memory(connection.connection)
    assert ask(size) == 64 << 20
