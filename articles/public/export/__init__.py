"""The public site as plain files: see `site.export`.

Pages are made by the site's own views, so the copy says what the site says. What needs a server behind it (search, the
look-up by number, the JSON interface, proofs of publication) is left out, and nothing in the copy leads there.
"""
