# Everything that is done with this project. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run chat train check check-widget test widget benchmark benchmark-nlu faults attack lock audit clean
SHELL := bash

UV_VERSION := 0.13.9
AUDIT_VERSION := 2.10.1
VENV := .venv
PYTHON := $(VENV)/bin/python
BOT := $(PYTHON) -m bot
NPM := $(shell command -v npm)
NODE := widget/node_modules/.ready
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/runtime ## Set up, train where something changed, serve and take up changed content at http://127.0.0.1:5005
	@$(BOT) train --if-changed
	@$(BOT) serve --watch

chat: $(VENV)/runtime ## Chat in the terminal
	@$(BOT) train --if-changed
	@$(BOT) chat

train: $(VENV)/runtime ## Train a model from config.yml, domain.yml and data/
	@$(BOT) train

check: $(VENV)/dev check-widget ## Lint, types, imports, content and unit tests: under a minute
	@echo "lint";    $(VENV)/bin/ruff check --quiet . && $(VENV)/bin/ruff format --quiet --check .
	@echo "types";   $(VENV)/bin/mypy --no-error-summary
	@echo "imports"; $(VENV)/bin/lint-imports --no-cache > /dev/null || $(VENV)/bin/lint-imports --no-cache
	@echo "content"; $(BOT) validate
	@echo "unit";    $(PYTHON) -m pytest -q -n auto tests/unit tests/advice

# Only who changes the widget needs Node: what is served stands ready in widget/dist.
check-widget:
ifeq ($(NPM),)
	@echo "widget"; echo "Skipped: there is no npm to check the widget's source with."
else
	@$(MAKE) --no-print-directory $(NODE)
	@echo "widget"; cd widget && $(NPM) run --silent check
endif

widget: $(NODE) ## Build widget/dist/widget.js from its source (needs Node 20 or newer)
	@cd widget && $(NPM) run --silent build

test: check ## Everything: check, then Rasa's own checks, and tests on the trained model and a real server
	@$(BOT) train --if-changed
	@$(PYTHON) -m pytest -q -n auto --dist loadfile tests $(addprefix --ignore tests/,unit advice widget attack faults)
	@$(PYTHON) -m pytest -q tests/attack tests/faults tests/widget  # alone: they look at how long others wait

benchmark: $(VENV)/dev ## Measure turns, start-up, training and memory beside Rasa's starter set-up and a bare echo
	@$(BOT) train --if-changed
	@$(PYTHON) -m benchmarks.turns

benchmark-nlu: $(VENV)/dev ## Compare NLU pipelines; give QUESTIONS=file.jsonl to measure on labelled questions
	@$(PYTHON) -m benchmarks.nlu $(if $(QUESTIONS),--questions $(QUESTIONS))

faults: $(VENV)/dev ## Let everything around the replicas fail in turn, and write docs/faults.md (needs PostgreSQL, Redis, nginx, faketime)
	@$(BOT) train --if-changed
	@$(PYTHON) -m tests.faults

lock: ## Write requirements*.txt from pyproject.toml (needs uv)
	@scripts/lock

attack: $(VENV)/dev ## Attack a real server in every way, and tell what others saw meanwhile (6 minutes)
	@$(PYTHON) -m tests.attack

# In an environment of its own: it cannot stand beside what Rasa pins.
audit: $(VENV)/bin/uv ## Ask the advisory databases about the locked packages (needs the network)
	@for file in requirements.txt requirements-dev.txt; do \
	  $(VENV)/bin/uv tool run --quiet --from pip-audit==$(AUDIT_VERSION) pip-audit --strict --disable-pip --require-hashes -r $$file || exit; done
	@$(if $(NPM),cd widget && $(NPM) audit,echo "There is no npm to ask about the widget's tools.")

clean: ## Remove the environment, models and caches; conversations in .data/ stay
	rm -rf $(VENV) widget/node_modules .screenshots models .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/uv:
	@echo "Setting up Python 3.10 in $(VENV) …"
	@"$$(scripts/find-python)" -m venv --clear $(VENV)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Hashes are checked. The files list everything, so nothing is resolved again (`--no-deps`).
INSTALL = VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --no-deps --require-hashes --compile-bytecode

$(VENV)/runtime: requirements.txt | $(VENV)/bin/uv
	@echo "Installing what the assistant needs (about 1.7 GB) …"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev: requirements-dev.txt | $(VENV)/bin/uv
	@echo "Installing what the assistant and its tests need (about 2 GB) …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ $(VENV)/runtime

$(NODE): widget/package.json widget/package-lock.json
	@echo "Installing what the widget is built and checked with (about 80 MB) …"
	@cd widget && $(NPM) ci --silent
	@touch $@
