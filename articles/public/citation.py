"""How to cite an article: GB/T 7714—2015 (报纸析出文献), BibTeX, RIS. Pure, but for reading a snapshot."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from articles.models import Snapshot

_NAMED = 3  # the standard names the first three authors and says 等 for the rest


def gbt7714(*, authors: Sequence[str], title: str, newspaper: str, date: datetime.date, page: int) -> str:
    """``丁文祥. 数字革命与竞争国际化[N]. 中国青年报, 2000-11-20(15).`` Unsigned articles start with the title."""
    names = ", ".join(authors[:_NAMED]) + (", 等" if len(authors) > _NAMED else "")
    lead = f"{names}. " if names else ""
    return f"{lead}{title}[N]. {newspaper}, {date.isoformat()}({page})."


def _authors(snapshot: Snapshot) -> list[str]:
    return [credit["name"] for credit in snapshot.content["credits"]]


def cite(snapshot: Snapshot) -> str:
    """The citation of a published article."""
    return gbt7714(
        authors=_authors(snapshot),
        title=snapshot.title,
        newspaper=snapshot.newspaper.name,
        date=snapshot.date,
        page=snapshot.page_number,
    )


# What TeX reads as something else than itself.
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "{}%#$&_"},
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def key(snapshot: Snapshot) -> str:
    """``qingxi-2024-03-05-12``: what the article is called in a bibliography, and its file."""
    return f"{snapshot.newspaper.slug}-{snapshot.date.isoformat()}-{snapshot.article_id}"


def bibtex(snapshot: Snapshot, url: str) -> str:
    """An ``@article`` of biblatex; names stand in braces, for they have no first and last part in Western order."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in _authors(snapshot)),
        "title": f"{{{_tex(snapshot.title)}}}",
        "subtitle": _tex(" ".join(snapshot.content.get("deck") or ())),
        "journal": _tex(snapshot.newspaper.name),
        "entrysubtype": "newspaper",
        "date": snapshot.date.isoformat(),
        "year": str(snapshot.date.year),
        "number": _tex(snapshot.issue.number),
        "pages": str(snapshot.page_number),
        "url": url.replace("%", r"\%"),
        "langid": "chinese",
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@article{{{key(snapshot)},\n{''.join(lines)}}}\n"


def ris(snapshot: Snapshot, url: str) -> str:
    """A record of type NEWS."""
    rows = [
        ("TY", "NEWS"),
        *(("AU", name) for name in _authors(snapshot)),
        ("TI", snapshot.title),
        ("T2", snapshot.newspaper.name),
        ("DA", snapshot.date.strftime("%Y/%m/%d/")),
        ("PY", f"{snapshot.date.year:04}"),
        ("IS", snapshot.issue.number),
        ("SP", str(snapshot.page_number)),
        ("SE", snapshot.section),
        ("AB", snapshot.summary),
        ("LA", "zh-Hans"),
        ("UR", url),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in rows if value]
    return "".join(lines) + "ER  - \r\n"


@dataclass(frozen=True, slots=True)
class Form:
    """A file that reference managers read."""

    name: str
    suffix: str
    content_type: str
    write: Callable[[Snapshot, str], str]

    def file_name(self, snapshot: Snapshot) -> str:
        return f"{key(snapshot)}.{self.suffix}"


FORMS = (
    Form("BibTeX", "bib", "application/x-bibtex", bibtex),
    Form("RIS", "ris", "application/x-research-info-systems", ris),
)
