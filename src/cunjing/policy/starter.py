"""The file `policy new` hands out: a county's own policy, built on a shipped one."""

STARTER = """\
# 县里自己的政策：在随产品提供的政策上改几处。改好后运行：cunjing policy check 本文件
id: my-county
inherits: suzhou-2021
title: 本县“一村一警一辅警”工作制度
issuer: 本县公安局
document_number: 请填文号
issued_on: 2026-01-01
# 原文文件的 SHA-256：sha256sum 原文文件
source_digest: "0000000000000000000000000000000000000000000000000000000000000000"
# 本县的区划代码
scope: ["000000"]
valid_from: 2026-01-01

# 要改哪几处，去掉下面的 # 再改。改了门槛的规则要在 cases/规则.yaml 里写出
# 达标、未达标、边界三种用例，检查才通过；没有改的规则沿用上级政策的用例。
# overrides:
#   parameters:
#     rotation-months: {default: 24, note: 县里定的辅警交流期限}
#   rules:
#     # 从 2027 年起每月进村 3 天
#     visit-days:
#       threshold:
#         - {value: 2, valid_to: 2027-01-01}
#         - {value: 3, valid_from: 2027-01-01}
"""
