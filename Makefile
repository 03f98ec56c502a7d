# Everything a person or a machine does with this project is a target here; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

# Compiled artefacts outlive a clone, so the second clone builds in seconds. An empty or missing folder is
# fine. Set CARGO_TARGET_DIR to have them elsewhere.
CARGO_TARGET_DIR ?= $(if $(HOME),$(HOME)/.cache/ep-stats/target,$(CURDIR)/target)
export CARGO_TARGET_DIR
# Cargo tells clones apart by the times of their files only; this keeps what they compile apart by their paths.
export RUSTC_WORKSPACE_WRAPPER := $(CURDIR)/.ci/rustc
# Clippy puts its own wrapper in that place, but sees when its arguments change.
LINT_FLAGS := -D warnings --cfg 'clone="$(CURDIR)"'
# Found even where rustup was installed a minute ago and the shell does not know yet.
export PATH := $(PATH):$(if $(CARGO_HOME),$(CARGO_HOME),$(HOME)/.cargo)/bin

# Tools of `make deploy-check`, installed once.
DEPLOY_TOOLS ?= $(if $(HOME),$(HOME)/.cache/ep-stats/deploy-tools,$(CURDIR)/target/deploy-tools)
export DEPLOY_TOOLS
# Likewise those of `make rest-check`.
REST_TOOLS ?= $(if $(HOME),$(HOME)/.cache/ep-stats/rest-tools,$(CURDIR)/target/rest-tools)
export REST_TOOLS
# And those of `make python-check`.
PYTHON_TOOLS ?= $(if $(HOME),$(HOME)/.cache/ep-stats/python-tools,$(CURDIR)/target/python-tools)
export PYTHON_TOOLS

# And the databases, clusters and object stores of `make check-engines`.
ENGINE_TOOLS ?= $(if $(HOME),$(HOME)/.cache/ep-stats/engine-tools,$(CURDIR)/target/engine-tools)
export ENGINE_TOOLS

# Python environments with other programs to compare with.
PEERS ?= $(if $(HOME),$(HOME)/.cache/ep-stats/peers,$(CURDIR)/target/peers)

EPSTATS := $(CARGO_TARGET_DIR)/debug/epstats
DEMO_UNITS ?= 1000000
# One experiment in twenty finds an effect of a metric that has none; this seed is not one of them.
DEMO_SEED ?= 2
FUZZ_RUNS ?= 1000000
# Property tests draw their inputs. A check draws the same ones each time; `make properties` draws others, and more of them.
PROPTEST_RNG_SEED ?= 1
PROPERTY_CASES ?= 100000
ENGINE_CASES ?= 3000
# Experiments that `make simulate` draws for each study.
SIMULATION_RUNS ?= 10000

# Rooms that do no I/O; their documentation must be without warnings.
PURE := epstats-stats epstats-formula epstats-experiment epstats-plan epstats-evaluate epstats-report
# Rooms whose tests take seconds, because nothing heavy is compiled for them.
FAST := $(PURE) epstats-simulation epstats-source epstats-source-folder epstats-api epstats

# Rooms whose tests need a server beside them; `make check-engines` starts it.
WITH_ENGINES := epstats-source-adbc epstats-source-clickhouse epstats-source-ballista

# $(call step,NAME,COMMAND) runs one step of a check, and notes how long it took.
# Notes of one clone stay in that clone.
STEP_TIMES := $(CURDIR)/target/check-times
SNAPSHOTS_USED := $(CURDIR)/target/check-snapshots
define step
@printf '\n== %s\n' '$(1)'; mkdir -p '$(CURDIR)/target'; begin=$$(date +%s); \
set +e; ( set -e; $(2) ); code=$$?; set -e; took=$$(( $$(date +%s) - begin )); \
printf '%6d s  %s\n' "$$took" '$(1)' >> '$(STEP_TIMES)'; \
if [ "$$code" -ne 0 ]; then printf '\n%s failed after %d s\n' '$(1)' "$$took" >&2; exit "$$code"; fi
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# -- first things

.PHONY: demo
demo: set-up ## make a shop with a million users and evaluate its experiment
	cargo build -p epstats-cli
	@if [ ! -f demo/experiment.yaml ]; then '$(EPSTATS)' demo --units $(DEMO_UNITS) --seed $(DEMO_SEED) --out demo; fi
	'$(EPSTATS)' evaluate demo/experiment.yaml --config demo/epstats.yaml --source demo
	@printf '\nThe files are in %s/demo:\n' '$(CURDIR)'
	@printf '  experiment.yaml  the definition that was evaluated\n'
	@printf '  epstats.yaml     where its data are\n'
	@printf '  exposures/       who saw which variant, and when\n'
	@printf '  events/          what they did\n'
	@printf '  truth.json       the effects that were put in\n'
	@printf 'The command is %s\n' '$(EPSTATS)'

