"""Damage to characters, habits of setting, and headings taken apart: what happens before chunks get their order."""

from __future__ import annotations

import random
from collections.abc import Callable

import jieba

from tests.ingest.engine.pagegen.model import Line, Page, Piece
from tests.ingest.engine.pagegen.registry import heads_of, stage
from tests.ingest.engine.pagegen.world import words

jieba.setLogLevel("WARNING")  # its greeting would stand in every report

# --- characters: the truth carries what these do, for an engine does not correct -------------------------------------

HALF = str.maketrans({"，": ",", "：": ":", "；": ";", "？": "?", "！": "!", "（": "(", "）": ")"})
CONFUSED = {pair[0]: pair[1] for pair in words("confused")}


def _prose(page: Page) -> list[Piece]:
    found = [piece for article in page.articles for piece in article.body]
    return [*found, *(piece for notice in page.notices for piece in notice.body)]


@stage("text")
def half_width_marks(page: Page, rng: random.Random) -> bool:
    """, : ; ( ) ? ! in Chinese text, as the recogniser of the feature pages writes them; 。 and quotes stay wide."""
    everything = [piece for article in page.articles for piece in article.pieces] + _prose(page)
    for piece in everything:
        if piece.role == "headline" and rng.random() < 0.5:
            continue
        piece.text = piece.text.translate(HALF)
    return True


