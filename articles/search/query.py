"""What was typed, read as a query; or a refusal that says in Chinese what is wrong, and where.

Several words must all be there; "…", “…” and 「…」 keep words together; `-` before a word rules it out; OR, 或 or |
between two words asks for either. Prefixes narrow: 标题: 栏目: 署名: 版名: (also on excluded and alternative words),
作者: 专题: 报纸: 版面: 类型: 日期:, in English as well, with either colon. A year, a month, a day or a span of them
stands for the day of printing: 2021, 2021-12, 2021年12月, 2021-12-01..2022-03-31, 2021.., ..2021. In quotes it is mere
text.

Reading takes one pass over at most `LENGTH_LIMIT` characters.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from articles.jumps import page_meant
from articles.search.folding import fold
from articles.search.types import Field, Kind, Query, Term

LENGTH_LIMIT: Final = 200
TERMS_LIMIT: Final = 16


class QueryRefused(ValueError):
    """The text is no query. `message` says why, to the one who typed it; `start` and `end` where."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message, self.start, self.end = message, start, end


class Narrowing(StrEnum):
    """What a query can be narrowed by besides words; each at most once."""

    DATE = "日期"
    NEWSPAPER = "报纸"
    PAGE = "版面"
    KIND = "类型"
    TOPIC = "专题"
    CONTRIBUTOR = "作者"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A narrowing as it stands in the text."""

    by: Narrowing
    says: str
    """What it asks for, for people: 2021年12月, 晋江经济报."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Typed:
    """A word asked for, and where it stands in the text, without prefix and quotes."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A query with the text it was read from."""

    text: str
    query: Query
    narrowed: tuple[Narrowed, ...]
    typed: tuple[Typed, ...]
    """The words asked for, not those ruled out, as they follow each other."""

    @property
    def words(self) -> tuple[Term, ...]:
        """What is marked where it is found."""
        return tuple(one.term for one in self.typed)

    def reworded(self, one: Typed, word: str) -> str:
        """The text with another word in this one's place."""
        return self.text[: one.start] + word + self.text[one.end :]

    def without(self, one: Narrowed) -> str:
        """The text without this narrowing."""
        return f"{self.text[: one.start].rstrip()} {self.text[one.end :].lstrip()}".strip()

    @property
    def wide(self) -> str:
        """The text without any narrowing."""
        kept, at = [], 0
        for one in self.narrowed:
            kept.append(self.text[at : one.start].strip())
            at = one.end
        return " ".join(part for part in (*kept, self.text[at:].strip()) if part)

    def narrowed_to(self, by: Narrowing, value: str) -> str:
        """The text narrowed by this as well, or to this instead of what it was narrowed to."""
        already = next((one for one in self.narrowed if one.by is by), None)
        return f"{self.without(already) if already else self.text} {spelled(by, value)}".strip()


def spelled(by: Narrowing, value: str) -> str:
    """A narrowing as one would type it."""
    if by is Narrowing.DATE:
        return value
    if re.fullmatch(r"[\w·]+", value):
        return f"{by}:{value}"
    return f"{by}:「{value}」" if '"' in value.translate(_PLAIN) else f'{by}:"{value}"'


# 1:1, so that places stay places: full-width ASCII, the space of 全角, other hyphens, all double quotes.
_PLAIN = {0xFF01 + i: 0x21 + i for i in range(94)} | {ord("\u3000"): " ", ord("−"): "-", ord("｜"): "|"}
_PLAIN |= dict.fromkeys(map(ord, "“”„‟＂"), '"')

