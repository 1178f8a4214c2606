"""Names of persons and organisations in notices: who declares, who signs, whom to call."""

from __future__ import annotations

import re

from ingest.engine.fluency import word_gain
from ingest.engine.knowledge import surnames
from ingest.engine.notices.text import CJK

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江"
    "尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤洪施庄柯颜翁连粘留涂温康易常文牛樊葛邢安齐伍庞殷"
    "倪尤章鲁俞翟柳詹欧纪童凌毕祝阮聂纽单盛"
    "霍焦辛关左管饶鲍裴祁耿甘梅岳焉符游骆房桂景解缪邬靳路司宁舒窦苗屈项强车佘乐蓝冉宫喻卓简兰丘应季封鄢胥吉"
    "古成商植柴池官艾麦穆臧褚佟敖卜谷上欧候"
    "逄党巫米巴冷卫时明荣和曲瞿娄桑蒲幸伏胖宗郎查原郜匡冼練赖沙麻揭"
)
"""Single-character surnames in use in the county papers' region and beyond; data, to be extended."""

COMPOUND_SURNAMES = (
    "欧阳",
    "上官",
    "司徒",
    "诸葛",
    "司马",
    "夏侯",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
    "东方",
    "南宫",
    "长孙",
    "宇文",
    "轩辕",
)

SURNAME = f"(?:{'|'.join(COMPOUND_SURNAMES)}|[{''.join(sorted(set(SURNAMES)))}])"
RARE_SURNAME = f"(?:{'|'.join(surnames()[1])}|[{''.join(sorted(surnames()[0] | set(SURNAMES)))}])"
"""With those that are more often plain words (平, 计, 阳): only where something else says it is a name."""
DOTTED = rf"[{CJK}]{{1,6}}(?:[·•・‧][{CJK}]{{1,6}}){{1,3}}"
"""买买提·艾力."""
NAME = rf"(?:{DOTTED}|{SURNAME}[{CJK}某×xX*＊·]{{1,3}})"
PERSONS = re.compile(rf"^{NAME}(?:[、, ]{NAME}|和{NAME}|及{NAME})*$")

ORG_END = (
    r"(?:公司|厂|店|行|社|部|所|院|会|局|委|校|园|中心|站|场|馆|处|队|组|厅|办|室|团|协会|学会|商会|基金会"
    r"|银行|支行|分行|信用社|合作社|管理人|法院|检察院|政府|街道办事处|办事处|医院"
    r"|诊所|药店|酒店|酒家|食府|会所|驿站|客栈|民宿|山庄|基地|宾馆|餐厅|饭店|超市|商行|经营部|门市部|工作室"
    r"|事务所|幼儿园|小学|中学|学校|大学|学院|村委会|居委会|村民委员会|居民委员会|业主委员会|工会"
    r"|工会委员会|庵|寺|庙|宫|观|祠|堂"
    r"|药房|商城|商场|购物广场|茶楼|酒楼|画廊|煤矿|(?:海鲜|美食|家具|建材|装饰|家居|洗浴|服装|鞋|茶叶|五金|图书)城"
    r"|联社|分局|支队|大队|中队|派出所|项目部|指挥部|筹备组|清算组|管委会|联合会|促进会|研究会|车队|船务"
    r"|货运|批发部|商店|便利店|食杂店|小吃店|美容院|网吧|茶庄|茶行|农场|养殖场|加工厂|商贸|集团|企业|总会"
    r"|分会|理事会|董事会|股东会|吧|坊|家庭|亲属|家属|全体家属|子女)"
)
"""How the names of organisations (and of families that sign) end."""
ORG = re.compile(rf"^[{CJK}A-Za-z0-9&·\-()“”\"、. ]{{2,60}}?{ORG_END}(?:\([^)]{{2,30}}\))?$")

SURE_ORG = re.compile(
    rf"^[{CJK}A-Za-z0-9()·]{{2,40}}(?:公司|工厂|[鞋服衣具料品纸布化饰箱石材械塑][厂店]|制衣厂|加工厂|商店"
    rf"|商行|经营部|合作社|合作联社|委员会|人民政府|办公室|管理局|[安监源政业局路电水食林税务建育]局|小组|公安局|法院|检察院"
    rf"|协会|学会|商会|促进会"
    r"|联合会|基金会|分行|支行|中心|管理人|清算组|村委会|居委会|街道办事处|学校|小学|中学|学院|大学|幼儿园"
    r"|医院|卫生院|派出所|大队|支队|管委会|指挥部|项目部|筹备组|工会|董事会|公证处|事务所"
    r"|集团)(?:\([^)]{2,20}\))?$"
)
"""Organisations sure enough to sign alone without a date; '新规下月起施行' ends like a bank and is a headline."""

