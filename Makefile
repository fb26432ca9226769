# A thin face of commands that README.md documents. `make demo` and `make test` set up everything they need.

# The first Python that is new enough; override with `make PYTHON=/path/to/python3.12 …`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
LOCK := .lock/requirements.txt
CARD_LOCK := .lock/card.txt
BIN := .venv/bin

.PHONY: demo test test-all mutants lint format lock clean
.DEFAULT_GOAL := demo

demo: .venv/ready
	$(BIN)/python -m guard.provision
	$(BIN)/guard demo

test: lint
	$(BIN)/python -m guard.provision --tests
	$(BIN)/pytest

# Also what takes too long for every change: each accident class, and whatever else is marked all_day.
test-all: lint
	$(BIN)/python -m guard.provision --tests
	$(BIN)/pytest -m ""

# Faults seeded on purpose, in the core and at its edge: the tests must see each of them.
mutants: .venv/ready
	$(BIN)/python -m guard.provision --tests
	$(BIN)/pytest -m "" tests/property/test_seeded_mutants.py
	$(BIN)/python -m tests.mutants.score

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy guard flows tests
	$(BIN)/lint-imports

format: .venv/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Made anew only when the lock or the project's own description changes.
.venv/ready: $(LOCK) pyproject.toml
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Run: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory venv-module
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r $(LOCK)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Debian and Ubuntu keep venv in a package of its own.
.PHONY: venv-module
venv-module: VENV_PACKAGE = $(shell $(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
venv-module:
	@test "$$(id -u)" = 0 && command -v apt-get >/dev/null || { \
		echo "$(PYTHON) comes without venv. Run: sudo apt-get install $(VENV_PACKAGE)" >&2; exit 1; }
	apt-get -qq update
	DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $(VENV_PACKAGE)

# For every Python from 3.11 on and every system; `uv` must be on PATH. No address of a registry is written.
lock: COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock:
	$(COMPILE) --extra dev pyproject.toml -o $(LOCK)
	$(PYTHON) -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*project["optional-dependencies"]["card"], sep="\n")' | $(COMPILE) - -o $(CARD_LOCK)

clean:
	rm -rf .venv build dist *.egg-info guard-demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
