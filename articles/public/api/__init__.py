"""The read-only JSON interface, version 1: the published archive as data.

`endpoints` is the one table of what there is; addresses, the checks of parameters and the OpenAPI description are made
from it. Everything read here is what readers see: live snapshots, masked.
"""
