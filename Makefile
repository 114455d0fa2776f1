# Everything a machine needs is fetched into .build and .venv by `make setup`; every target runs it.
.DEFAULT_GOAL := help
.PHONY: help setup day ten-days demo pictures test soak check bench release format lint types contracts machines templates links clean

BIN := .venv/bin

help:
	@echo "make day     the embedded AWS, the stacks, the sample days and their reports"
	@echo "make ten-days  ten days with a market that fails and errs"
	@echo "make demo    a month of days, three people, the console; in a home of its own"
	@echo "make test    every test, but for the soak"
	@echo "make soak    a million faults, a hundred thousand mutations, a thousand shuffles: hours"
	@echo "make check   format, lint, types, import contracts, machines, templates, links"
	@echo "make bench   measurements beside their baselines"
	@echo "make release what is deployed, as one archive with its hash, in dist/"
	@echo "make setup   .venv with the command backoffice in it"

setup:
	@bash infra/setup.sh

day: setup
	@$(BIN)/backoffice up
	@$(BIN)/python -m samples.run

# Every page in both languages, light and dark, wide and narrow, to be looked at.
pictures: setup
	@$(BIN)/python -m tests.browser.pictures .build/pictures

# In a home of its own: the days are before those of `make day`.
ten-days: export BACKOFFICE_HOME ?= $(CURDIR)/.build/ten-days
ten-days: setup
	@$(BIN)/backoffice up
	@$(BIN)/python -m samples.run_ten_days

demo: setup
	@$(BIN)/backoffice demo

# Three processes for two processors, as tests of the embedded AWS often wait; a thread of polars each:
# its small frames wait less for one another.
# A file stays in one process, for its tests share a platform; the longest begin first (tests/conftest.py).
test soak: export POLARS_MAX_THREADS = 1
test: setup
	@bash infra/fetch_hledger.sh
	@bash infra/fetch_chromium.sh
	@$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

# What takes hours; `-rP` shows what each part counted. What is in memory is shared out finely.
soak: setup
	@bash infra/fetch_hledger.sh
	@$(BIN)/pytest -n 2 -m soak -rP tests/simulation
	@$(BIN)/pytest -n 2 --dist loadfile -m soak -rP --ignore=tests/simulation

bench: setup
	@$(BIN)/python -m bench

release: setup
	@bash infra/fetch_scripts.sh
	@$(BIN)/python -m infra.release --out dist

check: lint types contracts machines templates links
	@echo "check: all is well"

format: setup
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup
	@$(BIN)/mypy .

contracts: setup
	@$(BIN)/lint-imports --no-cache

machines: setup
	@$(BIN)/python -m infra.lint.machines

templates: setup
	@$(BIN)/python -m infra.lint.templates

links: setup
	@$(BIN)/python -m infra.lint.links

clean:
	@rm -rf .build .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
