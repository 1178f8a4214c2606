"""The correction desk 整版校对台: one newspaper page as a value, the operations on it, and how they reach the rows.

`layout`, `operations`, `steps` and `codec` are pure; `rows` reads, `saving` writes, `views` answers the browser.
"""