.PHONY: check
check: set-up check-begin fmt-check tidy lint test check-engines rest-check python-check test-docs snapshots reference docs deploy-check ## everything that CI runs, with the time of each step
	@printf '\n'; cat '$(STEP_TIMES)'
	@awk '{total += $$1} END {printf "%6d s  in all\n\ncheck passed\n", total}' '$(STEP_TIMES)'

.PHONY: check-begin
check-begin:
	@mkdir -p '$(CURDIR)/target'; rm -f '$(STEP_TIMES)'

# -- while working

.PHONY: test-fast
test-fast: set-up ## tests of the rooms without heavy dependencies, in seconds
	PROPTEST_RNG_SEED=$(PROPTEST_RNG_SEED) cargo test $(addprefix -p ,$(FAST)) --lib --tests

.PHONY: fmt
fmt: set-up ## format the code
	cargo fmt --all

.PHONY: fmt-check
fmt-check: ## fail where `make fmt` would change something
	$(call step,fmt-check,cargo fmt --all --check)

.PHONY: tidy
tidy: ## arrows between rooms, banned calls, manifests, links, leftovers
	$(call step,tidy,cargo xtask tidy)

.PHONY: lint
lint: ## clippy on everything, warnings are errors
	$(call step,lint,cargo clippy --workspace --all-targets --features epstats-acceptance/stores -- $(LINT_FLAGS))

# A test starts the command as a process, so it is built first. The list of used snapshots starts anew with each run; the step `snapshots` reads it.
.PHONY: test
test: ## all tests but the slow ones
	@mkdir -p '$(CURDIR)/target'; rm -f '$(SNAPSHOTS_USED)'
	$(call step,build,cargo build -p epstats-cli)
	$(call step,test,INSTA_UPDATE=no INSTA_SNAPSHOT_REFERENCES_FILE='$(SNAPSHOTS_USED)' \
	  PROPTEST_RNG_SEED=$(PROPTEST_RNG_SEED) cargo test --workspace $(addprefix --exclude ,$(WITH_ENGINES)) --lib --bins --tests --examples)

.PHONY: check-engines
check-engines: ## the sources against real databases and object stores, on loopback (installs them once)
	$(call step,check-engines,PROPTEST_RNG_SEED=$(PROPTEST_RNG_SEED) tests/engines/check.sh)

.PHONY: rest-check
rest-check: ## the service against a client of ep-stats, and against generated requests (installs its tools once)
	$(call step,rest-check,cargo build -p epstats-cli; tests/rest/check.sh '$(EPSTATS)')

.PHONY: python-check
python-check: ## the Python package: its wheel in clean environments, old and new versions, types (installs its tools once)
	$(call step,python-check,python/check.sh)

.PHONY: test-docs
test-docs: ## the examples in the documentation of the code
	$(call step,test-docs,cargo test --workspace --doc)

.PHONY: snapshots
snapshots: ## after `make test`: fail on snapshots that no test has read
	$(call step,snapshots,touch '$(SNAPSHOTS_USED)'; cargo xtask tidy --snapshots '$(SNAPSHOTS_USED)')

.PHONY: reference
reference: ## hold the statistics to the reference values
	$(call step,reference,cargo xtask reference tests/reference)

.PHONY: docs
docs: ## documentation of the pure rooms, warnings are errors
	$(call step,docs,RUSTDOCFLAGS='-D warnings' cargo doc --no-deps $(addprefix -p ,$(PURE)))

.PHONY: deploy-check
deploy-check: ## the chart, the Dockerfile and the alerts, without a cluster (installs its tools once)
	$(call step,deploy-check,deploy/check.sh)

# -- on demand

.PHONY: check-spark
check-spark: set-up ## the source over ADBC against a real Spark of a master and two workers (500 MB, minutes)
	tests/engines/check.sh spark

.PHONY: slow
slow: set-up properties engine-properties ## the tests marked slow: calibration, large data; property tests with fresh inputs
	cargo test --workspace $(addprefix --exclude ,$(WITH_ENGINES)) --tests -- --ignored

# $(call fresh,CASES,TARGET,COMMAND) runs property tests with a seed of its own, and says how to run the same again.
define fresh
@seed="$${PROPERTY_SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}"; \
printf 'The same inputs again: make $(2) PROPERTY_SEED=%s\n' "$$seed"; \
PROPTEST_RNG_SEED="$$seed" PROPTEST_CASES=$(1) $(3)
endef

