# firsthand: `make learn` opens JupyterLab where you stopped, `make test` runs every check.
#
#   make learn UNIT=402            another unit; a newcomer begins with 000, start here
#   make learn BROWSER=none        print the address instead of opening a browser
#   make test-all                  the end-to-end tests too: cohorts, attacks, kills, a browser
#   make test TORCH_ARGS="..."     arguments for torch's own `pip install`, to choose another build
#   make setup PYTHON=python3.12   another interpreter (3.11 to 3.14)

TORCH = 2.13.0
TORCH_ARGS ?=
UNIT ?=
BROWSER ?=

BIN = .venv/bin

.PHONY: help learn test test-all setup lint lock clean distclean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | sed -n '1,7p'
	@echo 'Also: make setup, make lint, make lock, make clean, make distclean'

learn: setup
	@$(BIN)/firsthand learn $(UNIT) $(if $(filter none,$(BROWSER)),--browser none)

test: setup
	@$(BIN)/python scripts/run_checks.py

test-all: setup
	@$(BIN)/python scripts/run_checks.py --all

lint: setup
	@$(BIN)/python scripts/run_checks.py --only lint

setup:
	@TORCH='$(TORCH)' TORCH_ARGS='$(TORCH_ARGS)' PYTHON='$(PYTHON)' sh scripts/setup.sh

# Resolves requirements.in anew and writes requirements.lock and environment.yml.
# LOCK_ARGS=--upgrade takes the newest releases; without it the present pins stay where they can.
lock: setup
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/python -m uv pip compile --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --custom-compile-command 'make lock' --quiet $(LOCK_ARGS) \
	  --excludes requirements.excluded requirements.in --output-file requirements.lock
	@$(BIN)/python scripts/write_environment.py

clean:
	rm -rf .setup.log .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . \( -name .venv -o -name work \) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean
	rm -rf .venv