_PREFIXES: Final[dict[str, Field | Narrowing]] = {
    **dict.fromkeys(("标题", "標題", "title", "headline"), Field.HEADLINE),
    **dict.fromkeys(("栏目", "欄目", "column"), Field.COLUMN),
    **dict.fromkeys(("署名", "byline"), Field.BYLINE),
    **dict.fromkeys(("版名", "section"), Field.SECTION),
    **dict.fromkeys(("作者", "记者", "記者", "通讯员", "通訊員", "author"), Narrowing.CONTRIBUTOR),
    **dict.fromkeys(("专题", "專題", "topic"), Narrowing.TOPIC),
    **dict.fromkeys(("报纸", "報紙", "newspaper", "paper"), Narrowing.NEWSPAPER),
    **dict.fromkeys(("版面", "版次", "page"), Narrowing.PAGE),
    **dict.fromkeys(("类型", "類型", "kind", "type"), Narrowing.KIND),
    **dict.fromkeys(("日期", "date"), Narrowing.DATE),
}
_KINDS: Final = {
    **dict.fromkeys(("稿件", "文章", "报道", "article", "articles"), Kind.ARTICLE),
    **dict.fromkeys(("公告", "分类公告", "notice", "notices"), Kind.NOTICE),
}
KIND_LABELS: Final = {Kind.ARTICLE: "稿件", Kind.NOTICE: "公告"}

