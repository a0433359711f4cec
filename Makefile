# Two commands matter: `make run` and `make test`. Both do all the set-up on a fresh machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
# Tests wait for browsers and clocks more than they compute.
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

.PHONY: run test lint types unit browser bench chaos screenshots format lock clean

run: $(VENV)/.run
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint types unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev browser
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

bench: $(VENV)/.dev browser
	$(BIN)/python -m tests.benchmarks

# Every fault at full size, about an hour; `make chaos PROGRAMS=kills SEED=7` runs one of them again.
chaos: $(VENV)/.dev
	$(BIN)/python -m tests.chaos $(PROGRAMS) $(if $(SEED),--seed $(SEED))

screenshots: $(VENV)/.dev browser
	$(BIN)/python -m tests.screenshots

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Debian's without windows where this machine is root and has apt: it costs the tests a third less. Else the one that there
# is already, else Debian's whole one, or Playwright's own.
APT = export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends
browser: $(VENV)/.dev
	@command -v chromium-headless-shell >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { $(APT) chromium-headless-shell; }; } \
	|| command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { $(APT) chromium; }; } \
	|| $(BIN)/playwright install chromium

# The pins of everything, for Python 3.11 and later.
lock: $(VENV)/.dev
	$(BIN)/pip install -q uv
	sed '/^-c /d' requirements.txt requirements-dev.txt | grep -v '^-r ' | \
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url - -o constraints.txt

$(VENV)/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Countersign needs Python 3.11 or later: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing what the app needs. The first time this takes a minute or two."
	$(BIN)/pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt constraints.txt | $(VENV)/bin/pip
	@echo "Installing what the app and its tests need. The first time this takes a few minutes."
	$(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
