"""Looking a number up: on which public notices it stands, without ever saying it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms

from articles.actions.notices import digests
from articles.masking import MASK
from articles.models import NoticeRegister, SnapshotNumber
from articles.numbers import NumberKind, NumberRefused, asked_for
from articles.public.notices import Listed, live_notices, once, with_prints
from articles.public.reading import Paper, entries

FOUND_LIMIT = 20


class _Unsaid(forms.TextInput):
    """An input that never says back what was typed."""

    def format_value(self, value: object) -> None:
        return None


class LookupForm(forms.Form):
    number = forms.CharField(
        label="完整号码",
        max_length=200,
        strip=True,
        widget=_Unsaid(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="证件、执照、票据、印章、账号或电话的完整号码。空格、横线、括号、全角半角、大小写都不影响查找。",
        error_messages={"required": "请输入要查的号码。", "max_length": "请只输入一个号码。"},
    )

    def clean_number(self) -> list[str]:
        """The values to look for."""
        try:
            return asked_for(self.cleaned_data["number"])
        except NumberRefused as refused:
            raise forms.ValidationError(str(refused)) from None


@dataclass(frozen=True, slots=True)
class Match:
    listed: Listed
    kind: str
    """What the number is on this notice: 身份证号码, 证件、票据编号 …"""


@dataclass(frozen=True, slots=True)
class Answer:
    asked: str
    """The number asked for, masked but for its first signs."""
    matches: Sequence[Match]
    is_cut: bool


def look_up(values: Sequence[str], papers: Iterable[Paper]) -> Answer:
    """The live notices that carry the number, newest first: four queries."""
    wanted = digests(values, NoticeRegister.digest_key())
    carriers = SnapshotNumber.objects.filter(digest__in=wanted)
    live = once(live_notices().filter(pk__in=carriers.values("snapshot")))
    found = entries(live[: FOUND_LIMIT + 1], papers)
    shown = with_prints(found[:FOUND_LIMIT])
    kinds = dict(carriers.filter(snapshot__in=[one.entry.pk for one in shown]).values_list("snapshot", "kind"))
    matches = [Match(one, NumberKind(kinds[one.entry.pk]).label) for one in shown]
    return Answer(veiled(values[0]), matches, len(found) > FOUND_LIMIT)


def veiled(value: str) -> str:
    """“35＊＊＊＊（18 位）”: enough to see a slip of the finger, too little to read the number."""
    return f"{value[:2]}{MASK * 4}（{len(value)} 位）"
