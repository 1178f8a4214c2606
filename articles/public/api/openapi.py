"""The OpenAPI 3.1 description, made from the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Protocol

from django.conf import settings

from articles.public.api.parameters import Parameter
from articles.public.api.schemas import SCHEMAS

Schema = dict[str, Any]

_PARTS: dict[str, tuple[str, Schema]] = {
    "newspaper": ("报纸的 slug", {"type": "string", "pattern": "^[-A-Za-z0-9_]+$"}),
    "date": ("见报日期", {"type": "string", "format": "date"}),
    "number": ("版次", {"type": "integer", "minimum": 1, "maximum": 999}),
    "pk": ("编号", {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}),
    "slug": ("专题的 slug", {"type": "string", "minLength": 1, "maxLength": 60}),
    "year": ("年份", {"type": "integer", "minimum": 1000, "maximum": 2999}),
}
_PART = re.compile(r"<\w+:(\w+)>")


class Described(Protocol):
    """What the description needs of an endpoint."""

    @property
    def path(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def schema(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...
    @property
    def may_be_withdrawn(self) -> bool: ...


def describe(endpoints: Iterable[Described], *, server: str) -> Schema:
    paths = {"/" + _PART.sub(r"{\1}", one.path): {"get": _operation(one)} for one in endpoints}
    paths["/bulk/{newspaper}-{year}.jsonl"] = {"get": _BULK}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": settings.SITE_NAME,
            "version": "1",
            "description": "已见报内容的只读接口：只有读者看得到的文字，个人号码已遮盖。编号和网址永久不变；"
            "以后可能增加成员，不会改名或改义。列表用 next 翻页，不计总数。每个回答带 ETag，"
            "用 If-None-Match 再问，没有变化时回答 304。",
        },
        "servers": [{"url": server.removesuffix("/")}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _part(name: str) -> Schema:
    told, schema = _PARTS[name]
    return {"name": name, "in": "path", "required": True, "description": told, "schema": schema}


def _asked(parameter: Parameter) -> Schema:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": parameter.schema,
    }


def _operation(one: Described) -> Schema:
    answers = {"200": _content("application/json", one.schema, "好"), "304": {"description": "没有变化"}}
    answers["400"] = _problem("参数不对；parameter 说是哪一个")
    if parts := _PART.findall(one.path):
        answers["404"] = _problem("没有，或者还没有见报")
    if one.may_be_withdrawn:
        answers["410"] = _problem("已经撤下；detail 是理由")
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*map(_part, parts), *map(_asked, one.parameters)],
        "responses": answers,
    }


def _content(kind: str, schema: str, told: str) -> Schema:
    return {"description": told, "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _problem(told: str) -> Schema:
    return _content("application/problem+json", "Problem", told)


_BULK: Schema = {
    "operationId": "bulk",
    "summary": "一份报纸一年的全部内容：每行一条 JSON（稿件同 Article，公告同 NoticeOnPage），新的在前，边读边发",
    "parameters": [_part("newspaper"), _part("year")],
    "responses": {
        "200": {"description": "好", "content": {"application/jsonl": {"schema": {"type": "string"}}}},
        "400": _problem("参数不对"),
        "404": _problem("没有这份报纸或这一年"),
    },
}
