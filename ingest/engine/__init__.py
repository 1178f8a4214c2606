"""Rebuild a newspaper page from badly extracted text. Pure Python: text in, `PageLayout` out.

    from ingest.engine import Hints, read_page
    layout = read_page(text, source="page.txt")

Same input, same output: no clock, no settings, no database, no network. Imports the standard library, jieba
and itself only.
"""
