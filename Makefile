# `make run` sets up and serves; `make test` runs everything. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
PY := .venv/bin/python
# The data folder, as jjcms/settings.py finds it. Its name may have spaces, so nothing in it is a target.
VAR := $(if $(JJCMS_DATA_DIR),$(JJCMS_DATA_DIR),var)
# `make run` serves plain HTTP to this machine only.
LOCAL := SERVE_HTTP=1
# Two `make run` at once take turns at setting up.
ALONE := flock .venv/.lock

.PHONY: help run static test check browser clean

help:
	@echo "make run     建好环境、导入示例、启动网站（PORT=8000 可改）"
	@echo "make test    全部测试：SQLite、PostgreSQL、无头浏览器"
	@echo "make check   代码检查：ruff、mypy、迁移"
	@echo "make clean   删去 .venv 和 var，包括数据库"

.venv/.made:
	@mkdir -p .venv
	@$(ALONE) bash scripts/make-venv "$(PYTHON)"

.venv/.runtime: .venv/.made requirements.txt
	@$(ALONE) $(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.txt
	@$(ALONE) $(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Only when something is newer than the list of what was collected.
static: .venv/.runtime
	@list="$(VAR)/static/staticfiles.json"; \
	if [ ! -e "$$list" ] || [ -n "$$(find .venv/.runtime */static -newer "$$list" -print -quit)" ]; then \
		$(LOCAL) $(ALONE) $(PY) manage.py collectstatic --noinput --verbosity 0 && touch "$$list"; \
	fi

run: static
	@$(PY) scripts/check-port "$(HOST)" "$(PORT)"
	@$(LOCAL) $(ALONE) $(PY) manage.py migrate --verbosity 0
	@$(LOCAL) $(ALONE) $(PY) manage.py demo --base-url "http://localhost:$(PORT)/"
	@echo "按 Ctrl-C 停止。"
	@$(LOCAL) exec .venv/bin/gunicorn --config jjcms/gunicorn.py --bind "$(HOST):$(PORT)" jjcms.wsgi

browser:
	@bash scripts/install-chromium

check: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy articles ingest jjcms tests manage.py
	SERVE_HTTP=1 $(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check --deploy --fail-level WARNING

# One run per database; browser tests and the run of `make run` itself belong to the first.
test: check browser
	$(PY) -m pytest -n 2
	$(PY) -m tests.postgres $(PY) -m pytest -n 2 -m "not once"

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache
