# Vigie. `make demo` shows the main job; `make test` runs every test.
.PHONY: faults demo all packages quick release test lint check samples accuracy bench mfotl-cases dogwood-diff interop clean soak side-by-side

VIGIE := .build/release/vigie
STORY ?= demo
REPORT_LANG ?= fr
SEED ?= 1
POLICIES := policies/pilote-linkedin

# Verifies a sample log, judges it, prints the findings and writes the reports.
demo: quick
	@mkdir -p out
	@status=0; $(VIGIE) audit audit-samples/$(STORY)/log \
	    --policies $(POLICIES) --key @audit-samples/$(STORY)/log.vkey --lang $(REPORT_LANG) \
	    --report html=out/audit.html --report json=out/audit.json || status=$$?; \
	echo "reports: out/audit.html out/audit.json"; \
	[ $$status -le 1 ]

# A release build of the program in two thirds of the time: what neither verification nor audit spend
# their time in is not optimised (Package.swift says what is), and there is no debug information.
quick: packages
	swift build -c release --product vigie -debug-info-format none -Xswiftc -Onone

release: packages
	swift build -c release --product vigie

# Every program: `vigie policy …` is performed by `vigie-policy`, beside `vigie`, and so on.
all:
	@$(MAKE) --no-print-directory packages PACKAGES="libssl-dev pkg-config libsqlite3-dev libcurl4-openssl-dev"
	swift build -c release

# The Debian packages that the build needs, installed only where one is missing.
PACKAGES ?= libssl-dev pkg-config
packages:
	@missing=; for package in $(PACKAGES); do \
	    dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	    as_root=; [ "$$(id -u)" = 0 ] || as_root=sudo; \
	    echo "installing:$$missing"; \
	    $$as_root apt-get update -q && $$as_root apt-get install -q -y $$missing; fi

# The second verifier of the log is a Python script that calls the openssl command; faults are made
# with strace. Without these, and softhsm2, their tests would be skipped.
test:
	@$(MAKE) --no-print-directory packages \
	    PACKAGES="libssl-dev pkg-config libsqlite3-dev libcurl4-openssl-dev python3 openssl softhsm2 strace gcc"
	@$(MAKE) --no-print-directory cedar-fuzz
	swift test

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Fuzz Package.swift

# What the continuous integration runs.
check: lint test

# Makes the sample logs again, and what the audit says of each.
samples: all
	$(VIGIE) sample stories --out audit-samples

# Precision and recall per rule on six months of 500 advisers, against the answer key.
accuracy: all
	@rm -rf out/accuracy && mkdir -p out
	$(VIGIE) sample generate --seed $(SEED) --advisers 500 --months 6 --out out/accuracy
	$(VIGIE) audit out/accuracy/log --policies $(POLICIES) --key @out/accuracy/log.vkey \
	    --fail-on never -q -f json > out/accuracy/audit.json
	$(VIGIE) sample score out/accuracy/audit.json out/accuracy/answer-key.json

# Every system call of every operation on a log made to fail, and every state that a power failure
# may leave (Tests/faults). It takes long; `make test` runs a sample.
faults:
	@$(MAKE) --no-print-directory packages \
	    PACKAGES="libssl-dev pkg-config libsqlite3-dev libcurl4-openssl-dev python3 openssl strace"
	@for product in vigie vigie-log; do swift build -c release --product $$product || exit 1; done
	VIGIE_FAULTS=all VIGIE_PROGRAMS=.build/release swift test --filter 'FaultTests|RestorationCrashTests'

# Verification, audit and appending, in entries per second and as ratios of one run; PART=append
# measures that part alone.
bench: packages
	swift run -c release vigie-bench $(PART)
	swift run -c release rules-bench
	@[ -n "$(PART)" ] || $(MAKE) --no-print-directory cedar-bench quota-bench long-bench \
	    increment-bench

# Appending with SQLite and with the log, one after the other on the same disk.
side-by-side:
	@$(MAKE) --no-print-directory packages \
	    PACKAGES="libssl-dev pkg-config python3 systemd-journal-remote"
	swift build -c release --product vigie-bench
	python3 Benchmarks/side_by_side.py .build/release/vigie-bench

# 400 days of a log: entries appended, keys rotated, old entries purged, all verified and proven.
SOAK_ENTRIES ?= 1000000
soak: packages
	swift run -c release vigie-bench soak=$(SOAK_ENTRIES)

include Tests/oracles/cedar.mk
include Fuzz/targets.mk

# Runs a file of the MonPoly monitor's own tests: make mfotl-cases CASES=FILE
mfotl-cases:
	swift run -c release mfotl-cases "$(CASES)"

include packaging/targets.mk
include Tests/tampering/targets.mk
include Tests/purging/targets.mk
include Tests/oracles/targets.mk
include Tests/people.mk
include Benchmarks/targets.mk

# Temporal policies and logs, decided here and by the reference implementation of Dogwood:
# make dogwood-diff SEED=1 COUNT=2000
COUNT ?= 2000
dogwood-diff: out/venv-dogwood
	swift build -c release --product dogwood-cases
	out/venv-dogwood/bin/python Tests/oracles/dogwood_diff.py .build/release/dogwood-cases \
	    $(SEED) $(COUNT)
# Has programs written by others check logs, proofs, cosignatures, witnesses and time stamps, at sizes
# 1 to 600 and around powers of 256; it fails where one of them is absent.
INTEROP_SIZES ?= $(shell seq 1 600) 65535 65536 65537 16777215 16777216 16777217
# A few sizes, in seconds once it is built: make interop INTEROP_SIZES="$(INTEROP_SHORT)"
INTEROP_SHORT := 1 2 3 255 256 257 600
interop:
	@$(MAKE) --no-print-directory packages \
	    PACKAGES="libssl-dev pkg-config libcurl4-openssl-dev openssl python3 python3-venv golang-go golang-golang-x-mod-dev"
	@for product in vigie vigie-log vigie-witness interop-logs; do \
	    swift build -c release --product $$product || exit 1; done
	bash Tests/interop/run.sh $(INTEROP_SIZES)

clean:
	rm -rf .build out
