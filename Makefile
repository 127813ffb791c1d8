# Engage's commands. `make` alone lists them; each works from an empty clone and needs no other.
# Absent on purpose: anything that needs a network once the environment in .venv is there.

MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
INSTALLED := .venv/installed.stamp
INSTALLED_FOR_TESTS := .venv/installed-for-tests.stamp
CODE := engage voting realtime consultations forums
# More arguments for pytest, as in `make test PYTEST="-x -k merkle"`.
PYTEST ?=

.PHONY: help
help: ## List these commands
	@echo "Engage: polls with ballots that anyone can recount."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(INSTALLED) ## Start a sample town on http://127.0.0.1:8000 (PORT= changes it)
	@$(MANAGE) prepare
	@$(MANAGE) demo
	@exec $(MANAGE) serve

.PHONY: test
test: test-sqlite test-postgres test-browser ## Run every test: SQLite, then PostgreSQL and Redis, then a browser

.PHONY: test-sqlite
test-sqlite: $(INSTALLED_FOR_TESTS)
	@echo "== Tests on SQLite and the in-memory layer"
	@DATABASE_URL= BALLOTS_DATABASE_URL= REDIS_URL= $(BIN)/pytest $(PYTEST)

.PHONY: test-postgres
test-postgres: $(INSTALLED_FOR_TESTS)
	@echo "== Tests on PostgreSQL and Redis"
	@$(BIN)/python -m tests.services -- $(BIN)/pytest $(PYTEST)

.PHONY: test-browser
test-browser: $(INSTALLED_FOR_TESTS)
	@echo "== Journeys in a browser"
	@DATABASE_URL= BALLOTS_DATABASE_URL= REDIS_URL= $(BIN)/pytest -m browser $(PYTEST)

# What must hold before a change is offered; the parts may run side by side (make -j2 check).
.PHONY: check
check: check-style check-floors check-types check-templates check-safety check-django check-house ## Check style, floors, types, templates, safety and deployment

.PHONY: check-style check-floors check-types check-templates check-safety check-django check-house
check-style: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .

check-floors: $(INSTALLED_FOR_TESTS)
	$(BIN)/lint-imports --no-logo

check-types: $(INSTALLED_FOR_TESTS)
	DATA_DIR=.venv/check $(BIN)/mypy

check-templates: $(INSTALLED_FOR_TESTS)
	$(BIN)/djlint --lint --quiet templates

check-safety: $(INSTALLED_FOR_TESTS)
	$(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml $(CODE)

# Checked as a production would be set up; the key and the hosts are nobody's.
check-django: export DEBUG = false
check-django: export SECRET_KEY = checked-by-make-and-never-used-for-anything-else-2f9c61d07ab34e58
check-django: export SITE_ORIGIN = https://town.example
check-django: export BOOTH_ORIGIN = https://ballots.example
check-django: export TRUSTED_PROXIES = 1
check-django: export DATA_DIR = .venv/check
check-django: $(INSTALLED_FOR_TESTS)
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --deploy --fail-level WARNING

check-house: $(INSTALLED_FOR_TESTS)
	$(BIN)/pytest -p no:randomly tests/test_house.py

.PHONY: soak
soak: $(INSTALLED_FOR_TESTS) ## Come and go for ten minutes (SOAK_MINUTES=), and look for what grows
	@DATABASE_URL= BALLOTS_DATABASE_URL= REDIS_URL= $(BIN)/pytest -m soak -s $(PYTEST)

.PHONY: bench
bench: $(INSTALLED_FOR_TESTS) ## Measure ballots and live updates: NAME= one part, FULL=1 all sizes
	@$(BIN)/python -m tests.bench $(NAME) $(if $(FULL),--full)

.PHONY: replay
replay: $(INSTALLED) ## Cast a real election through the server: FILE= [VOTERS=] [LIMIT=] [URL=]
	@test -n "$(FILE)" || { echo "Name the election: make replay FILE=path/to/ballots.toi"; exit 2; }
	@$(MANAGE) replay "$(FILE)" $(if $(VOTERS),--voters $(VOTERS)) $(if $(LIMIT),--limit $(LIMIT)) \
		$(if $(URL),--url $(URL))

.PHONY: messages
messages: $(INSTALLED_FOR_TESTS) ## Collect the sentences to translate, and compile the translations
	$(MANAGE) makemessages --all --no-location --ignore=.venv --ignore=tests --ignore=var
	$(MANAGE) compilemessages --ignore=.venv

.PHONY: lock
lock: ## Lock the newest dependencies that pyproject.toml allows (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/"; exit 1; }
	uv pip compile pyproject.toml --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --upgrade --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --group dev --constraint requirements.lock --generate-hashes \
		--universal --python-version 3.11 --no-emit-index-url --no-header --upgrade --quiet \
		--output-file requirements-dev.lock

.PHONY: clean
clean: ## Remove the environment and every cache; the town's data in var/ stays
	rm -rf .venv .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The environment: plain venv and pip with hashes; uv where there is one. ---

.venv/pyvenv.cfg:
	@probe='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
		if "$$python" -c "$$probe" >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if command -v uv >/dev/null 2>&1; then uv venv --quiet --python "$${found:->=3.11}" .venv; \
	elif [ -n "$$found" ]; then echo "Making .venv with $$found"; "$$found" -m venv .venv; \
	else \
		echo "Engage needs Python 3.11 or newer with its venv module, and found none."; \
		echo "Install one (Debian: apt install python3 python3-venv) or name it: make run PYTHON=/path/to/python3"; \
		exit 1; \
	fi

INSTALL = echo "Installing $(1)"; \
	if command -v uv >/dev/null 2>&1; then \
		VIRTUAL_ENV=.venv uv pip install --quiet --require-hashes --requirement $(1); \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
			--requirement $(1); \
	fi

$(INSTALLED): requirements.lock .venv/pyvenv.cfg
	@test $(INSTALLED_FOR_TESTS) -nt requirements.lock || { $(call INSTALL,requirements.lock); }
	@touch $@

$(INSTALLED_FOR_TESTS): requirements-dev.lock .venv/pyvenv.cfg
	@$(call INSTALL,requirements-dev.lock)
	@touch $@
