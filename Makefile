# Two commands are all a new machine needs: `make run` and `make test`.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
ARGS ?=

.PHONY: run test lint bench system clean

run: $(VENV)/.product ## start the hub (ARGS="-c DIR" for another configuration)
	@$(BIN)/watchpost run $(ARGS)

test: lint ## every check and every test
	@$(BIN)/pytest -n 2 --dist loadgroup

lint: $(VENV)/.developer system
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.developer ## every benchmark, one JSON object each
	@for each in tests/benchmarks/*.py; do $(BIN)/python $$each || exit 1; done

system: ## what tests need from the system: a broker, certificates, a browser
	@sh .ci/system-packages mosquitto openssl chromium libatomic1

$(BIN)/python:
	@echo "Making an environment in $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { rm -rf $(VENV); sh .ci/system-packages python3-venv && $(PYTHON) -m venv $(VENV); }
	@$(PIP) install --upgrade pip

$(VENV)/.product: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing Watchpost (the first time takes about half a minute) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.developer: setup.cfg pyproject.toml | $(BIN)/python
	@echo "Installing Watchpost and what its tests need ..."
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.product

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache
