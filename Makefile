# Needs python3 and make. Everything else comes into .venv, from the hashed lock files.
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
RUNTIME := .venv/runtime.done
DEV := .venv/dev.done
WHO ?= lena

.PHONY: help run demo chat screenshots test check eval lock clean
.DELETE_ON_ERROR:

help:
	@echo "make run     serve the pages at http://127.0.0.1:7860"
	@echo "make demo    play one whole request in the terminal"
	@echo "make chat    talk to Askwell in the terminal (WHO=login chooses the person)"
	@echo "make test    run the tests"
	@echo "make check   ruff, mypy, import contracts, architecture tests"
	@echo "make screenshots  take the README's pictures (needs Chromium)"
	@echo "make eval    print how good retrieval, matching and the dialogue are"

$(BIN)/uv:
	@$(PYTHON) -m venv .venv || { echo "python3 cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/uv
	@echo "Installing packages (about a minute the first time) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

run: $(RUNTIME)
	@$(BIN)/askwell serve

demo: $(RUNTIME)
	@$(BIN)/askwell demo

chat: $(RUNTIME)
	@$(BIN)/askwell chat --as $(WHO)

test: $(DEV)
	$(BIN)/pytest -n 2 --dist worksteal

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/test_architecture.py tests/test_docs.py

screenshots: $(DEV)
	@$(BIN)/python -m tests.pictures

eval: $(DEV)
	@$(BIN)/askwell eval all

lock: $(DEV)
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
