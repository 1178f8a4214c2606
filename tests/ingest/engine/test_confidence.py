"""The confidence of items: what its tables promise, and that it tells a whole article from a doubtful one."""

from __future__ import annotations

from itertools import pairwise

from benchmarks.engine_confidence import LEAST_IN_STEP, rising_shares
from ingest.engine import ArticleItem, NoticeItem, read_page
from ingest.engine.confidence import STEPS, SURE, tables

LEAD = "本报讯（记者 林一）昨日，县城南新建的图书馆对市民开放，首日接待读者三千余人，馆内设有儿童阅览区和自习室。"
REST = "馆长介绍，图书馆每周开放六天，藏书十二万册，凭身份证即可借阅，市民还可以在网上预约座位和参加周末讲座。"
HEAD = "城南图书馆对市民开放"


def confidence_of(page: str) -> float:
    articles = [item for item in read_page(page).items if isinstance(item, ArticleItem) and item.body]
    return articles[0].confidence


def test_every_sign_has_points_for_its_steps_and_shares_rise_between_the_ends() -> None:
    _, points, marks, shares = tables()
    assert [len(table) for table in points] == [len(steps) + 1 for steps in STEPS.values()]
    assert all(low < high for low, high in pairwise(marks))
    assert all(low <= high for low, high in pairwise(shares))
    assert 0.01 <= shares[0] < 0.1 and SURE <= shares[-1] <= 0.99


def test_a_whole_article_is_surer_than_one_whose_end_is_missing() -> None:
    whole = confidence_of(f"{HEAD}\n\n{LEAD}\n\n{REST}\n")
    cut = confidence_of(f"{HEAD}\n\n{LEAD}\n\n{REST[:-12]}\n")
    assert whole > 0.8
    assert cut < whole


def test_shares_never_fall_and_no_step_is_made_of_few() -> None:
    scored = [(number / 10, number % 10 < number // 60) for number in range(600)]
    shares = rising_shares(scored)
    starts = [round(start * 10) for start, _ in shares]
    assert all(low <= high for low, high in pairwise(share for _, share in shares))
    assert all(right - left >= LEAST_IN_STEP for left, right in pairwise([*starts, 600]))


def test_a_notice_may_be_likely_and_is_never_sure() -> None:
    text = "遗失声明\n\n本人林大山不慎遗失身份证，证号350582199001011234，声明作废。\n\n声明人：林大山\n2024年3月5日\n"
    (notice,) = (item for item in read_page(text).items if isinstance(item, NoticeItem))
    assert 0.8 < notice.confidence < SURE
