"""Headings of notices as printed: alone in their line, or at the start of the line their notice stands in."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.engine.notices import kinds, lines, people
from ingest.engine.notices.kinds import SEEN

HEADING_MOST = 46
"""The longest heading of one line ('某某建设投资有限公司关于…项目环境影响评价第二次公示')."""
OWN_NAMES = ("公司", "本公司", "企业", "工厂", "学校", "项目", "工程")
GENERAL_MOST = 24
GENERAL_ENDS = ("公告", "通告", "启事", "声明", "公示", "通知", "通知书", "公告书")
"""'征收土地公告', '封山禁火通告': a heading of any content, if it is short; the body must then prove it."""

ADORN = r"[●○■□◆◇★☆▲△▼※◎*\[\]《》<>\-=_~ ]"
STRONG = (
    r"(?:遗失(?:作废)?(?:声明|启事|公告)|(?:公章|证件|发票|收据|合同)?(?:声明作废|作废声明)|挂失声明|(?:拟"
    r"|简易)?注销(?:登记|清算)?(?:公告|声明)|(?:解散)?清算(?:组)?公告|债权(?:人)?(?:债务)?(?:申报)?公告"
    r"|减资公告|减少注册资本公告|吸收合并公告|合并公告|更名公告|(?:公司)?名称变更(?:公告|声明)"
    r"|债权转让(?:暨[^,。;:]{2,8})?(?:通知)?公告|(?:网络)?拍卖公告|招标公告|招租(?:公告|启事|信息)"
    r"|转让(?:启事|公告|信息)"
    r"|招聘(?:启事|信息)|招工启事|寻人启事|寻物启事|(?:失物)?招领启事|招领公告|寻亲公告|讣告|鸣谢(?:启事)?"
    r"|致谢|解除劳动(?:合同|关系)(?:通知书|公告|通知)|行政处罚(?:决定书)?(?:送达)?公告|继承公告|交房公告"
    r"|交付公告"
    r"|业主大会公告|迁坟(?:公告|通告)|停电(?:公告|通知)|停水(?:通知|公告)|严正声明|郑重声明|道歉声明"
    r"|致歉声明|更正(?:启事|公告|声明|说明)|出租信息|转让出租|便民服务)"
)
"""Headings firm enough to be seen inside a line."""
AT_START = re.compile(
    rf"^(?:{ADORN}*(?P<heading>{STRONG}){ADORN}*(?P<mark>[:：]|(?<=[\] ●■◆★☆▲*>])|(?= )|))(?=[^,。;的栏)”」了中后])"
)
BRACKETED = re.compile(r"^[●■◆★☆▲◎* ]*\[(?P<heading>[^\[\]]{2,24})\] ?[:：]?(?=.)")


GENERAL_AT_START = re.compile(rf"^{ADORN}*(?:声明|公告|启事|通知|通告|启示) ")
"""'声明 某某公司不慎将营业执照丢失': with a gap, over a body that opens like a notice."""
LABELLED = re.compile(rf"^{ADORN}*(?P<heading>[\u4e00-\u9fff]{{2,8}}){ADORN}*[:](?=[^\s“])")
"""'厂房出租:安海镇…': any kind's heading before a colon."""


@lru_cache(maxsize=SEEN)
def heading_of(flat: str) -> kinds.Kind | None:
    """The kind of a line that is nothing but a heading: a kind's heading alone, or after the name of who announces."""
    bare = kinds.bare_heading(flat)
    if not 1 < len(bare) <= HEADING_MOST or any(sign in bare for sign in ",。;!?:“"):
        return None
    if flat.count("《") != flat.count("》") or flat.count("(") != flat.count(")"):
        return None
    kind = kinds.heading_kind(bare)
    if kind is not None:
        return kind
    ending = kinds.heading_ending(bare)
    if ending is None:
        return None
    kind, start = ending
    if _is_named(bare, start):
        return kind
    return kind if len(bare) <= GENERAL_MOST and bare.endswith(GENERAL_ENDS) and not _SPOKEN_OF.search(bare) else None


_SPOKEN_OF = re.compile(
    r"刊登|本报|发布|出台|上述|上列|该|此|这|不服|诉(?!讼)|要求|请求|作出|提起|被告|原告|上诉|申请人|收到"
    r"|接到|签发|下发|现有|看到|张贴|撤回|一[则份纸张]"
)
"""'本报12月18日刊登的注销公告', '不服…作出的不予登记通知书' speak of a notice and are none."""


_VERBS = frozenset({"遗失", "丢失", "灭失", "挂失", "转让", "出租", "出售", "更正"})
"""'某某公司遗失' is no heading but a sentence broken by its column."""


def _is_named(bare: str, start: int) -> bool:
    """Whether what stands before a kind's heading says whose or what about ('…有限公司', '关于…的')."""
    before = bare[:start]
    if bare[start:] in _VERBS:
        return False
    if _SPOKEN_OF.search(before):
        return False
    if before in OWN_NAMES or lines.is_signer(before) or before.endswith(("拟", "申请")):
        return True
    if before.startswith("关于") or (before.endswith("的") and "关于" in before):
        return True
    return bare.endswith(GENERAL_ENDS) and any(people.is_organisation(before[:end]) for end in range(4, len(before)))


def is_weak(flat: str) -> bool:
    """Whether a heading line is one only by its last word ('征收土地公告'): the body must prove it."""
    bare = kinds.bare_heading(flat)
    if kinds.heading_kind(bare) is not None:
        return False
    ending = kinds.heading_ending(bare)
    return ending is None or not _is_named(bare, ending[1])


_OWNER = re.compile(r"^[^,。;:]{2,30}?(?:公司|厂|店|合作社|幼儿园|村民委员会|企业|商行|经营部|中心|事务所)")


def _begins_body(rest: str) -> bool:
    """Whether a notice may begin right after its heading, with no sign between ('减资公告某某公司经…')."""
    return kinds.opening_kind(rest) is not None or _OWNER.match(rest) is not None


def end_at_start(flat: str) -> int:
    """Where the body begins after a heading in the same line ('遗失声明:张三…', '[招租]店面…'), else 0."""
    found = AT_START.match(flat)
    if found and (found["mark"] or _begins_body(flat[found.end() :])):
        return found.end()
    labelled = LABELLED.match(flat)
    if labelled and (kind := kinds.heading_kind(kinds.bare_heading(labelled["heading"]))) and kind.name != kinds.OTHER:
        return labelled.end()
    general = GENERAL_AT_START.match(flat)
    if general and kinds.opening_kind(flat[general.end() :]) is not None:
        return general.end()
    bracketed = BRACKETED.match(flat)
    if bracketed and kinds.heading_kind(kinds.bare_heading(bracketed["heading"])) is not None:
        return bracketed.end()
    return 0
