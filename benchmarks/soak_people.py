"""Readers and editors of `benchmarks.soak`, through HTTP: what they do, what they were told, and what they may see.

Every text that goes in carries a mark of its own, such as QxbaacaxQ. Whoever sees a mark in a public answer tells the
`Record`, which knows when that mark was public.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

MARK = re.compile(r"Qx[a-z]{7}xQ")
_HIDDEN = re.compile(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"|<input[^>]*value="([^"]*)"[^>]*name="(\w+)"')
PASSWORD = "soak-soak-soak-1"


def mark_of(number: int) -> str:
    letters = ""
    for _ in range(7):
        number, letter = divmod(number, 26)
        letters += chr(97 + letter)
    return f"Qx{letters}xQ"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]
    began: float
    ended: float


@dataclass
class Record:
    """What all of them have done and seen. `faults` are what must never be."""

    faults: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    saved: dict[str, int] = field(default_factory=dict)
    """Marks that a save was confirmed for, and their pages."""
    refused: set[str] = field(default_factory=set)
    """Marks of saves that were refused."""
    public: list[str] = field(default_factory=list)
    """Addresses of articles that have been published."""
    _spans: dict[str, list[list[float]]] = field(default_factory=lambda: defaultdict(list))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_000))

    def fault(self, said: str) -> None:
        with self._lock:
            self.faults.append(said)

    def new_mark(self) -> str:
        with self._lock:
            return mark_of(next(self._numbers))

    def open(self, marks: set[str], at: float) -> None:
        """Readers may see these from then on."""
        with self._lock:
            for mark in marks:
                self._spans[mark].append([at, float("inf")])

    def close(self, marks: set[str], at: float, *, never: bool = False) -> None:
        """No longer from then on; with `never`, what was last opened did not come about."""
        with self._lock:
            for mark in marks:
                if never:
                    self._spans[mark].pop()
                else:
                    for span in self._spans[mark]:
                        span[1] = min(span[1], at)

    def seen(self, path: str, answer: Answer) -> None:
        """A public answer: no mark in it that was not public at some moment of the request."""
        with self._lock:
            for mark in set(MARK.findall(answer.text)):
                self.counts["marks seen"] += 1
                if not any(begin <= answer.ended and answer.began <= end for begin, end in self._spans[mark]):
                    self.faults.append(f"{path} showed {mark}, which is not public")

    def note(self, kind: str, path: str, answer: Answer) -> None:
        with self._lock:
            self.counts[f"{kind} {answer.status // 100}xx"] += 1
            self.times[kind].append(answer.ended - answer.began)
            if answer.status >= 500:
                self.faults.append(f"{path} answered {answer.status}: {answer.text[:300]}")


class Client:
    """A browser, as far as cookies go; each request on a connection of its own."""

    def __init__(self, port: int, record: Record, kind: str) -> None:
        self.port, self.record, self.kind = port, record, kind
        self.cookies: dict[str, str] = {}

    def ask(self, path: str, data: dict[str, Any] | None = None, *, as_json: bool = False, kind: str = "") -> Answer:
        """GET, or POST when there is something to send."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if data is not None:
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
            headers["Content-Type"] = "application/json" if as_json else "application/x-www-form-urlencoded"
            body = (json.dumps(data) if as_json else urlencode(data)).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.time()
        try:
            connection.request("POST" if body is not None else "GET", quote(path, safe="/?=&%"), body, headers)
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        answer = Answer(response.status, text, dict(response.getheaders()), began, time.time())
        for value in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        self.record.note(kind or self.kind, path, answer)
        return answer

    def read(self, path: str) -> Answer:
        """As a reader, whose answer is looked through."""
        answer = self.ask(path, kind="reader")
        self.record.seen(path, answer)
        return answer

    def log_in(self, username: str) -> None:
        self.ask("/admin/login/")
        answer = self.ask("/admin/login/", {"username": username, "password": PASSWORD, "next": "/admin/"})
        if answer.status != 302:
            raise RuntimeError(f"{username} could not log in: {answer.status}")


def read_on(port: int, record: Record, stop: threading.Event, seed: int, fixed: list[str]) -> None:
    """A reader who opens one page after another."""
    chance, client = random.Random(seed), Client(port, record, "reader")
    while not stop.is_set():
        if record.public and chance.random() < 0.5:
            client.read(chance.choice(record.public))
        else:
            client.read(chance.choice(fixed))
        stop.wait(chance.uniform(0.0, 0.05))


