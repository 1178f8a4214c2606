"""Settings of the web server: `gunicorn --config jjcms/gunicorn.py jjcms.wsgi`."""

import os

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
max_requests = 20_000  # a worker is renewed now and then, so that a slow leak never matters
max_requests_jitter = 2_000
# A short heartbeat file on disk stalls workers on slow disks; memory does not.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
loglevel = "warning"
