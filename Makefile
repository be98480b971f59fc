# Needs Python 3.11 or later and make. Every target sets up what it needs, once; after that nothing uses the network.

PYTHON ?= python3
PROCESSES ?= 4
# Processes of the tests; a file stays in one of them.
TEST_PROCESSES ?= 2
DEMO := build/demo

VENV := .venv
BIN := $(VENV)/bin
BENCH_VENV := .venv-bench
BENCH_METHODS := kaplan-meier logrank cox cox-strata cox-start-stop cumulative-incidence fine-gray concordance logistic
BENCH_PYTHON := $(BENCH_VENV)/bin/python
UV ?= uv
BROWSER := build/browser

SOURCES := $(shell find src -not -path '*/__pycache__*')
PYTEST := $(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) --dist loadfile
# The lock file is complete: nothing is resolved again, or a newer release of a package with extras would be looked at.
PIP_INSTALL := -m pip install -qq --require-hashes --no-deps
WHEEL_INSTALL := -m pip install -qq --no-deps --no-index --force-reinstall
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

# The same source gives the same wheel, byte for byte.
export SOURCE_DATE_EPOCH := 1767225600
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_INPUT := 1
# What is run is the installed wheel, whatever the caller's environment says.
unexport PYTHONPATH
unexport PYTHONHOME

.DELETE_ON_ERROR:
.PHONY: help demo test check static lint types imports coverage docs browser bench bench-full lock format clean

help:
	@echo "make demo        run the three example studies, the first in one process and in several, and compare"
	@echo "make test        install the built wheel and test it"
	@echo "make check       everything: style, types, imports, documentation, tests with coverage"
	@echo "make docs        build the documentation into docs/_build/html"
	@echo "make browser     open the reports in Chromium and check them (needs Node.js, npm and Chromium)"
	@echo "make format      rewrite the code in the house format"
	@echo "make bench       compare speed, memory and results with other packages (small sizes)"
	@echo "make bench-full  the same up to 1,000,000 patients, curves up to 10,000,000"
	@echo "make lock        renew the pinned versions in requirements/ (needs uv and the network)"
	@echo "make clean       remove everything that was made"

# ---- set-up -----------------------------------------------------------------------------------

$(VENV)/.dependencies: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Cohortium needs Python 3.11 or later as '$(PYTHON)'. Install it, or name it: make PYTHON=python3.12 ..." >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' comes without venv. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements/dev.txt (once; this downloads packages) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --only-binary :all: -r requirements/dev.txt
	@touch $@

$(VENV)/.wheel: $(VENV)/.dependencies $(SOURCES) pyproject.toml README.md LICENSE
	@echo "Building and installing the wheel ..."
	@rm -rf dist
	@log=$$($(BIN)/python -m build --wheel --no-isolation --outdir dist . 2>&1) || { echo "$$log" >&2; exit 1; }
	@$(BIN)/python $(WHEEL_INSTALL) dist/cohortium-*.whl
	@touch $@

# Tools of the browser checks are no dependency of the project: nothing else needs Node.js.
$(BROWSER)/.dependencies: tests/report/browser/package.json tests/report/browser/package-lock.json
	@command -v node npm >/dev/null || { echo "make browser needs Node.js 20 or later with npm" >&2; exit 1; }
	@mkdir -p $(BROWSER)
	@cp tests/report/browser/package.json tests/report/browser/package-lock.json $(BROWSER)/
	@npm ci --prefix $(BROWSER) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(BENCH_VENV)/.dependencies: requirements/benchmarks.txt $(VENV)/.dependencies
	@echo "Setting up $(BENCH_VENV) from requirements/benchmarks.txt (once; this downloads packages) ..."
	@$(PYTHON) -m venv --clear $(BENCH_VENV)
	@$(BENCH_PYTHON) $(PIP_INSTALL) -r requirements/benchmarks.txt
	@touch $@

$(BENCH_VENV)/.wheel: $(BENCH_VENV)/.dependencies $(VENV)/.wheel
	@$(BENCH_PYTHON) $(WHEEL_INSTALL) dist/cohortium-*.whl
	@touch $@

# ---- use --------------------------------------------------------------------------------------

demo: $(VENV)/.wheel
	@rm -rf $(DEMO)
	@mkdir -p $(DEMO)
	@$(BIN)/cohortium run examples/ncctg-lung --out $(DEMO)/one-process --processes 1
	@$(BIN)/cohortium run examples/ncctg-lung --out $(DEMO)/$(PROCESSES)-processes --processes $(PROCESSES)
	@$(BIN)/python examples/compare_runs.py $(DEMO)/one-process $(DEMO)/$(PROCESSES)-processes
	@$(BIN)/cohortium run examples/mgus2-competing --out $(DEMO)/competing-risks --processes 1
	@$(BIN)/cohortium run examples/teclistamab-plasmacytoma --out $(DEMO)/reference-study --processes 1
	@echo "Report: $(CURDIR)/$(DEMO)/one-process/report.html"
	@echo "Report: $(CURDIR)/$(DEMO)/competing-risks/report.html"
	@echo "Report: $(CURDIR)/$(DEMO)/reference-study/report.html (simulated patients)"

test: $(VENV)/.wheel
	@COHORTIUM_TEST_INSTALLED=1 $(PYTEST)

browser: $(BROWSER)/.dependencies demo
	@COHORTIUM_TEST_BROWSER=1 COHORTIUM_TEST_INSTALLED=1 $(BIN)/python -m pytest tests/report/test_page_in_browser.py

# ---- checks -----------------------------------------------------------------------------------

check: static docs coverage

static: lint types imports

lint: $(VENV)/.dependencies
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.dependencies
	$(BIN)/mypy

imports: $(VENV)/.dependencies
	PYTHONPATH=src $(BIN)/lint-imports --no-logo

coverage: $(VENV)/.wheel
	COHORTIUM_TEST_INSTALLED=1 $(PYTEST) --cov --cov-report=term-missing:skip-covered

docs: $(VENV)/.wheel
	$(BIN)/python -m sphinx -W --keep-going -q --jobs auto -b html docs docs/_build/html

format: $(VENV)/.dependencies
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

# ---- rarely -----------------------------------------------------------------------------------

bench: $(BENCH_VENV)/.wheel
	$(BENCH_PYTHON) benchmarks/run.py --sizes 500x10 10000x10 --timeout 300

bench-full: $(BENCH_VENV)/.wheel
	$(BENCH_PYTHON) benchmarks/run.py --sizes 500x10 --methods bootstrap --out benchmarks/data/bootstrap.json
	$(BENCH_PYTHON) benchmarks/run.py --sizes 500x10 10000x10 100000x10 1000000x10 --methods $(BENCH_METHODS)
	$(BENCH_PYTHON) benchmarks/run.py --sizes 1000000x50 --methods cox --out benchmarks/data/wide.json
	$(BENCH_PYTHON) benchmarks/run.py --sizes 100000x50 --methods baseline --out benchmarks/data/baseline.json
	$(BENCH_PYTHON) benchmarks/run.py --sizes 10000000x2 --methods kaplan-meier logrank --out benchmarks/data/curves.json

lock:
	$(LOCK) --upgrade --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) --upgrade --no-annotate -c requirements/dev.txt pyproject.toml -o requirements/run.txt
	$(LOCK) --upgrade --no-annotate -c requirements/dev.txt --group benchmarks pyproject.toml -o requirements/benchmarks.txt

clean:
	rm -rf $(VENV) $(BENCH_VENV) dist build docs/_build docs/reference/generated docs/validation/generated
	rm -rf .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
