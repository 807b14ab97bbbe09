"""Counts told in prose: sentences of our own, told and not told, and the five reports where they lie beside us."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.identity.prose import ProseCount, counts

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds"

TOLD = [
    # proactive disclosure, all channels
    ("全年我镇主动公开政府信息318条。", {"disclosed_total": 318}),
    ("2020年，本街道主动公开各类政府信息共计1,206条。", {"disclosed_total": 1206}),
    ("2020年度共主动公开信息1.2万条。", {"disclosed_total": 12000}),
    ("今年主动公开政务信息二百二十条。", {"disclosed_total": 220}),
    ("本年度主动公开信息总数为46件。", {"disclosed_total": 46}),
    ("我局全年累计公开政府信息７５条。", {"disclosed_total": 75}),
    ("截至2020年底，我乡主动公开了83条政府信息。", {"disclosed_total": 83}),
    ("通过网站、微信公众号、公开栏等渠道主动公开信息512条。", {"disclosed_total": 512}),
    ("主动公开信息64条，其中政策文件8件，比上年增加12条。", {"disclosed_total": 64}),
    ("全年政府信息公开总量达905条。", {"disclosed_total": 905}),
    ("1.主动公开政府信息情况：36条。", {"disclosed_total": 36}),
    ("本机关公开政府信息48条。", {"disclosed_total": 48}),
    ("主动公开机构职能、规划计划、财政预决算等各类信息97条。", {"disclosed_total": 97}),
    # the website
    ("在县政府网站发布疫情防控、政策解读等各类信息300条。", {"disclosed_website": 300}),
    ("今年在县政府门户网站公开信息140条。", {"disclosed_website": 140}),
    ("通过区政府网站，全年发布各类政务信息77条。", {"disclosed_website": 77}),
    ("在政务网上传信息35篇。", {"disclosed_website": 35}),
    ("我局通过门户网站主动公开政府信息21条，通过微信公众号发布信息156条。",
     {"disclosed_website": 21, "disclosed_wechat": 156}),
    # news, WeChat, Weibo, others
    ("全年更新工作动态类信息58条。", {"disclosed_news": 58}),
    ("网站更新政务动态230条、通知公告12条。", {"disclosed_news": 230}),
    ("微信公众号推送图文信息402篇。", {"disclosed_wechat": 402}),
    ("我街道公众号全年推送图文19期。", {"disclosed_wechat": 19}),
    ("抖音号发布短视频15条。", {"disclosed_other": 15}),
    ("发布微信信息88条、微博信息31条。", {"disclosed_wechat": 88, "disclosed_weibo": 31}),
    ("官方微博发布信息1203条。", {"disclosed_weibo": 1203}),
    ("其中微信86条，微博40条，抖音12条。", {"disclosed_wechat": 86, "disclosed_weibo": 40, "disclosed_other": 12}),
    ("利用公示栏公开信息33条。", {"disclosed_other": 33}),
    ("政府网站发布信息90条（其中政务动态41条）。", {"disclosed_website": 90, "disclosed_news": 41}),
    ("政府网站公开政府信息9条，政务微博公开政府信息7条，政务微信公开政府信息6条，其他方式公开政府信息5条。",
     {"disclosed_website": 9, "disclosed_weibo": 7, "disclosed_wechat": 6, "disclosed_other": 5}),
    # requests
    ("2020年我镇共收到政府信息公开申请6件，均已按期答复。", {"requests_received": 6}),
    ("本年度新收依申请公开3件，上年结转1件。", {"requests_received": 3, "carried_in": 1}),
    ("全年收到公民、法人和其他组织提出的信息公开申请十二件。", {"requests_received": 12}),
    ("今年收到2件群众提出的政府信息公开申请。", {"requests_received": 2}),
    ("本年度我局未收到任何政府信息公开申请。", {"requests_received": 0}),
    ("2020年没有收到公民、法人或者其他组织要求公开信息的申请。", {"requests_received": 0}),
    ("全年无依申请公开事项。", {"requests_received": 0}),
    ("本年收到政府信息公开申请0件。", {"requests_received": 0}),
    ("发出收费通知0件，总金额0元，实际收取0元。", {"processing_fee": 0}),
    # what became of requests, and disputes about them
    ("共办理政府信息公开申请5件。", {"handled": 5}),
    ("办结政府信息公开申请5件，予以公开3件。", {"handled": 5, "granted": 3}),
    ("政府信息公开申请全部办结12件，其中予以公开6件，部分公开2件，不予公开1件，无法提供二件，不予处理0件，其他处理1件。",
     {"handled": 12, "granted": 6, "granted_in_part": 2, "withheld": 1, "unavailable": 2, "unprocessed": 0,
      "other_outcome": 1}),
    ("办结依申请公开15件，结转下年度继续办理2件。", {"handled": 15, "carried_out": 2}),
    ("因政府信息公开引发行政复议3件，行政诉讼1起。", {"reconsiderations": 3, "suits": 1}),
    ("本年度未发生行政复议、行政诉讼案件。", {"reconsiderations": 0, "suits": 0}),
    ("全年没有因政府信息公开被提起行政诉讼。", {"suits": 0}),
    ("制发行政规范性文件6件。", {"normative": 6}),
    # money
    ("全年收取信息公开处理费120元。", {"processing_fee": 120}),
    ("本年度没有收取政府信息公开处理费。", {"processing_fee": 0}),
    ("政府集中采购项目14个，采购总金额86.5万元。", {"procurement_amount": 865_000}),
    ("2020年政府采购金额1.03亿元。", {"procurement_amount": 103_000_000}),
    ("全年采购金额2358万。", {"procurement_amount": 23_580_000}),
]  # fmt: skip

NOT_TOLD = [
    "大厅受理办件4309件，好差评4309件。",
    "开通政务微信公众号2个、抖音号1个。",
    "联系电话0472-5550000，邮编014010。",
    "去年主动公开信息150条。",
    "主动公开信息较上年增加30条。",
    "2019年主动公开政府信息150条。",
    "自网站开通以来累计公开信息3600条。",
    "2008年以来累计公开政府信息5200条。",
    "2021年计划主动公开信息300条。",
    "下一步，力争全年公开政府信息不少于200条。",
    "办理人大建议5件、政协提案7件，均公开答复内容。",
    "网站公开信箱收到来信45件。",
    "门户网站访问量达到3万次。",
    "微信公众号关注量新增800个，阅读12万次。",
    "收到信访件31件，其中申请复查2件。",
    "收到行政复议申请4件。",
    "指导各村公开村务信息260条。",
    "公开栏设置信息公开栏目12个。",
    "根据第二十条第一项，主动公开规章。",
    "依据《条例》第五十条发布本报告。",
    "主动公开内容涉及财政预算20项。",
    "举办政务公开培训3期，参加120人次。",
    "检查网站公开信息，整改错别字15条。",
    "采购预算资金300万元。",
    "节约采购资金12万元。",
    "转载上级网站政策信息70条，其中主动公开情况良好。",
    "其中主动公开财政信息9条。",
    "微博、微信共发布信息300条。",
    "对未收到答复的申请人逐一说明。",
    "规范性文件公开12件。",
    "上半年主动公开信息64条。",
    "主动公开重点领域信息30条。",
    "依申请公开政府信息3条。",
    "收到行政许可申请200件。",
    "未收到行政许可申请。",
    "未收到对政务公开工作的投诉。",
    "微信群转发信息300条。",
    "主动公开信息几十条。",
    "发布疫情动态30条。",
    "2020年与2019年相比，增加公开政府信息12条。",
    "公开招标采购项目14个。",
    "通过网站公开行政处罚信息200条。",
    "公众号推出政策解读文章19期。",
    "全年公开征求意见12条，公开招聘信息3条。",
    "平均每月主动公开信息10条。",
    "2020年1-6月主动公开信息64条。",
    "自收到政府信息公开申请之日起20个工作日内答复。",
    "收到政府信息公开申请20个工作日内作出答复。",
    "因未收到申请人的补充材料，该件顺延。",
    "未收到政府信息公开方面的批评。",
    "没有收到信息公开费用减免申请。",
    "清理无政府信息公开申请渠道的单位。",
    "政府采购限额标准金额为50万元。",
    "对应当公开的信息予以公开120件。",
    "办理行政许可申请200件。",
    "受理行政复议案件350件。",
    "政府信息公开行政复议维持2件。",
    "未经行政复议直接起诉。",
    "行政复议机关没有撤销决定。",
    "无正当理由不得拒绝行政复议。",
    "清理规范性文件12件。",
    "上级印发规范性文件3件。",
]

DOUBTED = [
    ("主动公开信息300余条。", "disclosed_total", 300, "约数"),
    ("全年主动公开政府信息近200条。", "disclosed_total", 200, "约数"),
    ("微信公众号推送信息约1万条。", "disclosed_wechat", 10_000, "约数"),
    ("主动公开信息500条以上。", "disclosed_total", 500, "约数"),
    ("全年受理政府信息公开申请4件。", "requests_received", 4, "受理"),
    ("全年收到群众申请4件。", "requests_received", 4, "未言明"),
    ("今年发布政府信息61条。", "disclosed_total", 61, "渠道"),
    ("2018年工作有序。我局主动公开信息61条。", "disclosed_total", 61, "2018"),
]


def told(text: str, year: int | None = 2020) -> list[ProseCount]:
    return counts(text, [(0, len(text))], year)


@pytest.mark.parametrize(("text", "expected"), TOLD, ids=[t for t, _ in TOLD])
def test_a_count_told_in_a_sentence_is_read(text: str, expected: dict[str, float]) -> None:
    found = told(text)
    assert {c.code.removeprefix("narrative."): c.value for c in found} == expected
    assert all(c.raw == text[c.start : c.end] and c.doubt is None for c in found)


@pytest.mark.parametrize("text", NOT_TOLD)
def test_other_counts_are_not_taken(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "code", "value", "word"), DOUBTED)
def test_what_is_told_loosely_carries_a_doubt(text: str, code: str, value: float, word: str) -> None:
    (found,) = told(text)
    assert (found.code, found.value) == ("narrative." + code, value)
    assert word in (found.doubt or "")


def test_two_values_for_one_code_name_each_other() -> None:
    first, second = told("我镇主动公开信息64条。经汇总，主动公开信息71条。")
    assert (first.value, second.value) == (64, 71)
    assert "71" in (first.doubt or "")
    assert "64" in (second.doubt or "")


def test_the_value_called_the_total_stands_alone() -> None:
    (found,) = told("主动公开信息64条。全年共主动公开信息171条。")
    assert (found.value, found.doubt) == (171, None)


def test_one_value_told_twice_is_one_count() -> None:
    (found,) = told("主动公开信息64条。综上，主动公开信息64条。")
    assert (found.value, found.doubt) == (64, None)


def test_sentences_inside_tables_are_not_read() -> None:
    text = "主动公开信息64条。\n主动公开信息71条。\n"
    assert [c.value for c in counts(text, [(0, 11)], 2020)] == [64]


def test_without_a_report_year_a_dated_count_is_read() -> None:
    assert [c.value for c in told("2019年主动公开信息150条。", None)] == [150]


def test_the_five_reports() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the five source documents are not beside this repository")
    expected = {
        "000": {},
        "001": {"disclosed_total": 220},
        "002": {"disclosed_website": 95, "disclosed_news": 102, "disclosed_wechat": 289},
        "003": {"requests_received": 0, "processing_fee": 0},
        "004": {},
    }
    years = {"000": 2019, "001": 2020, "002": 2019, "003": 2023, "004": 2020}
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        found = counts(text, [(0, len(text))], years[path.name[:3]])
        assert {c.code.removeprefix("narrative."): c.value for c in found} == expected[path.name[:3]], path.name
        assert not [c for c in found if c.doubt]
