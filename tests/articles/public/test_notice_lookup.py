"""Looking a number up: found however it is typed, never said back, nothing kept."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.actions import publishing
from articles.models import Snapshot, SnapshotNumber
from articles.people import engine_user
from tests import factories
from tests.articles.public import markup
from tests.articles.public.conftest import edit

LOOKUP = "/notices/lookup/"
IDENTITY = "350582199001011235"
BIRTH = "T350012345"
DEED = "闽（2019）晋江市不动产权第0012345号"


@pytest.fixture
def notice(db):
    made = factories.notice(
        text=f"王小明不慎遗失身份证，号码{IDENTITY}；出生医学证明，编号：{BIRTH}；不动产权证书{DEED}；电话0595-85661234。",
        fields={"declarant": "王小明", "numbers": [IDENTITY, BIRTH, DEED], "phones": ["0595-85661234"]},
    )
    factories.published(made)
    return made


def ask(reader, number):
    return reader.post(LOOKUP, {"number": number})


@pytest.mark.parametrize(
    "typed",
    [
        IDENTITY,
        "350582 19900101 1235",
        "350582-19900101-1235",
        "３５０５８２１９９００１０１１２３５",
        "350582—1990—0101—1235",
        BIRTH,
        "t350012345",
        "Ｔ 3500-12345",
        "350012345",
        DEED,
        "闽(2019)晋江市不动产权第0012345号",
        "闽〔2019〕晋江市不动产权第 0012345 号",
        "0012345",
        "059585661234",
        "(0595)85661234",
        "85661234",
    ],
)
def test_a_number_is_found_however_it_is_typed(notice, reader, typed):
    response = ask(reader, typed)
    html = response.content.decode()
    assert response.status_code == 200 and markup.read(html).faults == []
    assert notice.get_absolute_url() in html and "刊登在 1 则公告里" in html


@pytest.mark.parametrize("typed", [IDENTITY, "T350012345", "0012345", "85661234", "13900001111", "998877665544"])
def test_the_number_is_never_said_back_and_the_answer_is_kept_by_nobody(notice, reader, typed):
    response = ask(reader, typed)
    assert typed not in response.content.decode() and typed[4:] not in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store" and response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_what_the_number_is_there_is_said(notice, reader):
    assert "刊登的身份证号码" in ask(reader, IDENTITY).content.decode()
    assert "刊登的证件、票据编号" in ask(reader, BIRTH).content.decode()
    assert "刊登的电话号码" in ask(reader, "059585661234").content.decode()


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "12345", "王小明", "000000000", "123456", "１２３４５６", "350582********1235", "350582XXXX",
     "9" * 90, "甲" * 300],
)  # fmt: skip
def test_what_is_no_number_is_refused_beside_the_field(notice, reader, typed):
    response = ask(reader, typed)
    html = response.content.decode()
    document = markup.read(html)
    assert response.status_code == 400 and document.faults == []
    assert 'id="id_number_error"' in html and notice.get_absolute_url() not in html


def test_a_number_that_stands_nowhere_says_what_that_means(notice, reader):
    html = ask(reader, "350582199001019999").content.decode()
    assert "没有找到" in html and "不等于没有" in html


def test_numbers_belong_in_no_address(notice, reader):
    assert reader.get(f"{LOOKUP}?number={IDENTITY}").status_code == 400
    assert reader.put(LOOKUP).status_code == 405
    assert Client(enforce_csrf_checks=True).post(LOOKUP, {"number": IDENTITY}).status_code == 200


def test_only_what_readers_see_now_is_found(notice, reader):
    page = factories.page(date=datetime.date(2024, 3, 6))
    draft = factories.notice(on=page, text="遗失身份证350582199001018888。", fields={"declarant": "李四"})
    assert draft.get_absolute_url() not in ask(reader, "350582199001018888").content.decode()
    corrected = edit(notice, fields={**notice.fields, "numbers": ["350582199001010003"]}, body=notice.body)
    assert notice.get_absolute_url() in ask(reader, BIRTH).content.decode()
    corrected = edit(notice, body=[{**notice.body[0], "text": "遗失证件，编号T350099999。"}], fields={"numbers": []})
    factories.published(corrected)
    assert notice.get_absolute_url() not in ask(reader, IDENTITY).content.decode()
    publishing.withdraw(item=corrected, actor=engine_user(), reason="声明人撤回。")
    assert Snapshot.objects.live().count() == 0
    assert notice.get_absolute_url() not in ask(reader, "350099999").content.decode()


def test_one_masked_digit_corrected_can_be_published_and_is_found(notice, reader):
    right = "350582199001011219"
    text = notice.body[0]["text"].replace(IDENTITY, right)
    fixed = edit(
        notice, body=[{**notice.body[0], "text": text}], fields={**notice.fields, "numbers": [right, BIRTH, DEED]}
    )
    factories.published(fixed)  # the masked text is as it was
    assert notice.get_absolute_url() in ask(reader, right).content.decode()
    assert notice.get_absolute_url() not in ask(reader, IDENTITY).content.decode()


def test_digests_say_nothing_of_the_number(notice):
    rows = list(SnapshotNumber.objects.values_list("digest", flat=True))
    assert rows and all(len(digest) == 64 and IDENTITY not in digest for digest in rows)


def test_printings_of_one_notice_are_one_answer_with_all_dates(notice, reader):
    again = factories.notice(
        on=factories.page(date=datetime.date(2024, 3, 12)), text=notice.body[0]["text"], fields=notice.fields
    )
    factories.published(again)
    html = ask(reader, IDENTITY).content.decode()
    assert "刊登在 1 则公告里" in html and "共刊登 2 次" in html
    assert notice.get_absolute_url() in html and again.get_absolute_url() in html


@pytest.mark.parametrize("count", [10, 1_000])
def test_a_look_up_asks_a_constant_number_of_questions(db, reader, count):
    from articles.actions.notices import digests
    from articles.models import NoticeRegister
    from tests.articles.public.test_queries import fill

    fill(count)
    live = list(Snapshot.objects.notices().values_list("pk", flat=True))
    [digest] = digests(["350582199001011235"], NoticeRegister.digest_key())
    SnapshotNumber.objects.bulk_create(SnapshotNumber(snapshot_id=pk, kind="identity", digest=digest) for pk in live)
    with CaptureQueriesContext(connection) as queries:
        html = ask(reader, IDENTITY).content.decode()
    assert len(queries) == 5
    assert html.count('class="found-as"') == min(len(live), 20)
