# Each target makes the environment it needs; Python 3.11 or later is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The sample county that the wheel loaded: tests copy it instead of loading it once more.
SAMPLE := $(CURDIR)/build/wheel/data

# Files go to whoever is free, in the order in which they are named: what takes long comes first, so that no worker ends
# alone. (Left to itself xdist puts the files with the fewest tests last, and those are the longest.)
SPREAD := -n auto --dist loadfile --no-loadscope-reorder

.PHONY: demo test checks lint types floors unit wheel tree postgres bench fuzz prove plans clean

demo: $(STAMP)  ## load the sample county if there is none, and serve it
	$(BIN)/gongkai demo

test: $(STAMP)  ## everything that must pass; what is read only is checked while the sample county loads
	$(MAKE) --jobs=2 --output-sync=target checks build/wheel/loaded
	$(MAKE) wheel tree postgres

checks: lint types floors

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

floors: $(STAMP)
	$(BIN)/lint-imports

unit: $(STAMP)  ## every test, from the source
	$(BIN)/pytest $(SPREAD) tests/site tests/search tests/browser tests

# What needs the source tree or a browser; all others run against the wheel, so that no test runs twice on SQLite.
tree: $(STAMP)
	GONGKAI_SAMPLE=$(SAMPLE) $(BIN)/pytest $(SPREAD) -m "tree or browser" tests/site tests/browser tests

# What touches the database once more on PostgreSQL; the cluster is made for it and gone afterwards.
postgres: $(STAMP)
	$(BIN)/python -m tests.postgres -- env GONGKAI_TESTS=database GONGKAI_SAMPLE=$(SAMPLE) $(BIN)/python -m pytest $(SPREAD) tests/site tests/search tests/portal tests/base tests/orgs tests/records tests/scheme tests/plans tests/cases tests/ledger tests/desk

# The wheel in an empty environment, run from another folder; with it the sample county is loaded and pressed.
build/wheel/loaded: $(STAMP) $(shell find gongkai -type f ! -name '*.pyc')
	rm -rf build/wheel && mkdir -p build/wheel
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel/env
	build/wheel/env/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt build/wheel/gongkai-*.whl
	cd build/wheel && env/bin/gongkai demo --no-serve && env/bin/gongkai verify && env/bin/gongkai press --all && env/bin/gongkai due --list > due.txt
	touch $@

# The tests against the wheel.
wheel: build/wheel/loaded
	build/wheel/env/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt pytest pytest-django pytest-xdist hypothesis rapidfuzz reportlab xlwt playwright axe-playwright-python
	cp -r tests pyproject.toml build/wheel/ && cd build/wheel && GONGKAI_SAMPLE=$(SAMPLE) env/bin/python -I -m pytest $(SPREAD) -p no:cacheprovider -m "not tree and not browser" --rootdir . tests/site tests/search tests

bench: $(STAMP)  ## time reading; see bench/README.md for peers
	$(BIN)/python bench/reading.py

fuzz: $(STAMP)  ## ten minutes of coverage-guided fuzzing
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt '.[fuzz]'
	$(BIN)/python tests/fuzz/fuzz_reading.py -max_total_time=600

prove: $(STAMP)  ## a million random clocks and a million random cases against a naïve second implementation
	$(BIN)/python -m tests.law.prove 1000000
	$(BIN)/python -m tests.cases.prove 1000000

clean:
	rm -rf $(VENV) build out