.PHONY: properties
properties: set-up ## property tests of the fast rooms on PROPERTY_CASES fresh inputs each (100,000)
	$(call fresh,$(PROPERTY_CASES),properties,cargo test $(addprefix -p ,$(FAST)) --lib --tests --no-fail-fast)

.PHONY: engine-properties
engine-properties: set-up ## the engine against the referee on ENGINE_CASES fresh experiments (3,000)
	$(call fresh,$(ENGINE_CASES),engine-properties,cargo test -p epstats-acceptance --test it engine_agrees)

# cargo-fuzz wants compiler switches that a stable toolchain gives only when asked this way.
.PHONY: fuzz
fuzz: set-up ## feed the formula parser FUZZ_RUNS random inputs (1,000,000)
	@cargo fuzz --version > /dev/null 2>&1 || { echo 'cargo-fuzz is missing; get it with: cargo install cargo-fuzz' >&2; exit 1; }
	@mkdir -p fuzz/corpus/parse_formula
	RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none parse_formula \
	  fuzz/corpus/parse_formula fuzz/seeds/parse_formula \
	  -- -runs=$(FUZZ_RUNS) -max_len=256 -dict=fuzz/formula.dict

.PHONY: peers
peers: set-up ## tea-tasting and statsmodels from PyPI on the same inputs: how far apart? (installs them once)
	tests/python.sh '$(PEERS)/statistics' tests/peers/requirements.txt tests/peers/compare.py '$(CURDIR)/target/peers'
	cargo xtask reference target/peers

.PHONY: parity-peer
parity-peer: set-up ## what ep-stats from PyPI says to the data sets of docs/compatibility.md (installs it once), and what we say
	tests/python.sh '$(PEERS)/ep-stats' tests/parity/requirements.txt tests/parity/peer.py tests/parity/compatibility.json
	cargo xtask parity tests/parity/compatibility.json

.PHONY: accuracy
accuracy: set-up ## distribution functions at the extremes against mpmath: tails to 1e-300, degrees of freedom to 1e12
	tests/python.sh '$(PEERS)/statistics' tests/peers/requirements.txt tests/accuracy/measure.py '$(CURDIR)/target/accuracy'
	cargo xtask reference target/accuracy

.PHONY: simulate
simulate: set-up ## type-I error and coverage of every method over SIMULATION_RUNS experiments made by chance (10,000; takes minutes)
	cargo run -q --release -p xtask -- simulate --runs $(SIMULATION_RUNS)

.PHONY: bench
bench: set-up ## micro-benchmarks of the pure rooms (builds them in release)
	cargo bench $(addprefix -p ,$(PURE)) --benches

.PHONY: bench-scan
bench-scan: set-up ## ten metrics against one over the same files (builds the command in release, takes long)
	bench/scan.sh

# -- installing

.PHONY: install
install: set-up ## install the command for this user (release build, takes long)
	cargo install --locked --path crates/epstats-cli

.PHONY: wheel
wheel: set-up ## build the wheel of the Python package into target/wheels (release build, takes long)
	WHEEL_PROFILE=release python/build.sh '$(CURDIR)/target/wheels'

.PHONY: bench-python
bench-python: wheel ## the Python package against ep-stats from PyPI (installs it once, apart)
	bench/python/run.sh

.PHONY: install-dev
install-dev: set-up ## check format and tidiness before every commit
	@now="$$(git config core.hooksPath || true)"; \
	if [ -n "$$now" ] && [ "$$now" != .githooks ]; then \
	  echo "git already takes its hooks from $$now; to use ours: git config core.hooksPath .githooks" >&2; exit 1; fi
	git config core.hooksPath .githooks

.PHONY: clean
clean: ## remove the demo data and what was compiled
	rm -rf demo
	@if command -v cargo > /dev/null; then cargo clean; fi

# What a fresh Debian lacks: said, or installed where that is safe.
.PHONY: set-up
set-up:
	@command -v cargo > /dev/null || { \
	  echo 'cargo is missing; get Rust with: curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh' >&2; exit 1; }
	@cargo fmt --version > /dev/null 2>&1 || { echo 'rustfmt is missing; get it with: rustup component add rustfmt' >&2; exit 1; }
	@cargo clippy --version > /dev/null 2>&1 || { echo 'clippy is missing; get it with: rustup component add clippy' >&2; exit 1; }
	@command -v cc > /dev/null || { \
	  if [ "$$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then \
	    apt-get update -q && apt-get install -q -y --no-install-recommends gcc libc6-dev; \
	  else echo 'a C compiler is missing; get it with: sudo apt-get install gcc libc6-dev' >&2; exit 1; fi; }
