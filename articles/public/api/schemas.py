"""What the answers look like: JSON Schema 2020-12, part of the OpenAPI description. More members may be added to any
object; those here keep their names and meanings."""

from __future__ import annotations

from typing import Any

from articles.content import NOTICE_FIELD_LABELS, NoticeKind
from articles.models import CorrectionKind

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 1}
DATE: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time", "description": "北京时间，带时区"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def _or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: dict[str, Schema], *, optional: tuple[str, ...] = (), description: str = "") -> Schema:
    made: Schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
    }
    return {"description": description, **made} if description else made


def _list(name: str) -> Schema:
    following = {**_or_null(ADDRESS), "description": "下一页的网址；最后一页是 null"}
    return _object({"items": _many(_ref(name)), "next": following})


_PAPER = _object({"slug": TEXT, "name": TEXT})
_LISTED: dict[str, Schema] = {
    "id": {**NUMBER, "description": "永久不变，也是网址里的号"},
    "self": ADDRESS,
    "url": {**ADDRESS, "description": "给人看的网页，永久有效"},
    "title": TEXT,
    "summary": TEXT,
    "newspaper": _PAPER,
    "date": {**DATE, "description": "见报日期"},
    "page": {**NUMBER, "description": "版次"},
    "section": {**TEXT, "description": "版名"},
    "published": {**INSTANT, "description": "首次上线"},
    "modified": {**INSTANT, "description": "现在这一稿上线"},
    "revision": {**NUMBER, "description": "第几次见报稿"},
}
_CORRECTION: dict[str, Schema] = {
    "id": NUMBER,
    "kind": {"type": "string", "enum": list(CorrectionKind.labels)},
    "text": TEXT,
    "at": INSTANT,
}
_SUBJECT: dict[str, Schema] = {
    "type": {"type": "string", "enum": ["article", "notice"]},
    "id": NUMBER,
    "self": ADDRESS,
    "url": ADDRESS,
}
_WHERE: dict[str, Schema] = {
    "issue": ADDRESS,
    "page_self": ADDRESS,
    "position": {"type": "integer", "minimum": 0},
    "corrections": {**_many(_object(_CORRECTION)), "description": "见报之后的更正、澄清、道歉"},
}
_BODY = _many(_object({"role": {"type": "string", "enum": ["paragraph", "subhead"]}, "text": TEXT}))
_KIND: Schema = {"type": "string", "enum": list(NoticeKind.values)}
_ARTICLE_LISTED = {"type": {"const": "article"}, **_LISTED}
_NOTICE_LISTED = {"type": {"const": "notice"}, **_LISTED, "kind": _KIND, "deadline": _or_null(DATE)}
_ARTICLE = {
    **_ARTICLE_LISTED,
    **_WHERE,
    "column": {**TEXT, "description": "栏目"},
    "kicker": {**TEXT, "description": "引题"},
    "headline": {**TEXT, "description": "主题"},
    "deck": {**TEXTS, "description": "副题"},
    "byline": {**TEXT, "description": "署名，照报面"},
    "authors": _many(_object({"name": TEXT, "role": TEXT})),
    "contributors": _many(_object({"id": NUMBER, "name": TEXT, "self": ADDRESS})),
    "body": _BODY,
    "captions": {**TEXTS, "description": "图片说明"},
    "continued_from": {**TEXT, "description": "上接"},
    "continued_on": {**TEXT, "description": "下转"},
    "topics": _many(_object({"slug": TEXT, "name": TEXT, "self": ADDRESS})),
}
_FIELDS: Schema = {
    "type": "object",
    "description": "从文字读出的要素，读不出的不列：" + "、".join(NOTICE_FIELD_LABELS.values()) + "。个人号码已遮盖。",
    "properties": {name: {"type": ["string", "array"], "items": TEXT} for name in NOTICE_FIELD_LABELS},
}
_NOTICE = {**_NOTICE_LISTED, **_WHERE, "heading": TEXT, "body": _BODY, "fields": _FIELDS}
_PRINTING = _object({"url": ADDRESS, "newspaper": TEXT, "date": DATE, "page": NUMBER})
_ISSUE: dict[str, Schema] = {
    "id": NUMBER,
    "self": ADDRESS,
    "url": ADDRESS,
    "newspaper": _PAPER,
    "date": DATE,
    "number": {**TEXT, "description": "期号，没有就是空的"},
}
_MARKS: Schema = {
    "type": "array",
    "description": "找到的字的起止，按字符数",
    "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
}
_FOUND: dict[str, Schema] = {
    "found": _object({"title": _MARKS, "snippets": _many(_object({"text": TEXT, "marks": _MARKS}))})
}
_ITEMS: Schema = _many({"oneOf": [_ref("ArticleInList"), _ref("NoticeInList")]})

