# Two commands are all that is needed: `make demo` and `make test`. Both set up .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types layers bench environments picture clean

demo: .venv/demo.stamp
	$(BIN)/metneed demo

test: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --cov --cov-report=term --cov-fail-under=95

# A competitor whose environment cannot be made is reported as missing.
bench: .venv/bench.stamp
	-$(BIN)/python -m benchmarks --environments
	$(BIN)/python -m benchmarks

environments: .venv/dev.stamp
	$(BIN)/python -m benchmarks --environments

picture: .venv/dev.stamp
	$(BIN)/python docs/pictures.py

# A stamp is newer than pyproject.toml when what it names is installed.
.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/demo.stamp: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/dev.stamp: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	touch $@ .venv/demo.stamp

.venv/bench.stamp: .venv/dev.stamp
	$(BIN)/python -m pip install --quiet --group bench
	touch $@

clean:
	rm -rf .venv benchmarks/environments/*/.venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