def _at_characters(page: Page, rng: random.Random, per: int, change: Callable[[str, int], str | None]) -> bool:
    acted = False
    for piece in _prose(page):
        for _ in range(1 + len(piece.text) // per):
            if rng.random() < len(piece.text) / per and len(piece.text) > 20:
                at = rng.randrange(12, len(piece.text) - 1)
                changed = change(piece.text, at)
                if changed is not None and changed != piece.text:
                    piece.text, acted = changed, True
    return acted


@stage("text")
def doubled_characters(page: Page, rng: random.Random) -> bool:
    """看得得到: a character, or two of them, read twice."""

    def change(text: str, at: int) -> str | None:
        size = rng.choice([1, 1, 2])
        return text[: at + size] + text[at : at + size] + text[at + size :] if text[at : at + size].isalpha() else None

    return _at_characters(page, rng, 900, change)


@stage("text")
def dropped_characters(page: Page, rng: random.Random) -> bool:
    return _at_characters(page, rng, 900, lambda t, at: t[:at] + t[at + 1 :] if t[at].isalpha() else None)


@stage("text")
def confused_characters(page: Page, rng: random.Random) -> bool:
    """A character read as one that looks like it; the first of its kind after a random place."""

    def change(text: str, at: int) -> str | None:
        for place in range(at, min(at + 40, len(text))):
            if text[place] in CONFUSED:
                return text[:place] + CONFUSED[text[place]] + text[place + 1 :]
        return None

    return _at_characters(page, rng, 500, change)


@stage("text")
def dropped_closing_quotes(page: Page, rng: random.Random) -> bool:
    acted = False
    for piece in _prose(page):
        places = [at for at, char in enumerate(piece.text) if char == "”"]
        if places and rng.random() < 0.12:
            at = rng.choice(places)
            piece.text, acted = piece.text[:at] + piece.text[at + 1 :], True
    return acted


@stage("text")
def dropped_final_marks(page: Page, rng: random.Random) -> bool:
    """A paragraph whose last 。 was not read."""
    acted = False
    for piece in _prose(page):
        if piece.role == "paragraph" and piece.text.endswith("。") and rng.random() < 0.05:
            piece.text, acted = piece.text[:-1], True
    return acted


# --- setting and delivery: habits of one page ------------------------------------------------------------------------


def _habit(name: str, low: float, high: float) -> None:
    def act(page: Page, rng: random.Random) -> bool:
        page.style[name] = rng.uniform(low, high)
        return True

    act.__name__ = name
    act.__doc__ = f"Habit of setting or delivery, see `setting`: {name} between {low} and {high}."
    stage("style")(act)


_habit("figures_padded", 0.6, 1.0)
_habit("spaced_out_lines", 0.05, 0.3)
_habit("measure_changes", 0.1, 0.3)
_habit("subhead_two_lines", 0.5, 1.0)
_habit("hung_quote_blank", 0.7, 1.0)
_habit("blank_after_swallowed", 0.3, 0.8)
_habit("paragraphs_without_blank", 0.1, 0.7)
_habit("indents_kept", 1.0, 1.0)
_habit("paragraphs_torn", 0.1, 0.8)
_habit("no_blank_lines", 1.0, 1.0)
_habit("odd_spaces", 1.0, 1.0)
_habit("trailing_spaces", 1.0, 1.0)
_habit("crlf", 1.0, 1.0)


# --- headings: how one group of heading lines is delivered -----------------------------------------------------------


def _in_two(text: str, rng: random.Random) -> tuple[str, str] | None:
    """A heading broken over two lines: at its blank, else near the middle."""
    if " " in text:
        blanks = [at for at, char in enumerate(text) if char == " "]
        at = min(blanks, key=lambda place: abs(place - len(text) / 2))
        return text[:at], text[at + 1 :]
    if len(text) < 10:
        return None
    # Headings are broken by hand, between words.
    ends = [end for _, _, end in jieba.tokenize(text) if 3 < end < len(text) - 3]
    ends = [at for at in ends if text[at] not in "，。、：！？”》）" and text[at - 1] not in "“《（—"]
    if not ends:
        return None
    at = min(ends, key=lambda place: abs(place - len(text) / 2 + rng.uniform(-2, 2)))
    return text[:at], text[at:]


def _split_heading(page: Page, rng: random.Random, role: str, blank: bool, share: float) -> bool:
    acted = False
    for chunk in heads_of(page):
        article = page.articles[chunk.owner]
        pieces = [article.headline] if role == "headline" else article.deck
        for piece in pieces:
            found = [line for line in chunk.lines if piece is not None and line.text == piece.text]
            if piece is None or not found or rng.random() >= share:
                continue
            halves = _in_two(piece.text, rng)
            if halves is None:
                continue
            at = chunk.lines.index(found[0])
            chunk.lines[at : at + 1] = [Line(halves[0], blank=found[0].blank), Line(halves[1], blank=blank)]
            acted = True
    return acted


@stage("lines")
def headlines_over_two_lines(page: Page, rng: random.Random) -> bool:
    return _split_heading(page, rng, "headline", False, 0.4)


@stage("lines")
def headlines_over_a_blank_line(page: Page, rng: random.Random) -> bool:
    return _split_heading(page, rng, "headline", True, 0.25)


@stage("lines")
def decks_over_two_lines(page: Page, rng: random.Random) -> bool:
    return _split_heading(page, rng, "deck", False, 0.5)


@stage("lines")
def decks_cut_by_a_blank_line(page: Page, rng: random.Random) -> bool:
    return _split_heading(page, rng, "deck", True, 0.5)


@stage("lines")
def heading_lines_apart(page: Page, rng: random.Random) -> bool:
    """A blank line between kicker, headline and deck of some groups."""
    acted = False
    for chunk in heads_of(page):
        for line in chunk.lines[1:]:
            if not line.blank and rng.random() < 0.6:
                line.blank = acted = True
    return acted


@stage("lines")
def headlines_spaced(page: Page, rng: random.Random) -> bool:
    """A headline set wide comes out with a blank after every character."""
    acted = False
    for chunk in heads_of(page):
        for line in chunk.lines:
            headline = page.articles[chunk.owner].headline
            if headline is not None and line.text == headline.text and len(line.text) < 14 and rng.random() < 0.5:
                line.text, acted = " ".join(line.text.replace(" ", "")), True
    return acted


@stage("lines")
def ellipsis_artefacts(page: Page, rng: random.Random) -> bool:
    """`...` after most paragraphs that are complete, added by a recogniser."""
    acted = False
    if page.flow != "paragraphs":
        return False
    for chunk in page.chunks:
        for line in chunk.lines:
            if chunk.kind == "body" and len(line.text) > 40 and line.text[-1] in "。”" and rng.random() < 0.92:
                line.text += "..."
                page.removed.append((Piece("removed", "..."), "extraction artefact"))
                acted = True
    return acted
