"""Settings of the web server: `gunicorn --config jjcms/gunicorn.py jjcms.wsgi`."""

import os
from typing import Any

from jjcms import logs

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
keepalive = 5
# A worker is renewed now and then, so that a slow leak never matters. Not often: a new one loads the word list first,
# and kept pages are thousands a second.
max_requests = 200_000
max_requests_jitter = 20_000
# The longest address of ours is a search for 200 characters, nine bytes each, with its filters and cursor.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# A short heartbeat file on disk stalls workers on slow disks; memory does not.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
loglevel = "warning"
logconfig_dict = logs.config(os.environ.get("LOG_FORMAT") or "text")


def post_worker_init(worker: Any) -> None:
    """Before the worker takes requests: its first reader should not wait two seconds for a dictionary."""
    from articles.words import warm_up

    warm_up()
