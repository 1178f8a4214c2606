"""One address of every kind of public page, with something on each."""

from __future__ import annotations

import datetime

from articles.actions.correcting import issue_correction
from articles.actions.credits import Named, set_credits
from articles.models import Contributor, CorrectionKind, Snapshot, SnapshotExtract
from articles.people import engine_user
from tests import factories
from tests.articles.public.conftest import DAY, Edition

ISSUE = f"/p/qingxi/{DAY}/"


def addresses(edition: Edition) -> dict[str, str]:
    """By the kind of page. Fills in what the edition has not: a signed article, a correction, a source."""
    actor = engine_user()
    signed = factories.article(on=factories.page(date=DAY - datetime.timedelta(1), number=2), headline="署名的稿件")
    set_credits(article=signed, credits=[Named("reporter", "王小明")], actor=actor, may_add=True)
    signed.refresh_from_db()
    factories.published(signed)
    edition.lead.refresh_from_db()
    edition.notice.refresh_from_db()
    issue_correction(items=[edition.lead], kind=CorrectionKind.CORRECTION, text="桥长应为三公里。", actor=actor)
    live = Snapshot.objects.live().get(article=edition.lead)
    lines = {"head": {}, "body": [["本报讯（记 者", "王小明）"], [], ["大 桥"]], "captions": [[]]}
    SnapshotExtract.objects.create(snapshot=live, lines=lines)
    lead, notice = edition.lead.get_absolute_url(), edition.notice.get_absolute_url()
    return {
        "front": "/",
        "newspaper": "/p/qingxi/",
        "year": "/p/qingxi/2024/",
        "issue": ISSUE,
        "page": ISSUE + "1/",
        "page of notices": ISSUE + "4/",
        "broadsheet": ISSUE + "1/broadsheet/",
        "broadsheet of notices": ISSUE + "4/broadsheet/",
        "article": lead,
        "extracted": lead + "extracted/",
        "notice": notice,
        "proof": notice + "proof/",
        "notices": "/notices/",
        "notices, wrong filter": "/notices/?since=2024-02-30",
        "open notices": "/notices/open/",
        "look-up": "/notices/lookup/",
        "topics": "/topics/",
        "topic": edition.topic.get_absolute_url(),
        "contributors": "/contributors/",
        "contributor": Contributor.objects.get(name="王小明").get_absolute_url(),
        "day": "/on/03-05/",
        "day without": "/on/02-29/",
        "search": "/search/?q=青溪大桥",
        "search, unasked": "/search/",
        "search, narrowed": "/search/?q=青溪 报纸:青溪日报 2024",
        "search, nothing": "/search/?q=木星上的海",
        "search, wrong": "/search/?q=“青溪",
        "corrections": "/corrections/",
        "about": "/about/",
        "accessibility": "/accessibility/",
        "missing": "/nothing/",
        "missing issue": "/p/qingxi/2024-03-12/",
        "missing page": ISSUE + "2/",
        "withdrawn": edition.withdrawn.get_absolute_url(),
        "wrong parameter": "/?x=1",
    }
