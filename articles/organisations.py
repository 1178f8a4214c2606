"""Whether a declarant is an organisation or a person. In doubt a person: their numbers are masked. Pure."""

from __future__ import annotations

import re

# How names of organisations end. One character tells only in a name of four or more: 王会, 李小店 are people.
_CERTAIN = (
    "公司|集团|银行|支行|分行|信用社|合作社|联社|工厂|商店|商行|超市|酒店|饭店|餐厅|宾馆|药店|药房|经营部|门市部|批发部|"
    "食杂店|便利店|专卖店|工作室|事务所|研究所|派出所|卫生所|诊所|医院|卫生院|法院|检察院|学院|大学|学校|中学|小学|幼儿园|"
    "村委会|居委会|委员会|管委会|业委会|工会|协会|商会|学会|基金会|联合会|促进会|研究会|理事会|董事会|股东会|政府|街道办|"
    "办事处|管理处|管理局|分局|支队|大队|中队|指挥部|项目部|筹备组|清算组|工作组|管理人|中心|农场|加工厂|养殖场|市场|"
    "企业|车队|公证处|仲裁委|出版社|报社|杂志社|旅行社|律师事务所|总站|车站|电视台|图书馆|博物馆|文化馆|体育馆"
)
_LIKELY = "厂店行社部所院会局委校园站场馆处队厅办团铺坊屋阁轩楼庙寺宫观庵祠堂库组"
_COMPOUND_SURNAMES = (
    "欧阳|上官|司徒|诸葛|司马|夏侯|皇甫|尉迟|公孙|慕容|令狐|端木|东方|南宫|长孙|宇文|轩辕|闻人|澹台|公冶|宗政|濮阳|淳于|单于|太叔|申屠|"
    "仲孙|钟离|鲜于|闾丘|亓官|司寇|子车|微生|西门|呼延"
)
_ENDS_CERTAIN = re.compile(rf"(?:{_CERTAIN})$")
_BRACKETED = re.compile(r"[(（\[〔【][^()（）\[\]〔〕【】]*[)）\]〕】]")
_SEPARATORS = re.compile(r"[、,，;；/\n]|(?<=[\u4e00-\u9fff]{2})(?:和|及|与)(?=[\u4e00-\u9fff]{2})")
_TITLES = re.compile(r"(?:家属|子女|亲属|全家|先生|女士|同志|经理|股东|员工|职工|学生|村民|居民|业主|户主)")


def is_organisation(name: str) -> bool:
    """True only if every one named is clearly an organisation: “某某公司、王小明” is not."""
    whole = "".join(_BRACKETED.sub("", name).split())
    if _is_one(whole):
        return True
    parts = [part for part in _SEPARATORS.split(whole) if part]
    return len(parts) > 1 and all(_is_one(part) for part in parts)


def _is_one(name: str) -> bool:
    if re.search(r"[、,，;；/]", name) or len(name) < 4:
        return False
    if _ENDS_CERTAIN.search(name):
        # 某某公司员工王小明 does not end so, and 王小明学校 cannot be told from a school: it is taken for one.
        return True
    if name[-1] not in _LIKELY or _TITLES.search(name[-4:]):
        return False
    is_name = len(name) == 4 and re.match(_COMPOUND_SURNAMES, name)
    return not is_name
