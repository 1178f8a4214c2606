"""Who signed an article, and as what: credits from the names the engine found and the words before them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from articles.content import Content
from articles.inserting import insert, number
from articles.models import Article, Contributor, Credit, CreditRole
from ingest.claims import need_not_wait_for_the_disk
from ingest.planning import field_hash

NAME_LIMIT = 40

# The word before a name says what the person is. Longer words contain the shorter ones: 见习记者, 特约通讯员.
_ROLE_WORDS = {
    "记者": CreditRole.REPORTER,
    "通讯员": CreditRole.CORRESPONDENT,
    "报道员": CreditRole.CORRESPONDENT,
    "作者": CreditRole.AUTHOR,
}
_WORD = re.compile("|".join(_ROLE_WORDS))
_SENTENCE_END = re.compile("[。！？；\n]")

Signed = tuple[str, CreditRole]


def credits_of(authors: Sequence[str], content: Content) -> list[Signed]:
    """(name, role) of each author once, in the printed order. A name without a word before it is an author."""
    texts = [content["byline"], *(piece["text"] for piece in content["body"])]
    names = dict.fromkeys(name.strip()[:NAME_LIMIT] for name in authors)
    return [(name, _role(name, texts)) for name in names if name]


def _role(name: str, texts: Iterable[str]) -> CreditRole:
    for text in texts:
        start = _place(name, text)
        words = _WORD.findall(_SENTENCE_END.split(text[:start])[-1]) if start >= 0 else []
        if words:
            return _ROLE_WORDS[words[-1]]
    return CreditRole.AUTHOR


def _place(name: str, text: str) -> int:
    """Where the name stands first; -1 for nowhere. One of two characters is often set with a space between: 王 强."""
    start = text.find(name[0])
    if start < 0 or text.startswith(name, start):
        return start
    found = re.search(r"\s*".join(map(re.escape, name)), text)
    return found.start() if found else -1


def credits_hash(signed: Iterable[Signed]) -> str:
    return field_hash("credits", [[name, str(role)] for name, role in signed])


def contributors_named(names: Iterable[str]) -> dict[str, Contributor]:
    """The contributors of these names, made where there are none. A name is one person until an editor's note says
    otherwise; the one without a note is taken then."""
    wanted = set(names)
    known = _known(wanted)
    return known | _made(wanted - known.keys())


def _known(names: Collection[str]) -> dict[str, Contributor]:
    return {c.name: c for c in Contributor.objects.filter(name__in=names, note="")} if names else {}


def _made(names: Collection[str]) -> dict[str, Contributor]:
    # In one order, so that two imports cannot wait for each other.
    insert((Contributor(name=name) for name in sorted(names)), unless_there=True)
    return _known(names)


@contextlib.contextmanager
def known_beforehand(names: Iterable[str]) -> Iterator[None]:
    """Make the contributors of these names in a transaction of their own, before that of the block; when that fails,
    those who were missing go again.

    On PostgreSQL whoever writes a name that is new in another transaction waits for its end, and one that writes many
    pages takes long. SQLite has one writer anyway.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        need_not_wait_for_the_disk()
        wanted = set(names)
        # In one order, so that two imports cannot wait for each other; with numbers, so that ours are known.
        ours = [Contributor(name=name) for name in sorted(wanted - _known(wanted).keys())]
        number(ours)
        insert(ours, unless_there=True)
    try:
        yield
    except Exception:
        # Those that others have signed with meanwhile stay; all do, should that happen at this very moment.
        with contextlib.suppress(ProtectedError, DatabaseError), transaction.atomic():
            Contributor.objects.filter(pk__in=[person.pk for person in ours], credits=None).delete()
        raise


def write_credits(signed: Mapping[Article, Sequence[Signed]], *, replace: Sequence[Article] = ()) -> None:
    """Write the credits of these articles; those of `replace` had others before."""
    if replace:
        Credit.objects.filter(article__in=replace).delete()
    people = contributors_named(name for pairs in signed.values() for name, _ in pairs)
    insert(
        Credit(article_id=article.pk, contributor_id=people[name].pk, role=role, position=number)
        for article, pairs in signed.items()
        for number, (name, role) in enumerate(pairs)
    )
