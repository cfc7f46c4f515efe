# Dengji. `make help` lists the targets; each calls a script that can be run by hand as well.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

export PATH := $(CURDIR)/.venv/bin:$(PATH)
PYTHON_ENV := .venv/bin/python

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Install everything locked into .venv and node_modules (needs make, Python 3.11+, a C compiler)
	@scripts/setup

.PHONY: demo
demo: setup ## Run the main job end to end on a real dataset
	@$(PYTHON_ENV) -m scripts.demo

.PHONY: test
test: setup ## Run all tests: contracts, Python, parity, integration on anvil, the built wheel
	@scripts/test

.PHONY: check
check: setup ## Check formats, lints, types, import layers and generated files
	@scripts/check

.PHONY: fmt
fmt: setup ## Format Solidity and Python, and apply the linter's safe fixes
	@forge fmt
	@ruff check --fix-only --quiet
	@ruff format --quiet

.PHONY: lint
lint: setup ## Run only the linters and the type checker
	@scripts/check lint

.PHONY: compile
compile: setup ## Compile the contracts and write registry/artifacts
	@$(PYTHON_ENV) -m scripts.compile

.PHONY: snapshots
snapshots: setup ## Write the snapshots of gas, storage and ABI anew, after a change that is meant
	@FORGE_SNAPSHOT_CHECK=false FORGE_SNAPSHOT_EMIT=true forge test --match-contract GasTest
	@$(PYTHON_ENV) -m scripts.gen_storage --meant
	@$(PYTHON_ENV) -m scripts.gen_abi --meant

.PHONY: gas
gas: setup ## Measure the gas of every operation against its target
	@$(PYTHON_ENV) -m benchmarks.gas

.PHONY: bench
bench: setup ## Run the benchmarks and write their report
	@$(PYTHON_ENV) -m benchmarks

.PHONY: assurance
assurance: setup ## Run the long forms of all checks, part by part, and write their report
	@$(PYTHON_ENV) -m assurance

.PHONY: lock
lock: setup ## Resolve the dependencies anew and write the lock files
	@scripts/lock

.PHONY: clean
clean: ## Remove build products and caches, keep the set-up
	@rm -rf out cache dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
