"""三校三审: who may sign which text when, and what a signature outlives (nothing)."""

from __future__ import annotations

import datetime
import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import history, rules, signoffs
from articles.actions import items, pages, placing, publishing, restoring, signing, stages
from articles.actions.credits import Named, set_credits
from articles.admin.work import ready
from articles.errors import ActionRefused, NotPublishable, StaleVersion
from articles.models import (
    DEFAULT_STAGES,
    Act,
    AnyItem,
    Article,
    ErrorBasis,
    HistoryEntry,
    Notice,
    Outcome,
    SignOff,
    Stage,
    WorkState,
)
from articles.people import engine_user
from tests import factories

pytestmark = pytest.mark.django_db


class Office:
    """A newspaper with all six stages and a person for each role."""

    def __init__(self):
        self.paper = factories.newspaper()
        self.chief = factories.user("zhu", role="主编")
        self.deputy = factories.user("qian", role="签审")
        self.editor = factories.user("bian", role="编辑")
        self.proof = factories.user("lu", role="录入校对")
        self.stages = stages.set_stages(newspaper=self.paper, stages=DEFAULT_STAGES, actor=self.chief)
        self.people = [self.proof, self.proof, self.proof, self.editor, self.deputy, self.chief]

    def stage(self, name):
        return next(stage for stage in self.stages if stage.name == name)

    def sign(self, item, name, person=None, **more):
        stage = self.stage(name)
        person = person or self.people[self.stages.index(stage)]
        return signing.sign(item=item, stage=stage, actor=person, base_version=item.version, **more)

    def sign_through(self, item, until="终审"):
        item = fresh(item)
        for stage in self.stages:
            if stage.pk not in standing(item).holding:
                self.sign(item, stage.name)
            if stage.name == until:
                break
        return item


def fresh(item):
    return type(item).objects.with_page().get(pk=item.pk)


def standing(item):
    return signoffs.standing(fresh(item))


def unsigned(item):
    return [stage.name for stage in standing(item).unsigned]


def edit(item, actor, **change):
    item = fresh(item)
    return items.edit_item(item=item, content={**item.content, **change}, base_version=item.version, actor=actor)


@pytest.fixture
def office():
    return Office()


@pytest.mark.parametrize("kind", ["article", "notice"])
def test_all_six_stages_open_the_way_and_nothing_less(office, kind):
    item = getattr(factories, kind)()
    for number, stage in enumerate(office.stages):
        with pytest.raises(NotPublishable) as refusal:
            publishing.publish(item=item, actor=office.chief)
        missing = "、".join(each.name for each in office.stages[number:])
        assert f"还没有签：{missing}" in refusal.value.problems
        office.sign(item, stage.name)
    assert unsigned(item) == []
    assert publishing.publish(item=item, actor=office.chief)
    # What it went out by can be shown for ever.
    entry = history.of(item).first()
    assert entry is not None
    assert entry.details["signed"] == sorted(SignOff.objects.values_list("pk", flat=True))
    assert entry.details["hash"] == standing(item).fingerprint


def test_a_newspaper_without_stages_asks_for_corrected_only(chief):
    assert publishing.publish(item=factories.article(corrected=True), actor=chief)


def test_signing_says_that_the_text_was_read(office):
    article = factories.article()
    row = office.sign(article, "一校", note=" 已核\n对 ")
    article.refresh_from_db()
    assert article.work_state == WorkState.CORRECTED
    assert (row.stage_name, row.note, row.version, row.round) == ("一校", "已核 对", 1, 1)
    entry = history.of(article).first()
    assert entry is not None
    assert (entry.act, entry.actor, entry.reason) == (Act.SIGNED, office.proof, "已核 对")
    assert entry.details == {"stage": "一校", "version": 1, "hash": row.hash, "errors": 0}


def test_signed_then_edited_is_not_published(office):
    article = office.sign_through(factories.article())
    assert rules.check([fresh(article)])["article", article.pk].is_publishable
    edit(article, office.chief, headline="改了一个字")
    items.mark_corrected(item=article, base_version=2, actor=office.chief)
    assert unsigned(article) == [name for name, _ in DEFAULT_STAGES]
    assert standing(article).has_lapsed
    with pytest.raises(NotPublishable, match="还没有签：一校、二校、三校、初审、复审、终审"):
        publishing.publish(item=article, actor=office.chief)


