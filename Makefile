# Two commands do everything: make qualify, make test.  Nothing here needs root.
PYTHON ?= python3
VENV   := .venv
LAB    ?= lab_configs/rack3.yaml
ARGS   ?=

.PHONY: qualify test lint faults fixtures bench setup clean
.DEFAULT_GOAL := qualify

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh setup.sh
	@touch $@

qualify: setup
	@$(VENV)/bin/pytest checks/ --lab $(LAB) $(ARGS)

test: setup
	@$(VENV)/bin/pytest tests -rs -n auto $(ARGS)

lint: setup
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy

faults: setup
	@$(VENV)/bin/python -m tests.faults $(ARGS)

fixtures: setup
	@$(VENV)/bin/python -m harness.simlab lab_configs/rack3.yaml fixtures/rack3
	@$(VENV)/bin/python -m harness.simlab lab_configs/rack3-faulty.yaml fixtures/rack3-faulty --faults fixtures/rack3-faulty.toml
	@$(VENV)/bin/python -m harness.simlab lab_configs/mixed.yaml fixtures/mixed
	@$(VENV)/bin/python -m harness.twin.zoo fixtures/zoo

bench: setup
	@$(VENV)/bin/python bench/run.py --lab $(LAB)
	@$(VENV)/bin/python bench/judge.py $(LAB)
	@$(VENV)/bin/python bench/decode.py --growth $(ARGS)
	@$(VENV)/bin/python bench/collect.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