def search_on(port: int, record: Record, stop: threading.Event, seed: int, marks: list[str]) -> None:
    """A reader who searches, also for what nobody has published; slower than what limits allow one address."""
    chance, client = random.Random(seed), Client(port, record, "search")
    while not stop.is_set():
        mark = chance.choice(marks)
        answer = client.ask(f"/search/?q={mark}")
        if re.search(r'href="/[an]/\d', answer.text):
            record.fault(f"search found {mark}, which is not public")
        client.record.seen("/search/?q=大桥", client.ask(f"/search/?q={chance.choice(('大桥', '群众', '王小明'))}"))
        stop.wait(chance.uniform(1.0, 2.0))


class Team:
    """An editor and a chief: they edit any page, and publish the articles whose number is theirs."""

    def __init__(self, port: int, record: Record, number: int, teams: int, pages: list[int]) -> None:
        self.record, self.number, self.teams, self.pages = record, number, teams, pages
        self.chance = random.Random(number)
        self.editor, self.chief = (Client(port, record, "editor") for _ in range(2))
        self.reader = Client(port, record, "reader")
        self.editor.log_in(f"soak-editor-{number}")
        self.chief.log_in(f"soak-chief-{number}")
        self.live: dict[int, set[str]] = {}
        self.due: list[tuple[float, int, set[str]]] = []

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            page = self.chance.choice(self.pages)
            self.edit(page)
            act = self.chance.random()
            if act < 0.5:
                self.publish(page)
            elif act < 0.6 and self.live:
                self.withdraw(self.chance.choice(list(self.live)))
            elif act < 0.7 and self.live:
                self.amend(self.chance.choice(list(self.live)))
            elif act < 0.8:
                self.look_round(page)
            self.look_at_due()

    # The desk

    def state(self, page: int) -> dict[str, Any] | None:
        answer = self.editor.ask(f"/admin/articles/page/{page}/desk/state/")
        if answer.status != 200:
            self.record.fault(f"the desk of page {page} answered {answer.status}")
            return None
        found: dict[str, Any] = json.loads(answer.text)
        return found

    def edit(self, page: int) -> None:
        """A mark goes into a paragraph; on a conflict the same person looks again, as the desk would."""
        for _ in range(6):
            now = self.state(page)
            if now is None:
                return
            blocks = [
                block
                for item in now["layout"]["items"]
                for block in item["blocks"]
                if block["role"] in ("paragraph", "headline")
            ]
            if not blocks:
                return
            block, mark = self.chance.choice(blocks), self.record.new_mark()
            operation = {
                "op": "EditText", "block": block["id"], "at": self.chance.randint(0, len(block["text"])),
                "old": "", "new": mark,
            }  # fmt: skip
            inside = [found.span() for found in MARK.finditer(block["text"])]
            if any(start < operation["at"] < end for start, end in inside) or len(block["text"]) > 900:
                continue  # not into another mark
            if block["role"] == "headline" and len(block["text"]) > 80:
                continue
            sent = {"base": now["stamp"], "key": f"soak-{mark}", "steps": [{"label": "改字", "ops": [operation]}]}
            answer = self.editor.ask(f"/admin/articles/page/{page}/desk/save/", sent, as_json=True, kind="save")
            if answer.status == 200:
                self.record.saved[mark] = page
                self.record.counts["saved"] += 1
                self.after_saving(page, sent)
                return
            self.record.refused.add(mark)
            self.record.counts["conflicts" if answer.status == 409 else "saves refused"] += 1
            if answer.status not in (409, 422):
                self.record.fault(f"a save on page {page} was answered by {answer.status}")

    def after_saving(self, page: int, sent: dict[str, Any]) -> None:
        """The same save sent again does nothing; another one on the old state is a conflict."""
        address = f"/admin/articles/page/{page}/desk/save/"
        if self.chance.random() < 0.1:
            answer = self.editor.ask(address, sent, as_json=True, kind="save")
            if answer.status != 200:
                self.record.fault(f"a save sent again was answered by {answer.status}")
        if self.chance.random() < 0.1:
            mark = self.record.new_mark()
            operation = {**sent["steps"][0]["ops"][0], "new": mark}
            stale = {**sent, "key": f"soak-{mark}", "steps": [{"label": "改字", "ops": [operation]}]}
            self.record.refused.add(mark)
            answer = self.editor.ask(address, stale, as_json=True, kind="save")
            if answer.status != 409:
                self.record.fault(f"a stale save was answered by {answer.status}")

    # Signing and publishing

    def act(self, who: Client, article: int, name: str, **more: Any) -> tuple[Answer, set[str]]:
        """Open the page of an act, look at it, confirm it: the answer, and the marks that were looked at."""
        address = f"/admin/articles/article/{article}/do/{name}/"
        shown = who.ask(address)
        if shown.status != 200:
            return shown, set()
        fields = {m[0] or m[3]: m[1] or m[2] for m in _HIDDEN.findall(shown.text)}
        # A page that refuses the act has no form: nothing will come of it.
        marks = set(MARK.findall(shown.text)) if "base_version" in fields else set()
        opens = more.pop("opens", time.time())
        if name in ("publish", "schedule"):
            self.record.open(marks, opens)
        data = {name: fields[name] for name in ("base_version", "base_hash", "stage") if name in fields}
        return who.ask(address, {**data, **more}, kind=name), marks

    def publish(self, page: int) -> None:
        now = self.state(page)
        if now is None:
            return
        mine = [
            int(item["key"].partition(":")[2])
            for item in now["layout"]["items"]
            if item["kind"] == "article" and int(item["key"].partition(":")[2]) % self.teams == self.number
        ]
        mine = [each for each in mine if each not in {article for _, article, _ in self.due}]
        if not mine:
            return
        article = self.chance.choice(mine)
        self.editor.ask(
            f"/admin/articles/page/{page}/desk/corrected/", {"key": f"article:{article}", "base": now["stamp"]}
        )
        for who in (self.editor, self.chief):
            answer, _ = self.act(who, article, "sign")
            self.record.counts["signed" if answer.status == 302 else "signing refused"] += 1
        if self.chance.random() < 0.05:
            self.schedule(article)
            return
        answer, marks = self.act(self.chief, article, "publish")
        if answer.status != 302:
            self.record.close(marks, 0, never=True)
            self.record.counts["publishing refused"] += 1
            return
        self.record.counts["published"] += 1
        self.is_public(article, marks)

    def is_public(self, article: int, marks: set[str]) -> None:
        """The very next request sees what was published, all of it."""
        self.live[article] = marks
        seen = self.reader.read(f"/a/{article}/")
        missing = marks - set(MARK.findall(seen.text))
        if seen.status != 200 or missing:
            self.record.fault(f"article {article} was published; then {seen.status}, without {sorted(missing)}")
        self.record.public.append(f"/a/{article}/")

    def schedule(self, article: int) -> None:
        at = (int(time.time()) // 60 + 2) * 60
        when = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(at + 8 * 3600))
        answer, marks = self.act(self.chief, article, "schedule", at=when, opens=float(at))
        if answer.status != 302:
            self.record.close(marks, 0, never=True)
            return
        self.record.counts["scheduled"] += 1
        self.due.append((at, article, marks))

    def look_at_due(self) -> None:
        for each in [due for due in self.due if due[0] < time.time()]:
            self.due.remove(each)
            self.record.counts["came out on time"] += 1
            self.is_public(each[1], each[2])

    def withdraw(self, article: int) -> None:
        if any(article == each for _, each, _ in self.due):
            return
        answer, _ = self.act(self.chief, article, "withdraw", reason="试运行撤稿")
        if answer.status != 302:
            self.record.counts["withdrawal refused"] += 1
            return
        self.record.close(self.live.pop(article), time.time())
        self.record.counts["withdrawn"] += 1
        seen = self.reader.read(f"/a/{article}/")
        if seen.status != 410:
            self.record.fault(f"article {article} was withdrawn; then {seen.status}")

    def amend(self, article: int) -> None:
        mark = self.record.new_mark()
        self.record.open({mark}, time.time())
        answer, _ = self.act(self.chief, article, "amend", kind="correction", text=f"文中一处有误{mark}，特此更正。")
        if answer.status != 302:
            self.record.fault(f"a correction of article {article} was answered by {answer.status}")
            return
        self.record.counts["corrections"] += 1
        if mark not in self.reader.read(f"/a/{article}/").text:
            self.record.fault(f"article {article} does not show its correction")

    def look_round(self, page: int) -> None:
        for path in ("queue/", f"{page}/change/", f"{page}/desk/", f"{page}/desk/past/"):
            self.editor.ask(f"/admin/articles/page/{path}", kind="screen")
        self.editor.ask("/admin/articles/article/?q=大桥", kind="screen")
        self.chief.ask("/admin/articles/article/", kind="screen")