def test_going_back_to_the_signed_words_does_not_bring_the_signatures_back(office):
    article = office.sign_through(factories.article())
    edit(article, office.chief, headline="改")
    restoring.restore_version(item=fresh(article), version=1, base_version=2, actor=office.chief)
    assert fresh(article).content == article.content
    assert len(unsigned(article)) == 6


CHANGES = {
    "moved piece": lambda o, a: items.move_piece(
        source=a, piece_id="s1", target=factories.article(on=a.page), source_version=a.version, actor=o.editor
    ),
    "credits": lambda o, a: set_credits(article=a, credits=[Named("reporter", "王小明")], actor=o.editor, may_add=True),
    "number": lambda o, a: place(o, a, number=7),
    "section": lambda o, a: place(o, a, section="综合"),
    "date": lambda o, a: place(o, a, date=datetime.date(2024, 3, 6)),
    "return": lambda o, a: signing.send_back(item=a, actor=o.editor, reason="人名待核"),
}


def place(office, article, *, date=datetime.date(2024, 3, 5), number=1, section="要闻"):
    placing.place_page(
        page=article.page, newspaper=office.paper, date=date, number=number, section=section, actor=office.editor
    )


@pytest.mark.parametrize("change", list(CHANGES))
def test_whatever_changes_what_readers_see_voids_every_signature_for_good(office, change):
    article = office.sign_through(factories.article())
    CHANGES[change](office, article)
    assert len(unsigned(article)) == 6
    if change in ("number", "section", "date"):
        place(office, fresh(article))
    if change == "credits":
        set_credits(article=fresh(article), credits=[], actor=office.editor, may_add=True)
    assert len(unsigned(article)) == 6
    items.mark_corrected(item=article, base_version=fresh(article).version, actor=office.editor)
    assert any("还没有签" in m for m in rules.check([fresh(article)])["article", article.pk].messages)


def test_the_order_of_the_page_and_topics_are_not_part_of_what_is_signed(office):
    article = office.sign_through(factories.article())
    other = factories.article(on=article.page)
    page = fresh(article).page
    pages.reorder_items(
        page=page, order=[("article", other.pk), ("article", article.pk)], base_version=page.version, actor=office.chief
    )
    assert unsigned(article) == []


def test_what_voids_is_told_with_its_reason(office):
    article = office.sign_through(factories.article(), until="一校")
    place(office, article, number=2)
    row = SignOff.objects.first()
    assert row is not None
    assert (row.outcome, row.note, row.round) == (Outcome.VOIDED, "报纸、日期、版次或版名有变", 1)
    entry = history.of(article).first()
    assert entry is not None and entry.act == Act.UNSIGNED
    place(office, fresh(article), number=3)
    assert SignOff.objects.filter(outcome=Outcome.VOIDED).count() == 1  # nothing was signed in between


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(["初审", "复审", "终审"], 2)))
def test_no_two_reviews_are_one_persons(office, first, second):
    everything = factories.user("all", role="主编")
    article = factories.article()
    for stage in office.stages:
        person = everything if stage.name in (first, second) else None
        if stage.name == second:
            with pytest.raises(ActionRefused, match=f"你已签过“{first}”"):
                office.sign(article, stage.name, person)
            return
        office.sign(article, stage.name, person)


def test_one_person_may_read_all_proofs_and_sign_one_review(office):
    article = factories.article()
    for name in ("一校", "二校", "三校", "初审"):
        office.sign(article, name, office.editor)
    assert unsigned(article) == ["复审", "终审"]


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("一校", {"录入校对", "编辑", "签审", "主编"}),
        ("三校", {"录入校对", "编辑", "签审", "主编"}),
        ("初审", {"编辑", "签审", "主编"}),
        ("复审", {"签审", "主编"}),
        ("终审", {"主编"}),
    ],
)
def test_each_stage_is_signed_by_those_whose_role_says_so(office, name, may):
    found = standing(factories.article())
    for role in ("录入校对", "编辑", "签审", "主编", "管理员", ""):
        obstacles = signoffs.obstacles(found, office.stage(name), factories.user(role=role))
        assert (f"你的角色不能签“{name}”" in obstacles) == (role not in may), role


def test_the_import_signs_nothing(office):
    with pytest.raises(ActionRefused, match="你的角色不能签"):
        office.sign(factories.article(), "一校", engine_user())