SIGNER_LABEL = re.compile(
    r"^(?:声明(?:人|单位|方|公司|者)|公告(?:人|单位|机关|方)|登报人|挂失人|遗失人|失主|启事人|致歉人|道歉人"
    r"|通知(?:人|单位|方)|招标(?:人|单位)|公示(?:人|单位)|清算组|特此(?:声明|公告)|发布(?:人|单位)|招领人"
    r"|申明人|鸣谢人|答谢人|署名|落款|敬告(?:人)?|告知(?:人|单位)|承诺人|(?:夫|妻|子|女|孝(?:男|女|子)|儿"
    r"|媳)|(?:患者|病人|学生|死者|逝者|全体)?(?:家属|家长|亲属)|患者|业主|授权人|委托人|投诉人|出借人"
    r"|借款人|债权人|出租人|承租人|当事人|经营者|负责人) ?[:：]|^(?:市民|读者|群众|村民|居民|患者) "
    r"|^(?:孝[男女子媳婿孙]|孤哀子|[孤哀][子女]|男|女"
    r"|媳|婿|妻|夫|子|孙)[ :]"
)
"""声明人:…"""

_PLACE_BEFORE_NAME = re.compile(
    rf"^[{CJK}A-Za-z0-9\-()]*(?:省|市|县|区|镇|乡|村|社区|街道|路|号|组|室|栋|幢|弄|巷|里|楼|小区|自然村"
    rf"|村民|居民|业主|职工|员工|学生|户主|市民|公民|个体工商户|个体户|经营者|股东|法定代表人|本人|我|兹有"
    rf"|现有|船主|车主|司机|军人|农民|牧民) ?(?P<name>{NAME})$"
)


SIGN_OFF_WORDS = re.compile(
    r"(?:[ ,]*(?:率|携|偕|暨|及)?(?:全家|阖家|合家|家属|全体家属|子女|眷属|儿孙|孙辈|子孙|众子女"
    r"|孝眷)*(?:[泣叩敬谨拜哀同]{1,2}[告谢启叩上拜具]|鞠躬|叩|启|上))$"
)
"""'李文德 李文福 率家属叩谢': what stands behind the names of those who sign."""


TITLES = (
    r"(?:先生|女士|小姐|经理|主任|老师|律师|师傅|老板|阿姨|主管|书记|会计|干事|助理|警官|法官"
    r"|[科所站院校部处局厂社馆村队]长)"
)
TITLED = re.compile(rf"{TITLES}$")
CALLED = rf"(?:[\u4e00-\u9fff]{{1,3}}{TITLES}|{SURNAME}[工总]|[小老阿][\u4e00-\u9fff])"
"""Whom to call, behind a telephone number: '李小姐', '秦工'."""
"""'李小姐' is whom to call, not who signs."""


COUNSEL = re.compile(rf"[ ,](?:常年)?(?:法律顾问|(?:代理|委托)(?:律师|人)):?[{CJK}]{{1,20}}$")
"""'某某公司 法律顾问:万律师': the company signs."""


PLACE = re.compile(rf"^[{CJK}]{{2,10}}[省市县区镇乡村]$")
"""'揭阳市榕城区 谢少华 谢少强 叩谢': where those who sign live."""


_MOURNERS = re.compile(rf"^(?:孝[男女子媳婿孙]|孤哀子|[孤哀][子女])[{CJK}]{{2,4}}(?:、[{CJK}]{{2,4}})*$")


def are_mourners(text: str) -> bool:
    """Whether the word says who mourns, with no gap before the names ('孝男林文雄、林文武'), whatever the surname."""
    return _MOURNERS.match(text) is not None


def is_person(text: str) -> bool:
    """Whether the folded text is one or several personal names."""
    if TITLED.search(text):
        return False
    return PERSONS.match(text) is not None and ORG.match(text) is None


def name_before(text: str) -> str:
    """The name of two or three characters that a text opens with, cut where it tears no word ('李伟四川大学…')."""
    lengths = (3, 4) if text.startswith(COMPOUND_SURNAMES) else (3, 2)
    return min((text[:length] for length in lengths), key=lambda name: word_gain(name, text[len(name) :]))


def is_rare_name(text: str) -> bool:
    """Whether the text may be a person's name where only a name is wanted ('费宏伟遗失…')."""
    return _RARE_NAME.match(text) is not None and ORG.match(text) is None


_RARE_NAME = re.compile(rf"^{RARE_SURNAME}[{CJK}]{{1,2}}$")


def is_sure_organisation(text: str) -> bool:
    return SURE_ORG.match(text) is not None


def is_organisation(text: str) -> bool:
    return ORG.match(text) is not None


def person_at_end(text: str) -> str:
    """The personal name after a place or a calling ('…海山村施纯得' gives 施纯得), else ''."""
    found = _PLACE_BEFORE_NAME.match(text) or _CALLED.search(text)
    return found["name"] if found and not is_organisation(found["name"]) else ""


_CALLED = re.compile(rf"(?:村民|居民|市民|牧民|农民|职工|员工|学生|业主|户主) ?(?P<name>[{CJK}]{{2,4}})$")
"""After one of these any characters are a name ('居民额尔敦')."""
