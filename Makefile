# Everything one does with Deskbell, in one place. `make` lists it.
SHELL := bash
.DEFAULT_GOAL := help
# Two cargo builds at once would only wait for each other.
.NOTPARALLEL:

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
BIN := $(TARGET)/debug/deskbell
STAGE := scripts/stage
# Each makes one mistake; see src/wrong.rs.
WRONG := wrong-answer-first,wrong-no-unique-key,wrong-blind-resend,wrong-cursor-first,wrong-lease-without-fence
# Suites that need more than Rust and PostgreSQL; each has a target of its own.
APART := --skip mail_servers:: --skip crash:: --skip storm::

help: ## this list
	@sed -n -E 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

run: ## the demo: a library, its patrons and their questions, on http://127.0.0.1:8080
	cargo run -- demo

test: ## everything: installs what is missing, then lint and every suite
	@rm -f $(TARGET)/stages; mkdir -p $(TARGET)
	@for stage in tools lint test-rust test-web test-mail test-crash test-faults test-browser; do \
	  STAGES=$(TARGET)/stages $(MAKE) --no-print-directory $$stage || exit 1; \
	done
	@echo; cat $(TARGET)/stages

tools: ## install what the tests need (apt-get, npm; quick when it is all there)
	@$(STAGE) tools scripts/tools.sh

lint: ## formatting, clippy, svelte-check, and licences when cargo-deny is installed
	@$(STAGE) fmt cargo fmt --all --check
	@$(STAGE) clippy cargo clippy --workspace --all-targets -- -D warnings
	@$(STAGE) svelte-check npm --prefix web run --silent check
	@if cargo deny --version >/dev/null 2>&1; then $(STAGE) deny cargo deny check bans licenses sources; fi

test-rust: ## unit tests, verbs over HTTP on both engines, connectors, house rules
	@$(STAGE) test-rust cargo test --workspace -- --quiet $(APART)

test-web: ## the web page's unit tests
	@$(STAGE) test-web npm --prefix web run --silent test

test-mail: ## against real Dovecot and Postfix
	@$(STAGE) test-mail cargo test --test it -- --quiet mail_servers::

test-crash: ## killed again and again beside real mail servers: nothing lost, nothing doubled
	@$(STAGE) test-crash cargo test --test it -- --nocapture --test-threads 1 crash::

test-faults: ## every platform fails in every way and the program is killed: nothing lost, nothing doubled
	@$(STAGE) test-faults cargo test --test it -- --nocapture --test-threads 2 storm::

crash: ## not part of `test`: the same with a thousand kills, half of them at named places; KILLS=300 for fewer
	@DESKBELL_KILLS=$(or $(KILLS),1000) DESKBELL_READY_MS=2000 $(STAGE) crash cargo test --features failpoints --test it -- --nocapture --test-threads 1 storm::

crash-wrong: ## not part of `test`: five builds that are wrong on purpose must each be caught by the storm
	@$(STAGE) crash-wrong cargo test --features $(WRONG) --test it -- --nocapture --test-threads 1 storm::wrong

test-browser: ## the page and the demo in real Chromium, with axe
	@$(STAGE) page npm --prefix web run --silent build
	@$(STAGE) page-size npm --prefix web run --silent size
	@$(STAGE) test-page npm --prefix web run --silent e2e
	@$(STAGE) build cargo build --bin deskbell
	@$(BIN) openapi > $(TARGET)/openapi.json
	@$(STAGE) api-client npm --prefix web run --silent api -- $(TARGET)/openapi.json --check
	@DESKBELL_BIN=$(BIN) $(STAGE) test-browser node --test --test-concurrency=3 --test-reporter=spec tests/e2e/*.test.mjs

bench: ## the speed promises, beside floors measured in the same run; SIZE=10000 for a quick look
	cargo bench --bench speed -- large=$(or $(SIZE),1000000)

openapi: ## write the description of the HTTP interface that web/ is typed from
	npm --prefix web run --silent api

clean: ## remove everything that was built or downloaded for the project
	cargo clean
	rm -rf web/node_modules tests/e2e/node_modules .local

.PHONY: help run test tools lint test-rust test-web test-mail test-crash test-faults crash crash-wrong test-browser bench openapi clean
