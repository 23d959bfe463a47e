# The two commands of a fresh machine: `make demo` and `make test`. Python 3.11 or later and make, nothing else.

PYTHON ?= python3
BIN := .venv/bin
DEMO := instance/demo
PORT ?= 8000

.PHONY: setup demo demo-reset test check bench pictures manual words lock

setup: .venv/ready

demo: setup
	@TRUSTFUND_INSTANCE=$(DEMO) $(BIN)/trustfund demo
	@TRUSTFUND_INSTANCE=$(DEMO) TRUSTFUND_CLOCK=2018-01-24T14:00:00Z $(BIN)/trustfund serve --bind 127.0.0.1:$(PORT)

demo-reset:
	rm -rf $(DEMO)
	@$(MAKE) demo

test: setup
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint templates

bench: setup
	$(BIN)/python -m bench

pictures: setup  ## of every page of every person, wide and narrow, English and French: pictures/index.html
	$(BIN)/python -m tests.browser.pictures

manual: setup  ## after a page changed that README or docs/ show: their pictures
	TRUSTFUND_MANUAL=1 $(BIN)/python -m pytest -q tests/browser/test_manuals.py

words: setup  ## after a sentence was added or changed: the catalogues learn it, a translator fills it in
	$(BIN)/python -m trustfund.translations

lock:  ## after a dependency changed
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q -o requirements.lock

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "trustfund needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Name another with PYTHON=python3.12.")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
