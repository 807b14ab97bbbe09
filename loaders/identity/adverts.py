"""Words of advertising: hijacked copies of reports print them in place of names, so such text is no evidence."""

from __future__ import annotations

import re

ADVERT = re.compile(
    r"博彩|赌|葡京|娱乐城|棋牌|彩票|百家乐|时时彩|六合彩|威尼斯人|万博|亚博|开云(?:体育|平台|官网|真人)|乐鱼|米兰体育|太阳城|金沙娱乐|银河娱乐|真人|电竞|体育(?:官网|app|平台)"
    r"|官网.{0,2}[省市县区]|(?i:app|bet|www|http)|澳门新|皇冠(?:体育|现金|足球|投注|官网)|必威|华体会"
)
