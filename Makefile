# Everything is installed into .venv and .cache inside the checkout. Only `make browser`, which the tests need, installs
# a package of the distribution, and only where there is no Chromium yet.
# Another interpreter: make PYTHON=python3.13 test

PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 3

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 1
# Modules are compiled once, also where the environment asks for it at every start: a server is three processes.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(BIN)/python -m pip install --quiet

# A checkout that was moved or copied has a .venv that points to the old place: make it anew.
ifneq ($(wildcard .venv/.made),)
ifneq ($(shell cat .venv/.made),$(CURDIR))
.venv/.made: moved
endif
endif

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: .venv/.project .venv/.develop ## Install everything for tests and checks into .venv

.PHONY: demo
demo: .venv/.project ## Show the service at work, from nothing
	$(BIN)/dstore demo

.PHONY: serve
serve: .venv/.project ## Run the service
	$(BIN)/dstore serve

.PHONY: browser
browser: ## Install Chromium for the tests, if there is none and apt-get may
	@$(BROWSER_THERE) || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && $(BROWSER_INSTALL); } || true
	@$(BROWSER_THERE) || { \
	  echo "dstore: the tests need Chromium or Chrome, and there is none here. On Debian: sudo apt-get install chromium" >&2; \
	  echo "dstore: or name one: make test DSTORE_TEST_BROWSER=/path/to/chrome" >&2; exit 1; }

BROWSER_THERE = { test -n "$$DSTORE_TEST_BROWSER" || command -v chromium || command -v chromium-browser || \
	command -v google-chrome || command -v google-chrome-stable; } >/dev/null
BROWSER_INSTALL = export DEBIAN_FRONTEND=noninteractive && echo "dstore: installing chromium with apt-get" && { \
	apt-get install --quiet --yes --no-install-recommends chromium || \
	{ apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends chromium; }; }

.PHONY: test
test: setup browser ## Run the tests
	$(BIN)/pytest -n $(JOBS) -q

.PHONY: test-full
test-full: setup browser ## Run the tests and the long campaigns
	$(BIN)/pytest -n $(JOBS) -q -m "full or not full"

.PHONY: check
check: setup ## Check format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

.PHONY: format
format: setup ## Format the code and fix what can be fixed by rule
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: bench
bench: setup ## Measure speed
	$(BIN)/python -m bench

.PHONY: docs
docs: .venv/.project ## Write docs/reference and the OpenAPI snapshot anew
	$(BIN)/python -m dstore docs

.PHONY: lock
lock: ## Resolve requirements/*.in into the locks anew (newest versions)
	rm -rf .cache/uv-venv
	$(PYTHON) -m venv .cache/uv-venv
	.cache/uv-venv/bin/python -m pip install --quiet uv
	for name in runtime build develop; do $(UV_COMPILE) requirements/$$name.in -o requirements/$$name.lock || exit 1; done
	$(UV_COMPILE) --no-deps requirements/sdk.in -o requirements/sdk.lock

# Universal: one lock for every supported Python and platform, with every file's hash and no index address.
UV_COMPILE = .cache/uv-venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --no-emit-find-links --cache-dir .cache/uv

.PHONY: clean
clean: ## Remove everything that was installed or generated
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The virtual environment with what the service needs; made anew when that changes.
.venv/.made: requirements/runtime.lock requirements/build.lock
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "dstore: there is no $(PYTHON) here. Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "dstore: Python 3.11 or newer is needed, but $(PYTHON) is $$("$(PYTHON)" -V 2>&1)." >&2; \
	  echo "dstore: name another one: make PYTHON=python3.13 ..." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "dstore: $(PYTHON) can't make virtual environments. On Debian: apt-get install python3-venv" >&2; exit 1; }
	rm -rf .venv
	"$(PYTHON)" -m venv .venv
	$(PIP_INSTALL) --require-hashes -r requirements/build.lock -r requirements/runtime.lock
	@echo "$(CURDIR)" > $@

# dstore itself, editable.
.venv/.project: .venv/.made pyproject.toml CHANGELOG.md
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# What tests and checks need on top.
.venv/.develop: .venv/.made requirements/develop.lock requirements/sdk.lock | .venv/.project
	$(PIP_INSTALL) --require-hashes -r requirements/develop.lock
	$(PIP_INSTALL) --require-hashes --no-deps -r requirements/sdk.lock
	@touch $@

.PHONY: moved
moved:
