# `make` shows what there is. Everything sets itself up on a fresh Debian or Ubuntu, as root or with sudo.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --root-user-action=ignore --no-build-isolation
STAMP := .venv/.complete
BESIDE = $(BIN)/python -m app.embedded run
.PHONY: help demo test test-all setup packages dev lint format bench chaos clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: setup ## a demo organization with 25 phones on a working day; ONCE=1 ends by itself
	@exec $(BIN)/muster demo $(if $(ONCE),--once)

test: setup lint ## everything that must hold, on a private PostgreSQL and Redis
	@echo "muster: running the tests ..."
	@$(BESIDE) --throwaway var/test $(BIN)/pytest -n 2 -m "not long" $(ARGS)

test-all: setup lint ## the same, with long chaos, fuzzing and matrices
	@$(BESIDE) --throwaway var/test $(BIN)/pytest -n 2 $(ARGS)

dev: setup ## all processes, with private servers
	@exec $(BIN)/muster serve

lint: setup ## ruff, mypy --strict and import-linter
	@echo "muster: checking style, types and imports ..."
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## let ruff put the code in order
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: setup ## measure, print, and write var/bench.json
	@$(BESIDE) var/bench $(BIN)/python -m bench

chaos: setup ## kill everything at random while phones report, and count
	@$(BESIDE) var/chaos $(BIN)/pytest -m long tests/chaos $(ARGS)

clean: ## stop the private servers and delete var/ and .venv
	@[ ! -x $(BIN)/python ] || for var in var/test var/bench var/chaos var; do $(BIN)/python -m app.embedded delete $$var || exit 1; done
	@rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

setup: packages $(STAMP) ## install what is missing: packages, environment

packages:
	@deploy/install-packages

# Everything comes as a wheel but Flask-Principal, pure Python that was never published as one: hence setuptools first, by its hash too.
$(STAMP): requirements.lock requirements-build.lock pyproject.toml | packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "muster: Python 3.11 or later is needed, this is " + sys.version)'
	@echo "muster: making the Python environment (a minute or two) ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes -r requirements-build.lock
	@$(PIP) --require-hashes --use-pep517 -r requirements.lock
	@$(PIP) --no-deps --no-index --editable .
	@touch $(STAMP)
