# Saycut. `make demo` and `make test` are all a newcomer needs; both work on a fresh machine with Python 3.11+.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export OMP_NUM_THREADS := 1

# The page is built where Node.js is; everything else works without.
PAGE := src/saycut/http/page/index.html
PAGE_SOURCES := $(shell find web -path web/node_modules -prune -o -type f -print)
NODE := $(shell command -v npm 2>/dev/null)

.PHONY: help demo test check format bench soak train web wheel clean

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

web: $(PAGE) ## build the page that `saycut serve` shows (needs Node.js 20.19 or newer)

ifdef NODE
$(PAGE): $(PAGE_SOURCES)
	cd web && npm ci --loglevel error --ignore-scripts --no-audit --no-fund && npm run --silent types && npm run --silent build
	@size=$$(cat $(dir $(PAGE))* | gzip -9 | wc -c); echo "the page: $$size bytes packed"; [ $$size -le 300000 ]
else
$(PAGE):
	@echo "NODE ABSENT: the page is not built and not checked; the API works without it" >&2
endif

wheel: $(VENV)/.run ## a wheel with its page, into dist/; fails without the page
	SAYCUT_RELEASE=1 $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps -w dist .

test: $(VENV)/.dev $(PAGE) ## run the tests (20 to 25 minutes on two cores)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not soak"

check: $(VENV)/.dev $(PAGE) ## style, types, the rules of the house
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
	rm -rf $(VENV) demo dist build web/node_modules $(dir $(PAGE)) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
