"""Words and keywords: local words stay whole, jieba stays quiet and in its own room."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from articles import words

# A sentence around each word: jieba breaks 在|内坑 and 池店镇|桥南社区 in context rather than alone.
LOCAL = [
    ("陈埭", "记者走进陈埭的一家鞋厂"),
    ("五店市", "游客在五店市打卡"),
    ("深沪", "渔船回到深沪港"),
    ("内坑镇", "活动在内坑镇举行"),
    ("内坑", "昨日在内坑启动"),
    ("安海", "安海古镇里"),
    ("磁灶", "磁灶的陶瓷企业"),
    ("池店镇", "现场位于池店镇桥南社区"),
    ("桥南社区", "现场位于池店镇桥南社区"),
    ("英林", "英林的泳装"),
    ("紫帽", "紫帽的民宿"),
    ("永和", "家住晋江永和的刘女士"),
    ("东石", "东石寨"),
    ("金井", "金井围头"),
    ("罗山街道", "罗山街道办事处主任"),
    ("灵源", "灵源的茶"),
    ("新塘", "新塘的企业"),
    ("梅岭街道", "前往梅岭街道检查"),
    ("青阳", "青阳老街"),
    ("西园", "西园的学校"),
    ("西滨", "西滨的农场"),
    ("长护险", "晋江长护险为失能家庭减负"),
    ("医养结合", "创建医养结合示范市"),
    ("邻里中心", "实地察看党建邻里中心"),
    ("四下基层", "开展主题教育四下基层活动"),
    ("党建", "以党建引领治理"),
    ("晋江经济报", "晋江经济报讯"),
    ("市长专线", "轮值接听市长专线时表示"),
    ("晋江经验", "弘扬晋江经验"),
    ("住房公积金", "办理住房公积金业务"),
]


@pytest.mark.parametrize(("word", "sentence"), LOCAL)
def test_local_words_stay_whole(word, sentence):
    assert word in words.words(sentence)


def test_every_site_word_stays_whole_alone():
    entries = [word for word, _, _ in words._entries(words.DATA / "site_words.txt")]
    assert [word for word in entries if words.words(word) != [word]] == []
    assert len(entries) == len(set(entries))


def test_words_give_the_text_back():
    text = "本报讯（记者 王小明）昨日，A3版登出3.5%的消息。\n第二段——完。\t"
    assert "".join(words.words(text)) == text


def test_spaced_out_print_is_closed_up_before_cutting():
    assert words.clean("实地调度晋 江 市 池 峰 路 南延片区") == "实地调度晋江市池峰路 南延片区"
    assert words.clean("通讯员 王　明，李大明") == "通讯员 王明，李大明"


@pytest.mark.parametrize("text", ["记者 王小明", "绷紧思想弦 严守安全关", "2024 年 1 月", "上\n下", "他 说话"])
def test_other_spaces_and_line_breaks_stay(text):
    assert words.clean(text) == text


TEXT = (
    "跨海大桥昨日合龙。这座大桥全长八公里，由市交通局建设。工程师介绍，大桥的主梁采用新的架设工艺，"
    "合龙误差不到两毫米。大桥通车之后，两岸车程缩短到十分钟。本报记者在现场看到，工人们正在铺设桥面。"
)


def test_keywords_name_the_subject_and_leave_out_empty_words():
    found = words.keywords(TEXT, 5, title="跨海大桥合龙")
    assert {word for word, _ in found[:3]} == {"合龙", "跨海大桥", "大桥"}
    assert len(found) == 5
    assert not {word for word, _ in words.keywords(TEXT, 50)} & {"昨日", "介绍", "记者", "现场"}
    weights = [weight for _, weight in found]
    assert weights == sorted(weights, reverse=True)
    assert all(0 < weight <= 1 for weight in weights)


def test_a_word_of_the_title_counts_more():
    plain = dict(words.keywords(TEXT, 50))
    titled = dict(words.keywords(TEXT, 50, title="主梁合龙"))
    assert titled["主梁"] > plain["主梁"]


@pytest.mark.parametrize("text", ["", " \n", "，。！", "123 45.6", "的"])
def test_text_without_words_has_no_keywords(text):
    assert words.keywords(text, 10) == []


def test_persons_are_no_keywords():
    assert "张文贤" not in dict(words.keywords("张文贤强调，张文贤要求，张文贤指出消防安全。", 10))


def test_the_cache_lies_in_a_private_folder():
    words.words("预热")
    folder = Path(settings.DATA_DIR) / "jieba"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["jieba-0.42.1.cache"]


def _in_a_new_process(code: str, tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "shared").mkdir()
    given = {
        **os.environ,
        "JJCMS_DATA_DIR": str(tmp_path / "data"),
        "TMPDIR": str(tmp_path / "shared"),
        "DJANGO_SETTINGS_MODULE": "jjcms.settings",
        "SECRET_KEY": "x",
        "DATABASE_URL": "",
        **env,
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        env=given,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,  # compiling jieba afresh on a busy machine takes its time
    )


def test_loading_is_silent_lazy_and_leaves_the_shared_folder_alone(tmp_path):
    """With warnings as errors and jieba's files compiled afresh, as in a new virtual environment."""
    done = _in_a_new_process(
        """
        import sys
        from articles import words
        assert "jieba" not in sys.modules
        print(words.words("陈埭的鞋"))
        import jieba
        assert not jieba.dt.initialized
        """,
        tmp_path,
        PYTHONPYCACHEPREFIX=str(tmp_path / "pyc"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "['陈埭', '的', '鞋']"
    assert list((tmp_path / "shared").iterdir()) == []
    assert (tmp_path / "data" / "jieba").is_dir()


def test_a_data_folder_that_cannot_be_written_only_costs_the_cache(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "jieba").write_text("in the way")
    done = _in_a_new_process("from articles import words; print(words.words('陈埭'))", tmp_path)
    assert (done.returncode, done.stderr, done.stdout.strip()) == (0, "", "['陈埭']")
    assert list((tmp_path / "shared").iterdir()) == []


def test_a_site_adds_words_of_its_own(tmp_path):
    mine = tmp_path / "words.txt"
    mine.write_text("# 本站\n乌边港湿地 500 ns\n沙堤头尾厝\n", "utf-8")
    done = _in_a_new_process(
        "from articles import words; print(words.words('乌边港湿地和沙堤头尾厝'))", tmp_path, JJCMS_SITE_WORDS=str(mine)
    )
    assert done.stdout.strip() == "['乌边港湿地', '和', '沙堤头尾厝']"


def test_a_wrong_site_file_is_refused_by_name_and_line(tmp_path, monkeypatch):
    wrong = tmp_path / "words.txt"
    wrong.write_text("陈埭 3 ns\n陈埭 很多 ns\n", "utf-8")
    with pytest.raises(ImproperlyConfigured, match="第 2 行"):
        list(words._entries(wrong))
    monkeypatch.setenv("JJCMS_SITE_WORDS", str(tmp_path / "nothing.txt"))
    with pytest.raises(ImproperlyConfigured, match=r"nothing\.txt"):
        words._dictionaries()


def test_threads_share_one_tokenizer_and_agree(tmp_path):
    """Eight threads at once in a new process: the first loads, the others wait."""
    done = _in_a_new_process(
        """
        from concurrent.futures import ThreadPoolExecutor
        from articles import words
        text = "池店镇桥南社区的邻里中心里，长者食堂开张。" * 20
        with ThreadPoolExecutor(8) as pool:
            results = list(pool.map(lambda _: (words.words(text), words.keywords(text, 5)), range(16)))
        assert all(result == results[0] for result in results)
        """,
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    with ThreadPoolExecutor(4) as pool:
        assert len({tuple(words.keywords(TEXT, 9)) for _ in pool.map(lambda _: None, range(4))}) == 1


def test_the_dictionary_tells_words_their_beginnings_and_what_is_likely():
    assert words.frequency("安全") > words.frequency("安全生产") > 0 == words.frequency("安全生")
    assert words.begins_word("安全生") and not words.begins_word("全安生")
    assert "长护险" in words.site_words() and words.frequency("长护险") > 0
    assert words.likelihood("医养结合") > words.likelihood("医样结合")


def test_rarities_are_those_of_jieba():
    loaded = words._extractors().tfidf
    known, median = words._load_rarities()
    assert known == loaded.idf_freq and median == loaded.median_idf
    assert words.rarity("乌边港湿地") == median


def test_what_readers_ask_for_brings_no_tagger(tmp_path):
    done = _in_a_new_process("import sys; from articles import words; words.warm_up(); print(*sys.modules)", tmp_path)
    assert "jieba" in done.stdout.split() and "jieba.posseg" not in done.stdout.split()
