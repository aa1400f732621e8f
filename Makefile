# Saycut. `make demo` and `make test` are all a newcomer needs; both work on a fresh machine with Python 3.11+.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1

.PHONY: help demo test check format bench soak train clean

help: ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/.run

demo: $(VENV)/.run ## do the four main jobs on an example clip, into demo/
	$(BIN)/python examples/demo.py demo

test: $(VENV)/.dev ## run the tests (20 to 25 minutes on two cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not soak"

check: $(VENV)/.dev ## style, types, the rules of the house
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure beside plain ffmpeg and the published figures
	$(BIN)/python -m benchmarks

soak: $(VENV)/.dev ## the long runs: faults, evaluation sets, hours
	$(BIN)/python -m pytest -n 2 -m soak --timeout 3600
	$(BIN)/python -m pytest -n 2 -m "hypothesis and not soak" --hypothesis-profile search

train: $(VENV)/.dev ## make our own network anew: hours on two cores (SOURCES=folders of recordings)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[train]'
	$(BIN)/python -m training $(SOURCES) --work build/training

clean: ## remove what was made here
	rm -rf $(VENV) demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