SCHEMAS: dict[str, Schema] = {
    "Root": _object({"version": {"const": "1"}, "links": {"type": "object", "additionalProperties": ADDRESS}}),
    "Newspaper": _object(
        {
            "slug": TEXT,
            "name": TEXT,
            "self": ADDRESS,
            "url": ADDRESS,
            "description": TEXT,
            "first": {**DATE, "description": "最早一期"},
            "last": {**DATE, "description": "最近一期"},
            "feed": ADDRESS,
        }
    ),
    "Newspapers": _list("Newspaper"),
    "IssueInList": _object(_ISSUE),
    "Issues": _list("IssueInList"),
    "Issue": _object(
        {
            **_ISSUE,
            "expected_pages": _or_null(NUMBER),
            "pages": _many(
                _object({"number": NUMBER, "section": TEXT, "self": ADDRESS, "url": ADDRESS, "items": _ITEMS})
            ),
            "previous": _or_null(ADDRESS),
            "next": _or_null(ADDRESS),
        }
    ),
    "Page": _object(
        {
            "self": ADDRESS,
            "url": ADDRESS,
            "issue": ADDRESS,
            "newspaper": _PAPER,
            "date": DATE,
            "number": NUMBER,
            "section": TEXT,
            "items": _many({"oneOf": [_ref("Article"), _ref("NoticeOnPage")]}),
        }
    ),
    "ArticleInList": _object(_ARTICLE_LISTED),
    "Articles": _list("ArticleInList"),
    "Article": _object(_ARTICLE),
    "NoticeInList": _object(_NOTICE_LISTED),
    "Notices": _list("NoticeInList"),
    "NoticeOnPage": _object(_NOTICE),
    "Notice": _object(
        {**_NOTICE, "printings": {**_many(_PRINTING), "description": "同一公告的各次刊登；只登一次就是空的"}}
    ),
    "Topic": _object(
        {
            "slug": TEXT,
            "name": TEXT,
            "description": TEXT,
            "self": ADDRESS,
            "url": ADDRESS,
            "articles": ADDRESS,
            "feed": ADDRESS,
        }
    ),
    "Topics": _list("Topic"),
    "Contributor": _object(
        {"id": NUMBER, "name": TEXT, "self": ADDRESS, "url": ADDRESS, "articles": ADDRESS, "feed": ADDRESS}
    ),
    "Contributors": _list("Contributor"),
    "Correction": _object({**_CORRECTION, "items": _many(_object(_SUBJECT))}),
    "Corrections": _list("Correction"),
    "ArticleFound": _object(_ARTICLE_LISTED | _FOUND),
    "NoticeFound": _object(_NOTICE_LISTED | _FOUND),
    "Results": _object(
        {
            "items": _many({"oneOf": [_ref("ArticleFound"), _ref("NoticeFound")]}),
            "next": {**_or_null(ADDRESS), "description": "下一页的网址；最后一页是 null"},
            "total": {"type": "integer", "minimum": 0},
            "total_is_exact": {"type": "boolean", "description": "false：不止这么多"},
        }
    ),
    "YearInList": _object({"newspaper": _PAPER, "year": {"type": "integer"}, "url": ADDRESS}),
    "Years": _list("YearInList"),
    "Problem": _object(
        {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": {**TEXT, "description": "哪里不对；撤下的给出撤稿的理由"},
            "parameter": {**TEXT, "description": "不对的参数"},
            "withdrawn": {**INSTANT, "description": "何时撤下"},
            "start": {"type": "integer", "description": "查询从第几个字起看不懂"},
            "end": {"type": "integer"},
        },
        optional=("parameter", "withdrawn", "start", "end"),
        description="RFC 9457",
    ),
}
