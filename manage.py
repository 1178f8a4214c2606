#!/usr/bin/env python3
"""Django's command-line entry."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jjcms.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as mistake:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"设置有误：{mistake}")
    except OperationalError as problem:  # the database is not there, or no longer
        if "--traceback" in sys.argv:
            raise
        told = " ".join(str(problem).split())
        sys.exit(f"数据库用不了：{told}（检查 DATABASE_URL，数据库是否在运行；详情加 --traceback）")


if __name__ == "__main__":
    main()
