"""What can be done with an item besides editing it: the acts as data, and why one is not possible now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.contrib.auth.models import User

from articles import signoffs
from articles.models import AnyItem, StageKind, WorkState
from articles.rules import Verdict
from articles.signoffs import Standing


@dataclass(frozen=True)
class Act:
    name: str
    label: str
    permission: str  # "publish" or "change", of the item's own model; or "sign", or "issue_correction"
    consequence: str
    needs_reason: bool = False
    reason_help: str = ""
    is_common: bool = False
    """Stands in the bar; the others are behind 其他操作."""


ACTS: dict[str, Act] = {
    act.name: act
    for act in (
        Act(
            "sign",
            "签审",
            "sign",
            "你通读过下面的文字，对它和它的位置负责；以后改动一个字，这次签字就作废。",
            is_common=True,
        ),
        Act("publish", "见报", "publish", "读者立即看到下面的文字；网址从此固定不变。", is_common=True),
        Act("schedule", "定时见报", "publish", "到了时间读者自动看到下面的文字，不需要有人值守。"),
        Act("unschedule", "取消定时", "publish", "已安排的见报取消；读者现在看到什么，以后还是什么。"),
        Act(
            "withdraw",
            "撤稿",
            "publish",
            "读者立即看不到这一条；原网址显示撤稿理由。",
            needs_reason=True,
            reason_help="读者打开原网址会看到这句话。",
        ),
        Act(
            "embargo",
            "禁发",
            "change",
            "到这一刻之前，谁也不能让读者看到；到了也不会自己见报。",
        ),
        Act("unembargo", "取消禁发", "publish", "不再受禁发时间限制；要不要见报另外决定。"),
        Act("amend", "发更正", "issue_correction", "读者立即在文章旁和更正栏看到这句话；文字本身另外改、另外见报。"),
        Act(
            "reopen",
            "退回",
            "change",
            "回到待校，从第一个环节重新签；读者看到的不变。",
            needs_reason=True,
            reason_help="写给再校的同事，记入历史。",
            is_common=True,
        ),
    )
}


@dataclass(frozen=True)
class Offer:
    """An act for one item and one person: possible when there are no obstacles, which are told as they are."""

    act: Act
    obstacles: Sequence[str] = field(default_factory=tuple)


def may(user: User, act: Act, item: AnyItem) -> bool:
    """Whether the person's role has the act at all."""
    if act.permission == "sign":
        return may_sign(user)
    if act.permission == "issue_correction":
        return user.has_perm("articles.issue_correction")
    return user.has_perm(f"articles.{act.permission}_{item.snapshot_key}")


def may_sign(user: User) -> bool:
    """Whether the person's role signs any stage at all."""
    return any(user.has_perm(kind.permission) for kind in StageKind)


def offers(item: AnyItem, verdict: Verdict, standing: Standing, user: User) -> list[Offer]:
    """Acts that make sense for the item's state. `item` comes from `with_publication`."""
    is_live, is_scheduled = item.is_live, item.is_scheduled  # type: ignore[union-attr]
    found = []
    for act in ACTS.values():
        if act.name == "unschedule" and not is_scheduled:
            continue
        if act.name == "unembargo" and item.embargo_until is None:
            continue
        if act.name == "amend" and not (is_live or item.is_withdrawn):  # type: ignore[union-attr]
            continue
        if act.name == "sign":
            if standing.stages:
                found.append(Offer(named_after(act, standing), signing_obstacles(standing, user)))
            continue
        found.append(Offer(act, obstacles(act, item, verdict, user, is_live=is_live, is_scheduled=is_scheduled)))
    return found


def named_after(act: Act, standing: Standing) -> Act:
    """Signing, called by the stage that is due."""
    return replace(act, label=f"签“{standing.next.name}”") if standing.next else act


def signing_obstacles(standing: Standing, user: User) -> tuple[str, ...]:
    """Why this person cannot sign the stage that is due."""
    if standing.next is None:
        return ("各个环节都签过了",)
    return tuple(signoffs.obstacles(standing, standing.next, user))


def obstacles(
    act: Act, item: AnyItem, verdict: Verdict, user: User, *, is_live: bool, is_scheduled: bool
) -> tuple[str, ...]:
    """Why this person cannot do it to this item now. Signing has reasons of its own."""
    if not may(user, act, item):
        who = "录入校对或编辑" if act.permission == "change" else "签审或主编"
        return (f"你的角色没有这项权限，请{who}来做",)
    if act.name in ("publish", "schedule"):
        # A plan may lie after what holds the item back now: its time is checked when it is known.
        broken = [rule.message for rule in verdict.problems if act.name == "publish" or rule.code != "embargo"]
        return (*broken, *(["已经定时见报：先取消定时"] if is_scheduled else []))
    if act.name == "withdraw" and not is_live:
        return ("还没有见报，不用撤稿",)
    if act.name == "embargo" and (is_live or is_scheduled):
        return ("读者已经看到，不能再禁发" if is_live else "已经定时见报：先取消定时",)
    if act.name == "reopen" and item.work_state != WorkState.CORRECTED:
        return ("还在待校，不用退回" if item.work_state == WorkState.IMPORTED else "已拆散，没有可退回的",)
    return ()


def publication_label(item: AnyItem) -> str:
    """In words, whether readers see the item. `item` comes from `with_publication`."""
    if item.is_live:  # type: ignore[union-attr]
        return "见报中，另有定时" if item.is_scheduled else "见报中"  # type: ignore[union-attr]
    if item.is_scheduled:  # type: ignore[union-attr]
        return "已定时"
    return "已撤稿" if item.is_withdrawn else "未见报"  # type: ignore[union-attr]