_TOKEN = re.compile(
    rf"""
    \s*
    (?:
      (?P<either> \| )
    |
      (?P<minus> - (?=\S) )?
      (?: (?P<prefix> (?ai: {"|".join(sorted(_PREFIXES, key=len, reverse=True))} ) ) : \s* )?
      (?: " (?P<quoted> [^"]* ) (?P<closed> " )?
        | 「 (?P<hooked> [^」]* ) (?P<unhooked> 」 )?
        | 『 (?P<horned> [^』]* ) (?P<unhorned> 』 )?
        | (?P<bare> [^\s"「『|]+ )
        | (?P<nothing> )
      )
    )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    """As typed, without quotes."""
    plain: str
    """The same in plain signs, which operators and dates are read from."""
    prefix: str
    is_quoted: bool
    is_excluded: bool
    is_either: bool
    start: int
    end: int
    value_start: int


def _tokens(text: str) -> Iterator[_Token]:
    plain = text.translate(_PLAIN)
    at = 0
    while at < len(plain.rstrip()):
        found = _TOKEN.match(plain, at)
        assert found is not None and found.end() > at  # noqa: S101 - one branch takes any sign that is left
        start = found.end() - len(found[0].lstrip())
        at = found.end()
        if found["either"]:
            yield _Token("|", "|", "", False, False, True, start, at, start)
            continue
        group = next(name for name in ("quoted", "hooked", "horned", "bare", "nothing") if found[name] is not None)
        is_quoted = group not in ("bare", "nothing")
        if is_quoted and not (found["closed"] or found["unhooked"] or found["unhorned"]):
            opening = found.start(group) - 1
            raise QueryRefused(
                f"第 {opening + 1} 个字的引号 {text[opening]} 没有另一半：补上收口的引号，或者删去它。",
                opening,
                opening + 1,
            )
        inside = text[found.start(group) : found.end(group)]
        value = inside.strip()
        bare = found["bare"] or ""
        if bare == "AND" and not found["minus"] and not found["prefix"]:
            continue
        is_either = bare in ("OR", "或") and not found["minus"] and not found["prefix"]
        yield _Token(
            value,
            value.translate(_PLAIN).strip(),
            (found["prefix"] or "").lower(),
            is_quoted,
            bool(found["minus"]),
            is_either,
            start,
            at,
            found.start(group) + len(inside) - len(inside.lstrip()),
        )


def read_query(text: str) -> Reading:
    """The query; `QueryRefused` for text that is none, also for one that would find everything."""
    if len(text) > LENGTH_LIMIT:
        raise QueryRefused(
            f"查询最长 {LENGTH_LIMIT} 个字，现在有 {len(text)} 个：请只写最要紧的词。", LENGTH_LIMIT, len(text)
        )
    return _Reader(text).read()


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups: list[list[Term]] = []
        self.excluded: list[Term] = []
        self.values: dict[str, Any] = {}
        self.narrowed: list[Narrowed] = []
        self.typed: list[Typed] = []
        self.either: _Token | None = None
        self.is_joinable = False
        self.empty: _Token | None = None
        self.brackets: _Token | None = None
        self.has_either = False

    def read(self) -> Reading:
        tokens = list(_tokens(self.text))
        if len(tokens) == 1 and tokens[0].value == "或":  # nothing to choose between: the character itself
            self._word(tokens[0])
        else:
            for token in tokens:
                self._take(token)
        self._finish()
        all_of = tuple(tuple(group) for group in self.groups)
        query = Query(all_of=all_of, none_of=tuple(self.excluded), **self.values)
        return Reading(self.text, query, tuple(self.narrowed), tuple(self.typed))

    def _take(self, token: _Token) -> None:
        if token.is_either:
            if not self.is_joinable:
                self._refuse_either(token, "前面")
            self.either, self.has_either, self.is_joinable = token, True, False
            return
        meaning = _PREFIXES.get(token.prefix)
        if not isinstance(meaning, Narrowing) and not token.prefix and not token.is_quoted and not token.is_excluded:
            meaning = Narrowing.DATE if _DATES.fullmatch(token.plain) else None
        if token.prefix and not token.value:
            said = f"“{token.prefix}:”后面没有字：请在冒号后面写上要找的，例如 {_EXAMPLES[meaning]}。"
            raise self._refused(token, said)
        if meaning is Narrowing.PAGE and _page(token) is None:
            meaning = Field.SECTION  # 版面:要闻
        if isinstance(meaning, Narrowing):
            self._narrow(token, meaning)
        else:
            self._word(token, meaning)

    def _word(self, token: _Token, field: Field | None = None) -> None:
        if not fold(token.value):
            if token.is_quoted or token.is_excluded or token.prefix or self.either:
                raise self._refused(token, f"“{self._said(token)}”里没有可以查找的字。")
            self.empty = token  # a dash between words
            return
        if _is_half_bracketed(token.plain) and not token.is_quoted:
            self.brackets = self.brackets or token
            if token.is_excluded:
                self._refuse_brackets(token)
        term = Term(text=token.value, field=field, is_phrase=token.is_quoted)
        if token.is_excluded:
            if self.either:
                raise self._refused(token, "“或”的两边不能是排除的词：请把“-”开头的词移开。")
            self.excluded.append(term)
            self.is_joinable = False
        else:
            if self.either:
                self.groups[-1].append(term)
            else:
                self.groups.append([term])
            self.either, self.is_joinable = None, True
            self.typed.append(Typed(term, token.value_start, token.value_start + len(token.value)))
        if sum(map(len, self.groups)) + len(self.excluded) > TERMS_LIMIT:
            raise self._refused(token, f"最多 {TERMS_LIMIT} 个词：请从这里起删去一些。")

    def _narrow(self, token: _Token, by: Narrowing) -> None:
        if token.is_excluded:
            raise self._refused(token, f"“{by}”这个条件不能用“-”排除，只能指定。")
        if self.either:
            raise self._refused(token, _NO_CHOICE.format(by))
        if any(one.by is by for one in self.narrowed):
            raise self._refused(token, f"“{by}”写了两次，只能写一次。{_TWICE.get(by, '')}")
        self.is_joinable = False
        values, says = self._values(token, by)
        self.values |= values
        self.narrowed.append(Narrowed(by, says, token.start, token.end))

    def _values(self, token: _Token, by: Narrowing) -> tuple[dict[str, Any], str]:
        """The fields of the query that this narrowing sets, and what it says."""
        if by is Narrowing.DATE:
            return self._days(token)
        if by is Narrowing.KIND:
            kind = _KINDS.get(token.plain.lower())
            if kind is None:
                raise self._refused(token, f"没有“{token.value}”这个类型：只有 类型:稿件 和 类型:公告。")
            return {"kind": kind}, KIND_LABELS[kind]
        if by is Narrowing.PAGE:
            return {"page": _page(token)}, f"第{_page(token)}版"
        return {_NAMED[by]: token.value}, token.value

    def _days(self, token: _Token) -> tuple[dict[str, Any], str]:
        if not _DATES.fullmatch(token.plain):
            raise self._refused(
                token, f"“{token.value}”不是日期：请写年、年月或年月日，例如 2021、2021-12、2021-12-01..2022-03-31。"
            )
        since, dots, until = (part.strip() for part in _DOTS.sub("..", token.plain).partition(".."))
        first = self._day(token, since, is_last=False)
        last = self._day(token, until if dots else since, is_last=True)
        if first and last and first > last:
            raise self._refused(token, f"“{token.value}”的结束早于开始：请把前后两个日期对调。")
        if not dots or (since and until):
            says = f"{_long(since)}—{_long(until)}" if dots else _long(since)
        else:
            says = f"{_long(since)}起" if since else f"截至{_long(until)}"
        return {"first_day": first, "last_day": last}, says

    def _day(self, token: _Token, text: str, *, is_last: bool) -> datetime.date | None:
        if not text:
            return None
        year, *rest = (int(part) for part in re.findall(r"\d+", text))
        month = rest[0] if rest else 12 if is_last else 1
        try:
            day = rest[1] if len(rest) > 1 else calendar.monthrange(year, month)[1] if is_last else 1
            return datetime.date(year, month, day)
        except ValueError:
            raise self._refused(token, f"日历上没有“{text}”：请改正日期，或者加上引号当作文字来找。") from None

    def _finish(self) -> None:
        if self.either:
            self._refuse_either(self.either, "后面")
        if self.brackets and self.has_either:
            self._refuse_brackets(self.brackets)
        if self.groups or self.narrowed:
            return
        if self.excluded:
            raise QueryRefused("只有排除的词：请再写上要找的词。", 0, len(self.text))
        if self.empty:
            raise self._refused(self.empty, f"“{self._said(self.empty)}”里没有可以查找的字。")
        raise QueryRefused("请写上要找的词。", 0, len(self.text))

    def _said(self, token: _Token) -> str:
        return self.text[token.start : token.end]

    def _refused(self, token: _Token, message: str) -> QueryRefused:
        return QueryRefused(message, token.start, token.end)

    def _refuse_either(self, token: _Token, where: str) -> None:
        last = self.narrowed[-1] if self.narrowed else None
        if where == "前面" and last and not self.text[last.end : token.start].strip():
            raise self._refused(token, _NO_CHOICE.format(last.by))
        said = self._said(token)
        raise self._refused(token, f"“{said}”{where}没有词：它要站在两个词之间。要找这个字本身，请加引号。")

    def _refuse_brackets(self, token: _Token) -> None:
        raise self._refused(token, "括号不能把几个词合成一组：“或”只连接左右两个词，“-”只排除后面一个词。括号请删去。")


_NAMED: Final = {
    Narrowing.NEWSPAPER: "newspaper",
    Narrowing.TOPIC: "topic",
    Narrowing.CONTRIBUTOR: "contributor",
}
_NO_CHOICE: Final = "“或”只能连接要找的词，不能连接“{}”这样的条件。"
_TWICE: Final = {Narrowing.DATE: "要找一段时间，请写成 2021..2022。"}

# What looks like a date is one, right or wrong; a year between 1900 and 2099 only: 1314 and 8888 are words.
_ONE_DATE = r"(?:19|20)\d\d(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?"
_DOTS = re.compile(r"\.\.+|…+|~|—+|至|到")
_BETWEEN = rf"\s*(?:{_DOTS.pattern})\s*"
_DATES = re.compile(rf"{_ONE_DATE}(?:{_BETWEEN}(?:{_ONE_DATE})?)?|{_BETWEEN}{_ONE_DATE}", re.ASCII)


def _long(date: str) -> str:
    """2021-12 → 2021年12月."""
    parts = [int(part) for part in re.findall(r"\d+", date)]
    return "".join(f"{number}{unit}" for number, unit in zip(parts, "年月日", strict=False))


def _page(token: _Token) -> int | None:
    """The number that 版面: gives; None when it gives a name."""
    return page_meant(token.plain if token.plain.endswith("版") else f"{token.plain}版")


def _is_half_bracketed(plain: str) -> bool:
    return plain.count("(") != plain.count(")")


_EXAMPLES: Final[dict[Field | Narrowing | None, str]] = {
    Field.HEADLINE: "标题:大桥",
    Field.COLUMN: "栏目:市长专线",
    Field.BYLINE: "署名:本报记者",
    Field.SECTION: "版名:要闻",
    Narrowing.DATE: "日期:2021-12",
    Narrowing.NEWSPAPER: "报纸:报纸的名称",
    Narrowing.PAGE: "版面:1",
    Narrowing.KIND: "类型:公告",
    Narrowing.TOPIC: "专题:专题的名称",
    Narrowing.CONTRIBUTOR: "作者:姓名",
}
