"""The interface answers as its description says, with what readers see and nothing else."""

from __future__ import annotations

import datetime
import functools
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_spec_validator import validate

from articles.actions import publishing
from articles.actions.correcting import issue_correction, retract_correction
from articles.models import CorrectionKind
from articles.people import engine_user
from articles.public.api.endpoints import ENDPOINTS
from tests import factories
from tests.articles.public.conftest import DAY, HIDDEN, IDENTITY, PHONE, edit

HOST = "http://testserver"
API = "/api/v1/"


def closed(schema: Any) -> Any:
    """The schema with no member allowed that it does not name: what the description forgets is a fault of it."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "additionalProperties" not in schema:
        made["additionalProperties"] = False
    return made


@functools.cache
def described() -> dict[str, Any]:
    from django.test import Client

    data = Client().get(f"{API}openapi.json").json()
    assert isinstance(data, dict)
    return data


def check(schema: str, data: Any) -> None:
    whole = {"$ref": f"#/components/schemas/{schema}", "components": closed(described()["components"])}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(data)


def operation_of(path: str) -> tuple[str, dict[str, Any]]:
    """The described operation that a path is one of, the most literal one."""
    for template in sorted(described()["paths"], key=lambda one: (one.count("{"), -len(one))):
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path.removeprefix(API.rstrip("/"))):
            return template, described()["paths"][template]["get"]
    raise AssertionError(path)


def ask(reader, address, status=200):
    """The answer, held against the description of its address and status."""
    parts = urlsplit(address)
    response = reader.get(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert response.status_code == status, (address, response.content)
    _, operation = operation_of(parts.path)
    [(kind, content)] = operation["responses"][str(status)]["content"].items()
    assert response.headers["Content-Type"].startswith(kind)
    assert response.headers["Access-Control-Allow-Origin"] == "*" and not response.cookies
    data = json.loads(response.content)
    check(content["schema"]["$ref"].rpartition("/")[2], data)
    return data


def links_in(data):
    match data:
        case dict():
            for value in data.values():
                yield from links_in(value)
        case list():
            for value in data:
                yield from links_in(value)
        case str() if data.startswith(f"{HOST}/"):
            yield data


def test_the_description_is_valid_openapi(db):
    validate(described())
    assert {"/articles/", "/articles/{pk}/", "/bulk/{newspaper}-{year}.jsonl"} <= set(described()["paths"])
    assert len(described()["paths"]) == len(ENDPOINTS) + 1


def test_a_walk_over_every_link_meets_every_operation_and_nothing_hidden(edition, reader):
    waiting, seen, met = [API], {}, set()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if address in seen:
            continue
        if not path.startswith(API):
            seen[address] = reader.get(path).content.decode()
            assert reader.get(path).status_code == 200, path
            continue
        if path.endswith(("openapi.json", ".jsonl")):
            response = reader.get(path)
            assert response.status_code == 200
            seen[address] = response.getvalue().decode()
            met.update(["bulk"] if path.endswith("l") else [])
            continue
        data = ask(reader, address)
        seen[address] = json.dumps(data, ensure_ascii=False)
        met.add(operation_of(path)[1]["operationId"])
        waiting += links_in(data)
    assert met == {one.name for one in ENDPOINTS} | {"bulk"}
    for address, text in seen.items():
        for marker in (HIDDEN, PHONE, IDENTITY, PHONE[3:], IDENTITY[:14], "晚报特约"):
            assert marker not in text, (address, marker)


def test_an_article_is_told_whole(edition, reader):
    told = ask(reader, f"{API}articles/{edition.lead.pk}/")
    assert (told["headline"], told["kicker"], told["column"]) == ("青溪大桥建成通车", "全县瞩目", "头条")
    assert told["deck"] == ["两岸车程缩短一小时", "总投资十二亿元"] and told["captions"] == ["▲大桥全景。"]
    assert [piece["role"] for piece in told["body"]] == ["paragraph", "subhead", "paragraph"]
    assert told["authors"] == [{"name": "王小明", "role": "记者"}]
    assert [person["id"] for person in told["contributors"]] == [edition.author.pk]
    assert [topic["name"] for topic in told["topics"]] == ["跨江大桥"]
    assert (told["date"], told["page"], told["section"], told["revision"]) == (str(DAY), 1, "要闻", 1)
    assert told["modified"].endswith("+08:00") and told["url"] == HOST + edition.lead.get_absolute_url()


def test_a_notice_has_its_fields_masked_and_only_those_made_for_readers(edition, reader):
    factories.published(edit(edition.notice, fields={**edition.notice.fields, "inner": "只给机器"}))
    told = ask(reader, f"{API}notices/{edition.notice.pk}/")
    assert told["fields"]["declarant"] == "王小明" and "＊" in told["fields"]["numbers"][0]
    assert "inner" not in told["fields"] and told["kind"] == "遗失声明" and told["printings"] == []


def test_a_page_is_its_items_in_reading_order(edition, reader):
    told = ask(reader, f"{API}issues/qingxi/{DAY}/1/")
    assert [item["title"] for item in told["items"]] == ["青溪大桥建成通车", "早稻开镰"]
    issue = ask(reader, f"{API}issues/qingxi/{DAY}/")
    assert [page["number"] for page in issue["pages"]] == [1, 4]
    assert issue["previous"] == f"{HOST}{API}issues/qingxi/2024-03-02/" and issue["next"] is None


def test_what_was_withdrawn_answers_410_with_the_reason_and_what_is_unpublished_404(edition, reader):
    told = ask(reader, f"{API}articles/{edition.withdrawn.pk}/", 410)
    assert "内容失实" in told["detail"] and told["withdrawn"].endswith("+08:00")
    for item in (edition.draft, edition.scheduled):
        ask(reader, f"{API}articles/{item.pk}/", 404)
    for path in ("newspapers/unseen/", "issues/unseen/2024-03-05/", "topics/proposed/", f"issues/qingxi/{DAY}/9/"):
        ask(reader, API + path, 404)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("articles/?x=1", "x"),
        ("articles/?newspaper=none", "newspaper"),
        ("articles/?newspaper=青", "newspaper"),
        ("articles/?since=2024-02-30", "since"),
        ("articles/?since=2024-03-05&until=2024-03-04", "until"),
        ("articles/?before=x", "before"),
        ("articles/?limit=0", "limit"),
        ("articles/?limit=101", "limit"),
        ("articles/?limit=", "limit"),
        ("articles/?limit=1&limit=2", "limit"),
        ("notices/?kind=x", "kind"),
        ("contributors/?after=-1", "after"),
        ("search/?q=“大桥", "q"),
        ("search/?q=大桥&sort=x", "sort"),
        ("?x=1", "x"),
    ],
)
def test_a_wrong_parameter_is_named(edition, reader, query, name):
    assert ask(reader, API + query, 400)["parameter"] == name


def test_the_archive_can_only_be_read(edition, reader):
    for method in ("post", "put", "delete", "patch"):
        for path in ("articles/", "bulk/qingxi-2024.jsonl"):
            response = getattr(reader, method)(API + path)
            assert response.status_code == 405 and response.headers["Allow"] == "GET, HEAD"
            check("Problem", response.json())


def test_an_address_that_is_none_answers_in_json_too(edition, reader):
    response = reader.get(f"{API}nothing/here")
    assert response.status_code == 404 and response.json()["status"] == 404


def test_an_answer_is_not_sent_twice(edition, reader):
    for path in ("", "articles/", f"articles/{edition.lead.pk}/", "openapi.json"):
        first = reader.get(API + path)
        again = reader.get(API + path, headers={"if-none-match": first.headers["ETag"]})
        assert again.status_code == 304 and again.content == b""
    publishing.withdraw(item=edition.second, actor=engine_user(), reason="重复。")
    first = reader.get(f"{API}articles/", headers={"if-none-match": reader.get(f"{API}topics/").headers["ETag"]})
    assert first.status_code == 200


def pages_of(reader, address):
    while address:
        data = ask(reader, address)
        yield data["items"]
        address = data["next"]


def pages(reader, address):
    for items in pages_of(reader, address):
        yield [item["id"] for item in items]


def test_corrections_stand_beside_their_items_and_in_a_list_of_their_own(edition, reader):
    actor, kind = engine_user(), CorrectionKind.CLARIFICATION
    made = [
        issue_correction(items=items, kind=kind, text=f"说明{n}，电话{PHONE}。", actor=actor)
        for n, items in enumerate(([edition.lead], [edition.lead, edition.notice], [edition.second]))
    ]
    retract_correction(correction=made[2], actor=actor, reason=f"{HIDDEN}的理由。")
    told = ask(reader, f"{API}articles/{edition.lead.pk}/")["corrections"]
    assert [one["id"] for one in told] == [made[0].pk, made[1].pk] and told[0]["kind"] == "澄清"
    assert told[0]["text"] == made[0].text and told[0]["at"].endswith("+08:00") and PHONE not in str(told)
    assert len(ask(reader, f"{API}notices/{edition.notice.pk}/")["corrections"]) == 1
    assert ask(reader, f"{API}articles/{edition.second.pk}/")["corrections"] == []
    [first, second] = [row for page in pages_of(reader, f"{API}corrections/?limit=1") for row in page]
    assert first["id"] > second["id"] and first["at"] == told[1]["at"]
    assert [(item["type"], item["id"]) for item in first["items"]] == [
        ("article", edition.lead.pk),
        ("notice", edition.notice.pk),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_hold_every_row_once_newest_first(edition, reader, limit):
    for day in range(1, 4):
        page = factories.page(date=datetime.date(2024, 4, day))
        for number in range(3):
            factories.published(factories.article(on=page, headline=f"春耕{number}"))
    found = list(pages(reader, f"{API}articles/?limit={limit}&newspaper=qingxi&since=2024-03-05"))
    ids = [pk for page in found for pk in page]
    assert len(ids) == len(set(ids)) == 13 and all(len(page) == limit for page in found[:-1])
    assert ids[:3] == sorted(ids[:3], reverse=True)
    for path in ("issues/", "contributors/", f"contributors/{edition.author.pk}/articles/", "notices/"):
        rows = [pk for page in pages(reader, f"{API}{path}?limit={limit}") for pk in page]
        assert len(rows) == len(set(rows)) >= 1


_PATHS = sorted(
    template for template in ("articles/", "notices/", "issues/", "contributors/", "topics/", "search/", "")
)
_NAMES = st.sampled_from(
    ["newspaper", "since", "until", "before", "after", "limit", "kind", "q", "sort", "x", "utm_source"]
)
_VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "qingxi",
            "2024-03-05",
            "2024-13-01",
            "2024-03-05.1",
            "2024-03-05.999999999999999999",
            "5",
            "讣告",
            "大桥",
            "“大桥",
            "date",
        ]
    ),
    st.integers().map(str),
    st.dates().map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(_PATHS), query=st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_no_question_breaks_it(edition, reader, path, query):
    response = reader.get(API + path, query)
    data = response.json()
    assert response.status_code in {200, 400}
    check("Problem" if response.status_code == 400 else operation_of(API + path)[1]["responses"]["200"]["content"]
          ["application/json"]["schema"]["$ref"].rpartition("/")[2], data)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.text(alphabet=st.characters(exclude_characters="?#", exclude_categories=["Cs"]), max_size=30))
def test_no_address_breaks_it(edition, reader, tail):
    assert reader.get(API + tail).status_code in {200, 301, 400, 404}


def test_a_search_tells_where_the_words_stand(edition, reader):
    data = ask(reader, f"{API}search/?q=青溪大桥 -旧闻")
    assert data["total"] == 2 and data["total_is_exact"] and data["next"] is None
    [first] = [item for item in data["items"] if item["id"] == edition.lead.pk]
    assert [first["title"][start:end] for start, end in first["found"]["title"]] == ["青溪大桥"]
    for snippet in first["found"]["snippets"]:
        assert {snippet["text"][start:end] for start, end in snippet["marks"]} == {"青溪大桥"}
    everything = [pk for page in pages(reader, f"{API}search/?q=2024&sort=date&limit=2") for pk in page]
    assert len(everything) > 4
    refused = ask(reader, f"{API}search/?q=大桥 “通车", 400)
    assert (refused["start"], refused["end"]) == (3, 4)
    assert ask(reader, f"{API}search/")["items"] == []
