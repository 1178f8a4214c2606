"""Settling a finding: 采纳 or 排除."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction

from articles import history
from articles.actions.locks import locked_page
from articles.errors import ActionRefused
from articles.models import Act, Finding, FindingState


@transaction.atomic
def settle_finding(*, finding: Finding, state: FindingState, actor: User, reason: str = "") -> Finding:
    """Mark a finding as accepted (the text has been mended) or dismissed (the text is right), or open it again."""
    if state not in FindingState.values:
        raise ActionRefused("不认识的处理方式。")
    locked_page(finding.page_id)
    current = Finding.objects.select_related("page", "article", "notice").filter(pk=finding.pk).first()
    if current is None:
        raise ActionRefused("这个疑点已经不在了，请刷新页面。")
    if current.state == state:
        return current
    before = {"state": current.state}
    current.state = FindingState(state)
    current.save(update_fields=["state"])
    history.record(
        current.article or current.notice or current.page,
        Act.FINDING,
        actor=actor,
        reason=reason or current.message,
        before=before,
        details={"finding": current.pk, "state": current.state},
    )
    return current
