# Every command of this repository. `make` alone lists them; each one prepares what it needs.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
SETUP = $(PYTHON) tools/setup.py

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
PY := $(BIN)/python
# Tools started by tools (npm by the build hook, pyright by its wrapper) find this environment first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export NO_ALBUMENTATIONS_UPDATE := 1

# Parallel test processes; groups of tests that share a server stay on one of them.
JOBS ?= 2
# Warnings are errors; what has not changed is not read again.
SPHINX = $(PY) -m sphinx --quiet --fail-on-warning --keep-going -d build/doctrees docs build/docs

.PHONY: help setup demo test test-python test-web check fix docs pictures build dev e2e bench

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup: ## Make the environment in .venv, install the packages, build the front end
	@$(SETUP)

demo: ## Real images in, looked at, exported and compared; then JupyterLab with a tour (DEMO_SECONDS=60 to end by itself)
	@$(SETUP)
	$(BIN)/jupyter-roboflow demo $(if $(DEMO_SECONDS),--seconds $(DEMO_SECONDS))

test: test-python test-web ## Run every test (Python, then TypeScript)

test-python: ## Run the Python tests; `make test-python ARGS="-k coco"` for some of them
	@$(SETUP) --services
	$(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

test-web: ## Run the TypeScript tests
	@$(SETUP)
	npm run --silent test

check: ## Style, types, layers, documents: everything that needs no running
	@$(SETUP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m pyright
	$(BIN)/lint-imports --no-logo
	npm run --silent check
	$(SPHINX)

fix: ## Repair style and order of imports where a tool can
	@$(SETUP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	npm run --silent fix
	PYTHONPATH=docs $(PY) -m from_code

docs: ## Build the user guide into build/docs
	@$(SETUP)
	$(SPHINX)

pictures: ## Take the screenshots and the recording of README and guide anew, in a real JupyterLab
	@$(SETUP) --services
	$(PY) -m tools.pictures $(ARGS)

build: ## Build the front end, then the sdist and the wheel into dist/
	@$(SETUP)
	$(PY) -m build

dev: ## JupyterLab with this checkout; the front end is rebuilt as it changes
	@$(SETUP)
	$(PY) tools/dev.py $(ARGS)

e2e: ## The tests in a real browser
	@$(SETUP) --services
	$(PY) -m pytest tests/e2e -n $(JOBS) --dist loadgroup $(ARGS)

bench: ## Compare with peers in one run; writes bench/RESULTS.md
	@$(SETUP)
	$(PY) -m bench $(ARGS)
