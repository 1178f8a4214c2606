"""Refusals as JSON: RFC 9457, with the parameter or the reason in members of its own."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseBase

_TITLES = {
    400: "参数不对", 404: "没有", 405: "只读", 410: "已经撤下", 413: "太大", 500: "网站出错", 503: "暂时用不了",
}  # fmt: skip


class Problem(Exception):
    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.more = status, detail, more


def answer(problem: Problem) -> HttpResponse:
    """What is missing now may be public in a minute: nobody keeps the answer."""
    data = {"type": "about:blank", "title": _TITLES[problem.status], "status": problem.status}
    body = json.dumps({**data, "detail": problem.detail, **problem.more}, ensure_ascii=False)
    response = HttpResponse(body, status=problem.status, content_type="application/problem+json; charset=utf-8")
    response["Cache-Control"] = "no-store" if problem.status not in {404, 410} else "no-cache"
    if problem.status == 405:
        response["Allow"] = "GET, HEAD"
    return opened(response)


R = TypeVar("R", bound=HttpResponseBase)


def opened(response: R) -> R:
    """Programs in any web page may read it: there is no session here, and nothing that is not public. Search engines
    read the pages made for people, as long as those let them."""
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    return response
