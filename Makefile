# What a newcomer needs: `make demo`, `make run`, `make check`. Everything else is for those who change the suite.
.DEFAULT_GOAL := help
BIN := .venv/bin
COMPLAINTS ?=

.PHONY: help setup demo run check check-rabbit4 lint types imports generated test fuzz guide soak bench bench-full audit generate lock clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: ## .venv with everything, and .venv/bin/slkt
	@./deploy/setup.sh

demo: setup ## complaints and questions go the whole way, once; COMPLAINTS=FILE.csv for real ones
	@$(BIN)/python -m slkt.demo $(if $(COMPLAINTS),--complaints "$(COMPLAINTS)")

run: setup ## the same, and it stays: pages, doors and credentials in a table; Ctrl-C stops all
	@$(BIN)/python -m slkt.demo --stay

check: setup ## all that CI checks
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint types imports generated
	@$(MAKE) --no-print-directory test

lint:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types:
	$(BIN)/mypy contracts/src contracts/generate.py contracts/examples chassis/src cli/src \
		deploy/local/src deploy/lock_subset.py deploy/make_secrets.py deploy/audit.py deploy/make_entry.py docs/make_doors.py services/*/src bench tests

imports:
	$(BIN)/lint-imports --config .importlinter

generated:
	$(BIN)/python contracts/generate.py --check
	$(BIN)/python deploy/make_entry.py --check
	$(BIN)/python docs/make_doors.py --check

test:
	$(BIN)/python -m pytest -n 3

# What a broker of another release could do otherwise: the topology, what the chassis does with it, what breaks.
RABBIT4_TESTS = tests/contract tests/faults tests/integration/test_local_broker.py tests/integration/test_local_permissions.py \
	$(wildcard tests/integration/test_chassis_*.py) tests/integration/test_slkt_dead.py tests/e2e/test_hostile_input.py \
	tests/e2e/test_firm_at_the_broker.py tests/soak
SLKT_RABBITMQ_ROOT ?= $(CURDIR)/.local/rabbitmq4

check-rabbit4: setup ## contracts, topology and faults against RabbitMQ 4.x, from a private root made once
	@$(BIN)/python -m slkt_local.private_root "$(SLKT_RABBITMQ_ROOT)"
	SLKT_RABBITMQ_ROOT="$(SLKT_RABBITMQ_ROOT)" $(BIN)/python -m pytest -n 3 -m "long or not long" $(RABBIT4_TESTS)

fuzz: setup ## every door asked what its OpenAPI allows and forbids, EXAMPLES=100 times each
	EXAMPLES=$(or $(EXAMPLES),100) $(BIN)/python -m pytest -n 3 tests/e2e/test_fuzzed.py

soak: setup ## faults under load, one after another, then mixed (an hour); SEED=, MINUTES=, ONLY="kills poison"
	$(if $(ONLY),,$(BIN)/python -m pytest -m long)
	@PYTHONPATH=tests $(BIN)/python -m soak $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) \
		$(if $(ONLY),--only $(ONLY))

bench: setup ## how fast: ours against the floor and a naive service, and every goal (up to 30 minutes)
	$(BIN)/python -m bench $(if $(COMPLAINTS),--complaints "$(COMPLAINTS)")

bench-full: setup ## the same with a million stored matters and ten minutes of memory
	$(BIN)/python -m bench --full $(if $(COMPLAINTS),--complaints "$(COMPLAINTS)")

audit: setup ## known vulnerabilities in what requirements.lock pins; needs a network, so it is no part of check
	@$(BIN)/python deploy/audit.py

generate: setup ## schemas, AsyncAPI and catalogue from the contracts; proxy and Ingress from the ways
	$(BIN)/python contracts/generate.py
	$(BIN)/python deploy/make_entry.py
	$(BIN)/python docs/make_doors.py

guide: setup ## the pictures and the PDF of the firms' guide, from the browser's walk of the leaflet
	GUIDE=services/pujk_gateway/src/pujk_gateway/data/guide $(BIN)/python -m pytest tests/browser/test_leaflet.py

lock: setup ## a new requirements.lock from the pyproject.toml files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--no-emit-package slkt-contracts --no-emit-package slkt-chassis --no-emit-package slkt-local \
		--group pyproject.toml:dev contracts/pyproject.toml chassis/pyproject.toml cli/pyproject.toml \
		deploy/local/pyproject.toml services/*/pyproject.toml --output-file requirements.lock

clean: ## forget .venv and .local
	rm -rf .venv .local
