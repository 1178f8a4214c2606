"""What every public page and every list of the admin costs in a small archive and in a large one.

    python -m benchmarks.growth SMALL_URL LARGE_URL [--runs 5] [--only front,issue]

The two databases are those of `benchmarks.archive`, 10,000 and 1,000,000 items for instance. Each address is asked
through the views, with nothing kept ready, in a transaction that is rolled back. Told is the processor time of the
application and, on PostgreSQL of this machine, of the server's process for it, in milliseconds: medians of a round, and
the least of three rounds, in which the two take turns, for other work on the machine makes either dearer. The page
asked for has as many items on both sides and is of the last weeks; so are an article in a topic and one in none. The
contributor is who has signed most (and another who seldom does), and some searches are for words that as many items
have on both sides: a page that is not full in the small archive would make the large one look slow.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

GOAL = 1.5
USUAL = 12
"""Items on the page whose issue is asked for."""
LATELY = 40
"""Days before the end of the archive, from which that page is taken: of a year of which both have as much."""
ROUNDS = 3
LONGEST = "10s"
"""Of one query: what takes longer is told, not waited for."""
FINE = (200, 304, 400)
"""A look-up that finds nothing says 400."""
AS_COMMON = {
    "two characters": (5_000, ("安全", "陈埭")),
    "more": (1_500, ("安全生产", "五店市")),
    "two words": (2_000, ("安全 发展", "发展 陈埭")),
    "two words and more": (500, ("安全生产 发展", "台风 张文贤")),
}
"""About how many items are to be found, and of which words those are taken that come nearest to it."""


def set_up(url: str) -> None:
    os.environ.update(DATABASE_URL=url, SERVE_HTTP="1", DJANGO_SETTINGS_MODULE="jjcms.settings", DEBUG="")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import update_last_login
    from django.contrib.auth.signals import user_logged_in

    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    settings.ALLOWED_HOSTS = ["*"]
    settings.PAGE_MEMORY = 0  # every page is laid out
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def server_clock() -> Callable[[], float]:
    """Seconds of processor time of the database's process for this connection; on SQLite it is our own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return lambda: 0.0
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(f"SET statement_timeout = '{LONGEST}'")
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: int(path.read_text().split()[0]) / 1e9


def public_addresses() -> Iterator[tuple[str, str]]:
    from django.db import connection
    from django.db.models import Count, Max
    from django.urls import reverse

    from articles.models import Issue, Page, Snapshot, SnapshotContributor, Topic
    from articles.search import search
    from articles.search.query import read_query
    from articles.search.schema import lacking
    from articles.search.types import Scope

    last = Issue.objects.aggregate(last=Max("date"))["last"]
    late = Page.objects.filter(issue__newspaper__slug="paper0", issue__date__gt=last - timedelta(LATELY))
    sizes = late.annotate(size=Count("articles", distinct=True) + Count("notices", distinct=True)).values_list(
        "size", "issue__date", "number"
    )
    _, day, number = min(sizes, key=lambda each: (abs(each[0] - USUAL), each[1:]))
    issue = {"newspaper": "paper0", "date": day}
    page = {**issue, "number": number}
    shown = Snapshot.objects.filter(newspaper__slug="paper0", date=day).order_by("pk")
    article = shown.articles().filter(topic_links=None)[0].article
    in_topic = (
        shown.articles().filter(topic_links__topic__name="测3").first() or shown.articles().exclude(topic_links=None)[0]
    )
    notice = shown.notices()[0].notice
    rare = article.credits.first()
    signed = SnapshotContributor.objects.values_list("contributor").annotate(count=Count("pk")).order_by("-count")
    person = signed.first()
    of = {
        "newspaper": {"newspaper": "paper0"}, "feed": {"newspaper": "paper0"}, "api-newspaper": {"newspaper": "paper0"},
        "issue": issue, "api-issue": issue, "page": page, "broadsheet": page, "api-page": page,
        "year": {"newspaper": "paper0", "year": day.year},
        "sitemap-month": {"newspaper": "paper0", "month": day.replace(day=1)}, "sitemap-people": {"part": 1},
        "notice": {"pk": notice.pk}, "proof": {"pk": notice.pk}, "api-notice": {"pk": notice.pk},
        "citation": {"pk": article.pk, "suffix": "bib"},
        "on-this-day": {"day": f"{day:%m-%d}"},
    }  # fmt: skip
    of |= {name: {"pk": article.pk} for name in ("article", "extracted", "api-article")}
    if person is not None:
        pk = {"pk": person[0]}
        of |= dict.fromkeys(("contributor", "contributor-feed", "api-contributor", "api-contributor-articles"), pk)
    slug = {"slug": Topic.objects.get(name="测3").slug}
    of |= dict.fromkeys(("topic", "topic-feed", "api-topic", "api-topic-articles"), slug)
    plain = (
        "front", "notices", "open-notices", "notice-lookup", "topics", "contributors", "corrections", "notices-feed",
        "sitemap", "sitemap-site", "sitemap-news", "api-newspapers", "api-issues", "api-articles", "api-notices",
        "api-topics", "api-contributors", "api-corrections", "api-bulk-list",
    )  # fmt: skip
    of |= {name: {} for name in plain}
    for name, values in sorted(of.items()):
        yield name, reverse(name, kwargs=values)
    yield "article in a topic", reverse("article", args=[in_topic.article_id])
    if rare is not None:
        for name in ("contributor", "contributor-feed"):
            yield f"{name}, seldom", reverse(name, args=[rare.contributor_id])
    yield "lookup, not found", reverse("notice-lookup") + "?number=91350582MA00000000"
    for more in ("?kind=遗失声明", "?newspaper=paper1", "?since=2001-01-01&until=2001-12-31"):
        yield f"notices{more[:9]}", reverse("notices") + more
    if lacking(connection):
        return
    for words in ("陈埭", "张文贤", "安全生产 台风", "没有的词语"):
        yield f"search {words}", reverse("search") + f"?q={words}"
    for name, (wanted, choice) in AS_COMMON.items():
        found = {words: search(read_query(words).query, scope=Scope.PUBLIC).total for words in choice}
        words = min(found, key=lambda words: abs(found[words] - wanted))
        print(f"{name}: {words}, {found[words]}", file=sys.stderr)
        yield f"search, {name}", reverse("search") + f"?q={words}"
        yield f"api-search, {name}", reverse("api-search") + f"?q={words}"
    yield "search-feed", reverse("search-feed") + "?q=陈埭"
    yield "search-complete", reverse("search-complete") + "?q=陈"
    yield "api-search", reverse("api-search") + "?q=陈埭"


def admin_addresses() -> Iterator[tuple[str, str]]:
    from django.contrib import admin
    from django.urls import reverse

    yield "admin", reverse("admin:index")
    yield "admin queue", reverse("admin:articles_page_queue")
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        yield f"admin {model._meta.model_name}", reverse(f"admin:{name}_changelist")


def measure(url: str, runs: int, only: list[str]) -> dict[str, float]:
    """Milliseconds of each address."""
    set_up(url)
    from django.contrib.auth.models import User
    from django.core.cache import cache
    from django.db import transaction
    from django.test import Client

    from articles.models import PublicVersion

    found: dict[str, float] = {}
    with transaction.atomic():
        spent_by_server = server_clock()
        reader, editor = Client(raise_request_exception=False), Client(raise_request_exception=False)
        editor.force_login(User.objects.create_superuser("growth-benchmark"))
        for client, addresses in ((reader, public_addresses()), (editor, admin_addresses())):
            for name, address in addresses:
                if only and name not in only:
                    continue
                costs = []
                for _ in range(runs + 1):
                    cache.clear()  # limits count there
                    with transaction.atomic():
                        PublicVersion.objects.update(token=secrets.token_hex(16))  # nothing is kept ready
                        before = time.process_time() + spent_by_server()
                        answer = client.get(address)
                        size = sum(map(len, answer.streaming_content)) if answer.streaming else len(answer.content)
                        costs.append(1000 * (time.process_time() + spent_by_server() - before))
                        transaction.set_rollback(True)
                    if answer.status_code >= 500:
                        break
                if answer.status_code not in FINE or not size:
                    print(f"not counted, {answer.status_code}: {name}", file=sys.stderr, flush=True)
                    continue
                found[name] = statistics.median(costs[1:])
                print(f"{found[name]:9.1f} ms  {name}", file=sys.stderr, flush=True)
        transaction.set_rollback(True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", type=lambda names: names.split(","), default=[])
    options = parser.parse_args()
    if len(options.urls) == 1:
        print(json.dumps(measure(options.urls[0], options.runs, options.only)))
        return
    told: dict[str, dict[str, float]] = {url: {} for url in options.urls}
    for url in options.urls * ROUNDS:
        with tempfile.TemporaryDirectory(prefix="jjcms-bench-") as folder:
            command = [sys.executable, "-m", "benchmarks.growth", url, "--runs", str(options.runs)]
            command += ["--only", ",".join(options.only)] if options.only else []
            env = {**os.environ, "JJCMS_DATA_DIR": folder}
            done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
        for name, cost in json.loads(done.stdout).items():
            told[url][name] = min(cost, told[url].get(name, cost))
    small, large = told[options.urls[0]], told[options.urls[-1]]
    for name in sorted(large, key=lambda name: -large[name] / small.get(name, 1)):
        if name in small:
            ratio = large[name] / small[name]
            print(f"{name:28} {small[name]:8.1f} {large[name]:8.1f}  ×{ratio:.2f}{' !' if ratio > GOAL else ''}")


if __name__ == "__main__":
    main()
