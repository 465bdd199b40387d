# Everything a contributor runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Not `npm ci`: it insists on the optional packages of every platform, which a mirrored registry need not have.
node_modules/.installed: package.json package-lock.json web/package.json
	@scripts/require-node.sh
	npm install --no-save --no-audit --no-fund
	@touch $@

.PHONY: setup
setup: node_modules/.installed ## install the project's dependencies, its own Node included

web/dist/index.html: node_modules/.installed web/index.html web/vite.config.ts $(shell find web/src web/build web/public src/api/contract -type f)
	npm run --silent build

.PHONY: ui
ui: web/dist/index.html ## build the web UI that the server serves

.PHONY: demo
demo: ui ## a commit reaches a cluster (PATTERN=pull|push|hybrid|pipeline; DEMO=script: no questions; DEMO_CLUSTER=real|context)
	npm run --silent demo

.PHONY: check
check: setup ## format, lint, types, unit tests, dead code: before every commit
	npm run --silent check

.PHONY: test
test: ui ## everything: check, the render engine, a browser on the UI, then the tests on a real control plane
	@scripts/require-servers.sh
	npm run --silent check
	$(MAKE) --no-print-directory wasm-check
	npm run --silent test:render
	npm run --silent test:embedded
	npm run --silent test:ui
	npm run --silent test:simulation
	npm run --silent test:cluster

.PHONY: bench
bench: ui ## measure against a bare client and print ratios (ONLY=name: one of them)
	npm run --silent bench

.PHONY: wasm
wasm: setup ## build the render engine's artifacts (needs Go 1.26): src/render/engine
	node_modules/.bin/node wasm/build/main.ts wasm

.PHONY: wasm-check
wasm-check: setup ## test the render engine, build it anew and compare with what is committed
	node_modules/.bin/node wasm/build/main.ts test
	node_modules/.bin/node wasm/build/main.ts check

.PHONY: native
native: setup ## build the render engine as a native program into the cache
	node_modules/.bin/node wasm/build/main.ts native

.PHONY: clean
clean: ## remove what the build made inside the checkout
	rm -rf node_modules coverage web/dist wasm/.patched