@pytest.mark.parametrize("name", ["二校", "初审", "终审"])
def test_stages_are_signed_in_their_order(office, name):
    with pytest.raises(ActionRefused, match="前面还没有签：一校"):
        office.sign(factories.article(), name)
    assert not SignOff.objects.exists()


def test_a_stage_is_signed_once_for_one_text(office):
    article = factories.article()
    office.sign(article, "一校")
    with pytest.raises(ActionRefused, match="“一校”已由lu签过"):
        office.sign(article, "一校", office.editor)
    row = SignOff.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_text_without_a_place_cannot_be_signed(office):
    article = factories.article(on=factories.undated_page(paper=office.paper))
    with pytest.raises(ActionRefused, match="先核定报纸、日期和版次"):
        office.sign(article, "一校")


def test_an_empty_item_and_a_foreign_stage_cannot_be_signed(office):
    with pytest.raises(ActionRefused, match="没有可签的"):
        office.sign(factories.article(text=""), "一校")
    other = factories.newspaper(name="别报", slug="bie")
    elsewhere = factories.article(on=factories.page(paper=other))
    with pytest.raises(ActionRefused, match="没有“一校”这个环节"):
        office.sign(elsewhere, "一校")


def test_a_stale_text_is_not_signed(office):
    article = factories.article()
    edit(article, office.editor, headline="改")
    with pytest.raises(StaleVersion):
        office.sign(article, "一校")
    seen = standing(article).fingerprint
    place(office, fresh(article), section="综合")
    with pytest.raises(StaleVersion):
        office.sign(fresh(article), "一校", base_hash=seen)
    assert not SignOff.objects.exists()
    office.sign(fresh(article), "一校", base_hash=standing(article).fingerprint)


def test_sending_back_needs_a_reason_and_starts_from_the_first_stage(office):
    article = office.sign_through(factories.article(), until="三校")
    with pytest.raises(ActionRefused, match="理由"):
        signing.send_back(item=article, actor=office.editor, reason=" ")
    row = signing.send_back(item=article, actor=office.editor, reason="人名待核")
    assert (row.outcome, row.stage_name, row.note, row.round) == (Outcome.RETURNED, "初审", "人名待核", 1)
    assert (len(unsigned(article)), fresh(article).work_state) == (6, WorkState.IMPORTED)
    again = office.sign(article, "一校")
    assert again.round == 2
    with pytest.raises(ActionRefused, match="前面还没有签：二校、三校"):
        office.sign(article, "初审")


def test_errors_are_counted_since_the_last_look(office):
    article = factories.article(text="本报讯 昨日，青溪大桥建成通军。", byline="王小名")
    items.mark_corrected(item=article, base_version=1, actor=office.proof)
    edit(article, office.proof, byline="王小明", body=[{**article.body[0], "text": "本报讯 昨日，青溪大桥建成通车。"}])
    first = office.sign(fresh(article), "一校")
    assert (first.errors, first.error_basis) == (2, ErrorBasis.COMPUTED)
    second = office.sign(fresh(article), "二校", errors=3)
    assert (second.errors, second.error_basis) == (3, ErrorBasis.ENTERED)
    assert second.characters == len("青溪大桥建成通车" + "王小明" + "本报讯昨日，青溪大桥建成通车。")
    assert office.sign(fresh(article), "三校").errors == 0
    edit(article, office.editor, headline="青溪大桥正式通车")
    assert office.sign(fresh(article), "一校").errors == 1
    for wrong in (-1, 10_000):
        with pytest.raises(ActionRefused, match="差错数"):
            office.sign(fresh(article), "二校", errors=wrong)


def test_a_text_never_looked_at_is_counted_from_how_it_came(office):
    article = factories.article()
    edit(article, office.proof, headline="新题")
    assert office.sign(fresh(article), "一校").errors == 1


def test_many_are_signed_each_for_itself(office):
    page = factories.page()
    good: list[AnyItem] = [factories.article(on=page), factories.notice(on=page)]
    empty = factories.article(on=page, text="")
    stale = factories.article(on=page)
    edit(stale, office.editor, headline="改")
    done = factories.article(on=page)
    office.sign(done, "一校")
    seen = [signing.Seen(item, item.version) for item in (good[0], empty, stale, done, good[1])]
    results = signing.sign_many(seen=seen, stage=office.stage("一校"), actor=office.proof, note="整版")
    assert [result.is_done for result in results] == [True, False, False, False, True]
    assert "没有可签的" in results[1].reason
    assert "别人已经保存过" in results[2].reason
    assert "已由lu签过" in results[3].reason


def test_the_list_of_ready_items_and_the_rules_agree_after_every_change(office):
    """`ready` asks the database what `rules.check` asks in Python."""

    def agree(item):
        item = fresh(item)
        verdict = rules.check([item])[item.snapshot_key, item.pk]
        assert ready(type(item).objects.filter(pk=item.pk)).exists() == verdict.is_publishable, item.title

    for number, change in enumerate(CHANGES, 1):
        page = factories.page(number=number + 20)
        body = [{"id": f"s{n}", "role": "paragraph", "text": "文字"} for n in (1, 2)]
        article, notice = factories.article(on=page, body=body), factories.notice(on=page)
        for item in (article, notice):
            for stage in office.stages:
                agree(item)
                office.sign(fresh(item), stage.name)
            agree(item)
            assert ready(type(item).objects.filter(pk=item.pk)).exists()
        CHANGES[change](office, fresh(article))
        items.mark_corrected(item=article, base_version=fresh(article).version, actor=office.editor)
        agree(article)
        agree(notice)
        office.sign_through(article)
        agree(article)
    stages.set_stages(newspaper=office.paper, stages=[*DEFAULT_STAGES[:5], ("总编终审", "final")], actor=office.chief)
    for model in (Article, Notice):
        for each in model.objects.all():
            agree(each)
    stages.set_stages(newspaper=office.paper, stages=[], actor=office.chief)
    for model in (Article, Notice):
        for each in model.objects.all():
            agree(each)


def test_signatures_cannot_be_changed_or_deleted(office):
    row = office.sign(factories.article(), "一校")
    row.note = "改"
    for write in (
        row.save,
        row.delete,
        lambda: SignOff.objects.update(errors=0),
        lambda: SignOff.objects.all()._raw_delete("default"),
        lambda: Stage.objects.filter(name="一校").delete(),
        lambda: Article.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE articles_signoff SET note = 'x'")


def test_standings_take_no_more_queries_for_more_items(office):
    def queries(count):
        many: list[AnyItem] = [*Article.objects.with_page()[:count], *Notice.objects.with_page()[:count]]
        with CaptureQueriesContext(connection) as captured:
            assert len(signoffs.standings(many)) == 2 * count
        return len(captured)

    for number in range(1, 21):
        page = factories.page(number=number)
        for item in (factories.article(on=page), factories.notice(on=page)):
            office.sign(item, "一校")
    assert queries(1) == queries(20) == 4


# Stages


def test_stages_are_changed_with_a_trace_and_retired_ones_keep_their_signatures(office):
    article = office.sign_through(factories.article())
    made = stages.set_stages(newspaper=office.paper, stages=[("一校", "proof"), ("终审", "final")], actor=office.chief)
    assert [(s.name, s.position) for s in made] == [("一校", 1), ("终审", 2)]
    assert unsigned(article) == []
    entry = HistoryEntry.objects.filter(target="newspaper").first()
    assert entry is not None and len(entry.before["stages"]) == 6
    back = stages.set_stages(newspaper=office.paper, stages=DEFAULT_STAGES, actor=office.chief)
    assert {s.pk for s in back} == {s.pk for s in office.stages}
    assert unsigned(article) == []
    count = HistoryEntry.objects.count()
    stages.set_stages(newspaper=office.paper, stages=DEFAULT_STAGES, actor=office.chief)
    assert HistoryEntry.objects.count() == count


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ([("", "proof")], "1 到 20 字"),
        ([("字" * 21, "proof")], "1 到 20 字"),
        ([("一校", "proof"), ("一校 ", "proof")], "写了两次"),
        ([("终审", "final"), ("一校", "proof")], "次序不对"),
        ([(f"{n}校", "proof") for n in range(13)], "不超过 12 个"),
    ],
)
def test_stages_that_make_no_sense_are_refused(office, wanted, says):
    with pytest.raises(ActionRefused, match=says):
        stages.set_stages(newspaper=office.paper, stages=wanted, actor=office.chief)
    assert Stage.objects.in_use().count() == 6
