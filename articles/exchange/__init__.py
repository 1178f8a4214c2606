"""An issue as other programs and libraries expect it, made from what readers may see of it and nothing else.

`issues.py` gathers an issue from live snapshots, one module writes each form of it, `folders.py` lays the files down.
"""
