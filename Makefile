# One verb a line; what a verb does is in scripts/, in a file of its name.
#   STACK=qa2 HTTP_PORT=8090   a second stack beside the first
#   MODE=compose|embedded      instead of what the machine can do

PYTHON := $(shell for python in python3 /usr/bin/python3 python3.13 python3.12; do \
	$$python -c 'import sys; sys.version_info < (3, 9) and sys.exit(1); print(sys.executable)' 2>/dev/null && break; done)
VERB = @$(PYTHON) -m scripts.
UV = $(PYTHON) -m scripts.uv
RUN = $(UV) run --project backend --quiet
IN_BACKEND = $(UV) run --directory backend --quiet

.DEFAULT_GOAL := help
.PHONY: help up dev down reset ps logs shell psql seed verify-audit bench fmt lint types contracts \
	test test-code test-unit test-integration test-architecture test-stack test-compose

help: ## print the verbs
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1|/p' Makefile | while IFS='|' read -r verb text; do printf '  make %-18s %s\n' "$$verb" "$$text"; done

up: ## bring the stack up, healthy and seeded
	$(VERB)up

dev: ## the same, web and worker reload when the code changes
	$(VERB)dev

down: ## stop it; the data stays
	$(VERB)down

reset: ## wipe the data and seed anew
	$(VERB)reset

ps: ## the state of each service
	$(VERB)ps

logs: ## the logs; SERVICE=worker for one
	$(VERB)logs

shell: ## a Django shell
	$(VERB)manage shell

psql: ## a psql on the database
	$(VERB)psql

seed: ## the demo cast; VOLUME=100000 adds that many members
	$(VERB)manage seed $(if $(VOLUME),--volume $(VOLUME))

verify-audit: ## name what was tampered with in the audit log; ORGANIZATION=id for one
	$(VERB)manage verify_audit $(if $(ORGANIZATION),--organization $(ORGANIZATION))

bench: ## the API against plain Django REST Framework; ROUNDS=60 for a longer look
	@$(RUN) python -m scripts.bench

fmt: ## format the code
	@$(RUN) ruff format . && $(RUN) ruff check --fix-only .

lint: ## ruff, style and format
	@$(RUN) ruff check . && $(RUN) ruff format --check .

types: ## mypy, strict
	@$(IN_BACKEND) mypy . ../scripts ../tests

contracts: ## who may import whom
	@$(IN_BACKEND) lint-imports

test: lint types contracts test-code test-stack ## all of it; needs no engine

test-code: ## unit, integration, architecture; test-unit and so on for one
	@$(RUN) pytest -n 2 tests/unit tests/integration tests/architecture

test-unit test-integration test-architecture: # one kind of tests
	@$(RUN) pytest tests/$(@:test-%=%)

test-stack: ## through HTTP against an embedded stack of its own
	@SLIPWAY_STACK_MODE=embedded $(RUN) pytest tests/stack

test-compose: ## the same against a Compose project of its own
	@SLIPWAY_STACK_MODE=compose $(RUN) pytest tests/stack
