"""Error pages, in the site's own form: what happened, and where to go from here."""

from __future__ import annotations

import datetime
import errno
import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from articles.models import Withdrawal
from articles.public.api import problems
from articles.public.api.problems import Problem
from articles.public.head import Head
from articles.public.layout import PageOfEntries
from articles.public.reading import IssueLink, Paper, PublicPaper, issue_beside, public_paper, public_papers
from articles.public.responses import refuse

_LINKS = 6

_PLAIN_SERVER_ERROR = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>网站出错</title>'
    "<h1>网站出错了</h1><p>不是您的操作问题。请过几分钟再打开。</p></html>"
)


def _page(template: str, title: str, status: int, **context: Any) -> HttpResponse:
    return refuse(template, {"head": Head(title=title, is_listed=False), **context}, status=status)


_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, _TOO_MUCH):
        reason = "一次提交的内容太多，没有保存。请分几次提交。"
        return _told(request, reason, 413) or _page("413.html", "内容太多", 413, at_desk=_at_desk(request))
    return _told(request, "服务器看不懂这次请求。", 400) or _page("400.html", "请求有误", 400)


def _told(request: HttpRequest, reason: str, status: int) -> HttpResponse | None:
    """For programs: the reason as the JSON interface says it, or to scripts that sent JSON as the desk expects it."""
    if request.path.startswith(reverse("api-root")):
        return problems.answer(Problem(status, reason))
    if request.content_type != "application/json":
        return None
    response = JsonResponse({"reason": reason}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def wrong_parameter(request: HttpRequest, name: str, why: str) -> HttpResponse:
    """400 that names the parameter. The name is the client's text, so it is cut short."""
    return _page("400.html", "网址里的参数不对", 400, parameter=name[:60], why=why, path=request.path)


def _at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("admin:index"))


def wrong_cursor(request: HttpRequest, name: str) -> HttpResponse:
    return wrong_parameter(request, name, "翻页的位置写错了")


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: how long to wait stands on the page and in the header."""
    return _wait("429.html", "查得太勤了", seconds)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """After too many wrong passwords: the same whether the account exists or not."""
    return _wait("admin/locked_out.html", "暂时不能登录", int(settings.AXES_COOLOFF_TIME.total_seconds()))


def _wait(template: str, title: str, seconds: int) -> HttpResponse:
    response = _page(template, title, 429, minutes=-(-seconds // 60))
    response["Retry-After"] = str(seconds)
    return response


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("403.html", "没有权限", 403, at_desk=_at_desk(request))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Any address that leads nowhere: helps with the latest issues, in one query; editors with their own."""
    if _at_desk(request):
        return _page("404.html", "没有这个网页", 404, at_desk=True)
    return _page("404.html", "没有这个网页", 404, latest=public_papers()[:_LINKS])


def missing_issue(request: HttpRequest, slug: str, date: datetime.date) -> HttpResponse:
    """A newspaper we have on a day we have not: helps with the issues around it."""
    found = public_paper(slug)
    if found is None:
        return not_found(request)
    around = (issue_beside(found.paper, date, later=later) for later in (False, True))
    return _missing(found, [link for link in around if link is not None], date=date)


def missing_year(request: HttpRequest, found: PublicPaper, year: int) -> HttpResponse:
    """A year outside the newspaper's: helps with its first and its last issue. No query."""
    ends = dict.fromkeys((found.first, found.last))
    return _missing(found, [IssueLink(found.paper, date, "") for date in ends], year=year)


def missing_page(paper: Paper, date: datetime.date, pages: Sequence[PageOfEntries]) -> HttpResponse:
    """An issue we have without that page: helps with the pages it has. No query."""
    return _page("404.html", "没有这一版", 404, paper=paper, date=date, pages=pages)


def _missing(found: PublicPaper, around: list[Any], **context: Any) -> HttpResponse:
    return _page("404.html", "没有这一期", 404, paper=found.paper, around=around, **context)


def missing_item(request: HttpRequest, *, key: str, pk: int) -> HttpResponse:
    """An item that is not public: 410 with the reason if it was withdrawn; else 404, whether it exists or not."""
    withdrawal = Withdrawal.objects.in_force().filter(**{key: pk}).first()
    if withdrawal is None:
        return not_found(request)
    return _page("410.html", "已经撤下", 410, withdrawal=withdrawal, withdrawn_at=timezone.localtime(withdrawal.at))


def server_error(request: HttpRequest) -> HttpResponse:
    """Touches no database; and when even the style sheet's name cannot be found, says the same in plain HTML.

    What goes by itself (the database restarts, a disk is full until somebody makes room) is a 503, to be asked again.
    """
    try:
        problem = sys.exc_info()[1]
        if _is_passing(problem):
            return _unavailable(request)
        # A number that no row could have, in a form of Django's own: it gets as far as the driver of SQLite.
        if isinstance(problem, OverflowError):
            return bad_request(request)
        return _told(request, "网站出错了，不是这次请求的问题。", 500) or _page("500.html", "网站出错", 500)
    except ValueError:
        return HttpResponse(_PLAIN_SERVER_ERROR, status=500)


_READS = {"GET", "HEAD", "OPTIONS"}
_UNAVAILABLE = "服务器的数据库暂时用不了。请过一会儿再问。"
_UNSAVED = "服务器的数据库暂时用不了：没有保存，改动都存在本机。请过一会儿再保存。"

AGAIN_IN = 30
"""Seconds until an unavailable site is worth asking again."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def _is_passing(problem: BaseException | None) -> bool:
    if isinstance(problem, OSError):
        return problem.errno in _NO_ROOM
    return isinstance(problem, OperationalError | InterfaceError)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Nothing was saved; what was typed into a form of the desk comes back with a button to send it again."""
    response = _told(request, _UNAVAILABLE if request.method in _READS else _UNSAVED, 503)
    if response is None:
        context = {"at_desk": _at_desk(request), "typed": _typed(request), "path": request.get_full_path()}
        response = _page("503.html", "暂时打不开", 503, **context)
    response["Retry-After"] = str(AGAIN_IN)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that failed; none where they hold a password or come with files, which cannot come back."""
    if request.method != "POST" or not _at_desk(request) or request.FILES:
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [] if any("password" in name for name, _ in fields) else fields
