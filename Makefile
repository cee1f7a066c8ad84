# The commands of the project. Each step is quick when it has nothing to do, and none loses anything.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run prepare fast-hashing test test-slow check format messages docs

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is Python 3.11 or newer with its venv; PYTHON=... names another.
USABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(USABLE)' 2>/dev/null && { command -v "$$python"; break; }; done)
# What is installed is known by the contents of the lists, not by their times.
INSTALLED := $(VENV)/.installed-$(shell cksum < requirements.txt | tr ' ' '-')
INSTALLED_DEV := $(VENV)/.installed-dev-$(shell cat requirements*.txt | cksum | tr ' ' '-')
NODE_PACKAGES := tests/interop/node_modules/.installed-$(shell cksum < tests/interop/package-lock.json | tr ' ' '-')
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
# The tools read the settings too, which want to know who we are.
TOOL := DEBUG=1 DATABASE_URL=sqlite://:memory: $(BIN)
# Like production, so that `check --deploy` looks at what it would look at there. It connects to nothing.
PRODUCTION := DEBUG=0 ISSUER=https://id.example.com ALLOWED_HOSTS=id.example.com TRUSTED_PROXY_COUNT=1 \
	SECRET_KEY=0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ SECRET_KEY_FALLBACKS= \
	SEALING_KEYS=ZYXWVUTSRQPONMLKJIHGFEDCBA-zyxwvutsrqponmlkjihgfedcba-9876543210 \
	DATABASE_URL=postgresql://authproject@127.0.0.1/authproject REDIS_URL=redis://127.0.0.1:6379/0 \
	EMAIL_URL=smtp+tls://mail.example.com:587 RATE_LIMITS=on OUTBOUND_ALLOW_PRIVATE=0

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: prepare ## serve on 127.0.0.1:8000 (HOST, PORT), with everything that needs
	@exec $(BIN)/python manage.py serve

prepare: $(INSTALLED) $(CATALOGUES) .env ## install, migrate, make keys and the first administrator
	@$(BIN)/python manage.py prepare

.PHONY: two-nodes
two-nodes: $(INSTALLED) $(CATALOGUES) ## two nodes behind nginx, PostgreSQL with a standby, Redis: docs/two-nodes.md
	@exec $(BIN)/python -m deploy.cluster

fast-hashing: $(INSTALLED) ## build the password hasher for this processor; needs a compiler
	@$(BIN)/python -m tools.fast_hashing

test: $(INSTALLED_DEV) $(CATALOGUES) $(NODE_PACKAGES) ## run the tests (TESTS="tests/trust -k jwk" runs some)
	@$(BIN)/pytest $(TESTS)

test-slow: $(INSTALLED_DEV) $(CATALOGUES) ## run the tests that measure, alone; figures for docs/measurements.md
	@$(BIN)/pytest -m slow -n 0 $(TESTS)

check: $(INSTALLED_DEV) ## everything that a machine can say without running the site
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(TOOL)/mypy .
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest tests/architecture -n 0 -q
	@$(TOOL)/python manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(BIN)/python -m tools.translations check

format: $(INSTALLED_DEV) ## put the code into shape
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

messages: $(INSTALLED_DEV) ## take new texts of the tree into locale/
	@$(BIN)/python -m tools.translations update

docs: $(INSTALLED_DEV) ## write docs/settings.md and docs/specs.md anew
	@$(BIN)/python -m tools.settings_page
	@$(BIN)/python -m tools.specs_page

$(BIN)/python:
	@"$(PYTHON)" -c '$(USABLE)' 2>/dev/null \
		|| { echo "Python 3.11 or newer with its venv is needed: apt install python3-venv" >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear $(VENV)

$(INSTALLED): | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(INSTALLED_DEV): | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(INSTALLED)

# From the npm registry. Where that cannot be reached, the tests that need them are skipped.
$(NODE_PACKAGES): | $(INSTALLED_DEV)
	@if $(BIN)/npm ci --prefix tests/interop --silent; then touch $@; \
		else echo "Left out, since this failed: $(BIN)/npm ci --prefix tests/interop" >&2; fi

%.mo: %.po | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.env:
	@umask 077; "$(PYTHON)" -c 'from secrets import token_hex; \
		print("DEBUG=1", f"SECRET_KEY={token_hex(32)}", f"SEALING_KEYS={token_hex(32)}", sep="\n")' > $@

# The peers that the bench runs beside ours, in a virtual environment and a folder of their own.
BENCH_PEERS := bench/.venv/.installed-$(shell cat bench/requirements.txt bench/peers/package-lock.json | cksum | tr ' ' '-')

.PHONY: bench bench-quick bench-needs
bench: bench-needs $(BENCH_PEERS) $(CATALOGUES) ## our server beside its peers, about 25 minutes: bench/README.md
	@$(BIN)/python -m bench --plot docs/bench.svg

bench-quick: bench-needs $(BENCH_PEERS) $(CATALOGUES) ## the same in one short round, less than five minutes
	@$(BIN)/python -m bench --seconds 2 --rounds 1

bench-needs:
	@{ command -v wrk && { ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null || command -v initdb; }; } >/dev/null \
		|| { echo "The bench needs wrk and PostgreSQL: apt install wrk postgresql" >&2; exit 1; }

$(BENCH_PEERS): | $(INSTALLED_DEV)
	@$(BIN)/npm ci --prefix bench/peers --silent --no-audit --no-fund
	@$(BIN)/python -m venv --clear bench/.venv
	@bench/.venv/bin/python -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@
