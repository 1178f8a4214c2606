"""What the browser asks of the desk: the screen, the page as it is now, and to save."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from articles.actions.items import mark_corrected
from articles.admin.acts import may_sign
from articles.admin.base import demand, person
from articles.admin.item_screen import item_address
from articles.admin.notice_unmasking import sees_source
from articles.admin.page_screen import get_page
from articles.content import NoticeKind
from articles.errors import ActionRefused
from articles.models import Page, Stage, WorkState
from articles.people import display_name
from articles.sureness import sureness
from ingest.apps import IngestConfig
from ingest.beside import Lines
from ingest.desk import presence
from ingest.desk.claims import claim, claim_of, release
from ingest.desk.codec import encode
from ingest.desk.layout import Refusal, to_json
from ingest.desk.operations import LedgerBroken, apply_all
from ingest.desk.past import layout_after, shown
from ingest.desk.queue import DAYS, WINDOW, page_after, progress_of_issues, progress_of_people, waiting
from ingest.desk.readings import decline, open_readings, settle_finished
from ingest.desk.rearrange import between
from ingest.desk.replacing import guard
from ingest.desk.rereading import Proposal, read_again, separated
from ingest.desk.rows import Loaded, item_key, load
from ingest.desk.saving import Saved, Stale, operations_of, save
from ingest.desk.sent import read_sent
from ingest.models import Source

PERMISSIONS = IngestConfig.desk_permissions


SHOWN = 60
"""Rows of the queue on its screen."""


def may_use(request: HttpRequest) -> bool:
    return person(request).has_perms(PERMISSIONS)


def _opened(request: HttpRequest, object_id: str) -> Page:
    """The page; that this person is shown the numbers on it is recorded."""
    demand(may_use(request))
    page = get_page(object_id)
    sees_source(request, page)
    return page


def screen(request: HttpRequest, object_id: str) -> HttpResponse:
    page = _opened(request, object_id)
    loaded = load(page.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"{page} 整版校对台",
        "page": page,
        "state": {**state_of(loaded, request), **_fixed(loaded, request)},
    }
    return TemplateResponse(request, "admin/ingest/desk/desk.html", context)


def current(request: HttpRequest, object_id: str) -> HttpResponse:
    page = _opened(request, object_id)
    return JsonResponse(state_of(load(page.pk), request))


def saving(request: HttpRequest, object_id: str) -> HttpResponse:
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        sent = read_sent(request)
        base, key, steps = str(sent["base"]), str(sent["key"]), sent["steps"]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"reason": "送来的内容不合格式，没有保存。"}, status=400)
    try:
        saved: Saved = save(page_id=page.pk, base=base, steps=steps, key=key, actor=person(request))
    except Stale as stale:
        return JsonResponse({"reason": str(stale), "state": state_of(stale.current, request)}, status=409)
    except (Refusal, LedgerBroken) as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    settle_finished(saved.current, actor=person(request))
    return JsonResponse({"renames": saved.renames, "state": state_of(saved.current, request)})


def asking(request: HttpRequest, object_id: str) -> HttpResponse:
    """What the engine makes of some blocks, as the editor has them now: ways to lay them out. Nothing is written."""
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        sent = read_sent(request)
        base, steps, ids, how = str(sent["base"]), sent["steps"], sent["blocks"], str(sent["how"])
        after = int(sent.get("after", 0))
        is_sound = isinstance(ids, list) and all(isinstance(each, str) for each in ids) and 0 <= after < 10**9
    except (ValueError, TypeError, KeyError):
        is_sound = False
    if not is_sound or how not in _WAYS:
        return JsonResponse({"reason": "送来的内容不合格式。"}, status=400)
    loaded = load(page.pk)
    if loaded.stamp != base:
        return JsonResponse({"reason": "别人刚改过这一版：请先保存、合并，再来重读。"}, status=409)
    texts = dict(Source.objects.filter(page=page).values_list("pk", "text"))
    try:
        layout, _ = apply_all(loaded.layout, operations_of(steps)[1])
        ways = _WAYS[how](layout, ids, origins=loaded.origins, texts=texts, after=after)
    except (Refusal, LedgerBroken) as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    told = [
        {"label": way.label, "ops": [encode(op) for op in way.operations], "is_doubtful": way.is_doubtful}
        for way in ways
    ]
    return JsonResponse({"ways": told})


def declining(request: HttpRequest, object_id: str) -> HttpResponse:
    """No to some changes of another reading of the page, or to all of it."""
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        sent = read_sent(request)
        reading, keys = int(sent["reading"]), sent["keys"]
        is_sound = keys is None or (isinstance(keys, list) and all(isinstance(k, str) and len(k) == 16 for k in keys))
    except (ValueError, TypeError, KeyError):
        is_sound = False
    if not is_sound or not 0 < reading < 2**63:
        return JsonResponse({"reason": "送来的内容不合格式。"}, status=400)
    if not decline(page_id=page.pk, reading_id=reading, keys=keys, actor=person(request)):
        return JsonResponse({"reason": "这份新读法已经有人处理过了。"}, status=422)
    return JsonResponse({"readings": open_readings(load(page.pk))})


def past(request: HttpRequest, object_id: str) -> HttpResponse:
    """GET tells the history of the page; POST asks for the way back to after one of its acts. Nothing is written."""
    page = _opened(request, object_id)
    loaded = load(page.pk)
    if request.method != "POST":
        return JsonResponse({"rows": shown(loaded)})
    try:
        sent = read_sent(request)
        base, moment = str(sent["base"]), sent["moment"]
        is_sound = isinstance(moment, int) and moment >= 0
    except (ValueError, TypeError, KeyError):
        is_sound = False
    if not is_sound:
        return JsonResponse({"reason": "送来的内容不合格式。"}, status=400)
    if loaded.stamp != base:
        return JsonResponse({"reason": "别人刚改过这一版：请先刷新，再来恢复。"}, status=409)
    try:
        operations = between(loaded.layout, layout_after(loaded, moment))
        if not operations:
            raise Refusal("这一版现在就是那时的样子。")
        apply_all(loaded.layout, operations)
    except (Refusal, LedgerBroken) as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    return JsonResponse({"ways": [{"label": "恢复", "ops": [encode(op) for op in operations]}]})


_WAYS: dict[str, Callable[..., list[Proposal]]] = {
    "read": lambda *args, **more: [read_again(*args, **more)],
    "streams": separated,
}


def present(request: HttpRequest, object_id: str) -> HttpResponse:
    """A tab says that it is open; it is told who else is there, and the version of the page."""
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    tab, user = request.POST.get("tab", ""), person(request)
    if not re.fullmatch(r"[0-9a-f]{8,32}", tab):
        return JsonResponse({"reason": "窗口编号不合格式。"}, status=400)
    if "leaving" in request.POST:
        presence.leave(page=page, user=user, tab=tab)
        return JsonResponse({})
    presence.note(page=page, user=user, tab=tab, has_acted="acted" in request.POST)
    found = presence.others(page=page, user=user, tab=tab)
    return JsonResponse(
        {
            "others": [{"name": o.name, "state": o.state} for o in found],
            "version": page.version,
            "claim": _claim_state(page, user),
        }
    )


def corrected(request: HttpRequest, object_id: str) -> HttpResponse:
    """校毕 for one item, as this person sees it: not if anything on the page has changed since."""
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    loaded = load(page.pk)
    item = next((row for row in loaded.standing if item_key(row) == request.POST.get("key")), None)
    if item is None:
        return JsonResponse({"reason": "这一条已经不在这一版了，请刷新页面。"}, status=422)
    if loaded.stamp != request.POST.get("base"):
        return JsonResponse({"reason": "别人刚改过这一版：请刷新，看过再校毕。"}, status=422)
    try:
        mark_corrected(item=item, base_version=item.version, actor=person(request))
    except ActionRefused as refusal:
        return JsonResponse({"reason": str(refusal)}, status=422)
    return JsonResponse({})


def following(request: HttpRequest, object_id: str) -> HttpResponse:
    """To the next page that waits to be corrected."""
    demand(may_use(request))
    page = get_page(object_id)
    found = page_after(page, user=person(request))
    if found is None:
        messages.success(request, "没有别的版在等校对了，或者都有人在校。")
        return HttpResponseRedirect(reverse("admin:articles_page_queue"))
    return HttpResponseRedirect(reverse("admin:articles_page_desk", args=[found.pk]))


def queue(request: HttpRequest) -> HttpResponse:
    """What waits to be corrected, who has taken what on, and how far the work has come. A POST claims or releases."""
    demand(may_use(request))
    user = person(request)
    if request.method == "POST":
        page = get_page(request.POST.get("page", ""))
        if "release" in request.POST:
            release(page=page, user=user)
            return HttpResponseRedirect(reverse("admin:articles_page_queue"))
        try:
            claim(page=page, user=user, takes_over="take_over" in request.POST)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:articles_page_queue"))
        return HttpResponseRedirect(reverse("admin:articles_page_desk", args=[page.pk]))
    rows = waiting(user=user)
    context = {
        **admin.site.each_context(request),
        "title": "待校的版",
        "mine": [row for row in rows if row.is_mine],
        "rows": [row for row in rows if not row.is_mine][:SHOWN],
        "is_cut": len(rows) >= WINDOW,
        "window": WINDOW,
        "issues": progress_of_issues(row.page for row in rows),
        "people": progress_of_people(),
        "days": DAYS,
    }
    return TemplateResponse(request, "admin/ingest/desk/queue.html", context)


def claiming(request: HttpRequest, object_id: str) -> HttpResponse:
    """From the desk: take this page on (`act` claim), over (take_over), or give it back (release)."""
    page = _opened(request, object_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    act, user = request.POST.get("act", ""), person(request)
    try:
        if act == "release":
            release(page=page, user=user)
        elif act in ("claim", "take_over"):
            claim(page=page, user=user, takes_over=act == "take_over")
        else:
            return JsonResponse({"reason": "不认识的操作。"}, status=400)
    except Refusal as refusal:
        return JsonResponse({"reason": str(refusal), "claim": _claim_state(page, user)}, status=422)
    return JsonResponse({"claim": _claim_state(page, user)})


def _claim_state(page: Page, user: User) -> dict[str, Any]:
    row = claim_of(page)
    if row is None:
        return {"name": "", "is_mine": False, "is_taken_from_me": False}
    is_mine = row.user_id == user.pk
    was_mine = not is_mine and row.taken_from_id == user.pk
    return {"name": display_name(row.user), "is_mine": is_mine, "is_taken_from_me": was_mine}


def state_of(loaded: Loaded, request: HttpRequest) -> dict[str, Any]:
    """What changes with a save."""
    return {
        "page": loaded.page.pk,
        "user": person(request).pk,
        "stamp": loaded.stamp,
        "layout": to_json(loaded.layout),
        "findings": [
            {
                "id": str(finding.pk),
                "message": finding.message,
                "quote": finding.quote,
                "fix": finding.fix,
                "is_blocking": finding.is_blocking,
                "block": loaded.about.get(finding.pk, ""),
            }
            for finding in loaded.findings
        ],
        "items": {
            item_key(item): {
                "href": item_address(item),
                "is_corrected": item.work_state == WorkState.CORRECTED,
                "sureness": asdict(found) if (found := item.sureness) else None,
            }
            for item in loaded.standing
        },
        "readings": open_readings(loaded),
    }


def _can_be_signed(page: Page, user: User) -> bool:
    return may_sign(user) and Stage.objects.in_use().filter(newspaper=page.issue.newspaper_id).exists()


def _fixed(loaded: Loaded, request: HttpRequest) -> dict[str, Any]:
    """What does not: the source, where its pieces stand in it, what this person may do."""
    user = person(request)
    sources = {
        source.pk: Lines(source) for source in Source.objects.filter(page=loaded.page).defer("raw").order_by("pk")
    }
    origins = {}
    for piece, origin in loaded.origins.items():
        if (lines := sources.get(origin["source"])) is not None:
            origins[piece] = {
                "source": origin["source"],
                "lines": lines.numbers(origin.get("spans", ())),
                "reason": origin.get("reason", ""),
                "is_unsure": (sure := sureness(origin.get("confidence"))) is not None and sure.level == "low",
            }
    pk = loaded.page.pk
    return {
        "sources": [
            {"id": key, "name": lines.source.name, "lines": [text.rstrip("\r") for text in lines.texts]}
            for key, lines in sources.items()
        ],
        "origins": origins,
        "kinds": list(NoticeKind.values),
        "protected": list(guard().names),
        "may_add": {kind: user.has_perm(f"articles.add_{kind}") for kind in ("article", "notice")},
        "urls": {
            "save": reverse("admin:articles_page_desk_save", args=[pk]),
            "state": reverse("admin:articles_page_desk_state", args=[pk]),
            "presence": reverse("admin:articles_page_desk_presence", args=[pk]),
            "decline": reverse("admin:articles_page_desk_decline", args=[pk]),
            "past": reverse("admin:articles_page_desk_past", args=[pk]),
            "ask": reverse("admin:articles_page_desk_ask", args=[pk]),
            "claim": reverse("admin:articles_page_desk_claim", args=[pk]),
            "next": reverse("admin:articles_page_desk_next", args=[pk]),
            "sign": reverse("admin:articles_page_sign", args=[pk]) if _can_be_signed(loaded.page, user) else "",
            "queue": reverse("admin:articles_page_queue"),
            "corrected": reverse("admin:articles_page_desk_corrected", args=[pk]),
            "login": reverse("admin:login"),
            "page": reverse("admin:articles_page_change", args=[pk]),
        },
    }
