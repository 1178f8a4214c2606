"""What holds for every text, however odd: the spans, the lines, the same answer twice."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.engine.notices import find_notices
from tests.ingest.engine.notices.page import assert_promises, lines_of

PIECES = st.sampled_from(
    """遗失声明|声明作废。|张三|不慎遗失|身份证|公章一枚|,|。|⏎|⏎⏎| |　|2025年12月20日|12月32日|2O25年12月2O日|公 告
分类广告 2025年12月20日 星期六|广告热线:13305077599|债权债务公告|公告|晋江市某某鞋业有限公司|减资公告
统一社会信用代码:91350582MA2Y8KXR3T|自见报之日起45日内|联系人:林某某 联系电话:0595-85661234|地址:晋江市青阳街道
本报讯(记者 李四)|特此公告。|●|★|招租|【招聘启事】|拍卖公告|法院公告|(2025)闽0582民初123号|声明人:|编号:|O350123456
一、|的|“|”|:|向债权人申报|诚聘业务员5名|身份证号350582199410166745|孝男 张三|关于某某的|国家税务总局某市税务局
电话:8566123|(|)|《|》|，|：|２０２５年|1396555""".replace("\n", "|")
    .replace("⏎", "\n")
    .split("|")
)


def check(source: str, printed: date | None) -> None:
    found = find_notices(source, lines_of(source), printed_date=printed)
    assert_promises(source, found)
    assert found == find_notices(source, lines_of(source), printed_date=printed)


@given(st.text(max_size=200), st.none() | st.dates())
def test_any_text_keeps_the_promises(source: str, printed: date | None) -> None:
    check(source, printed)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40).map("".join), st.none() | st.dates())
def test_text_made_of_notices_keeps_the_promises(source: str, printed: date | None) -> None:
    check(source, printed)
