# Everything a contributor runs. Needs python3.11 or newer (with venv and pip) and make.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## find a bug in the example's first template
	@cd fixtures/activate && set -- check --config kratos.careless.yml \
	  && echo "$$ jsonnet-ctx $$*" && code=0 && { ../../$(BIN)/jsonnet-ctx "$$@" || code=$$?; } \
	  && echo && echo "exit code $$code: a release gate would stop here" \
	  && echo "next: compare with webhook.activate.jsonnet in fixtures/activate, which passes: make check" \
	  && test $$code -eq 1

test: $(READY) ## lint, types and tests, as CI runs them
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q -n 2

check: $(READY) ## run jsonnet-ctx over the example's templates
	cd fixtures/activate && ../../$(BIN)/jsonnet-ctx check --config kratos.yml

bench: $(READY) ## measure speed, as ratios
	$(BIN)/python -m benchmarks

docs: $(READY) ## write docs/reference, and what commands print into the other pages
	$(BIN)/python scripts/generate_reference.py
	$(BIN)/python scripts/refresh_documents.py

clean: ## remove the virtual environment and every cache
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

# The environment is made once, and again when its definition changes.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "python 3.11 or newer is needed, $(PYTHON) is older; try: make PYTHON=python3.12 …" >&2; exit 2; }
	@test -x $(BIN)/python || { echo "making .venv (once)"; $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python -m compileall -q jsonnet_ctx # an editable install is not compiled
	@touch $@
