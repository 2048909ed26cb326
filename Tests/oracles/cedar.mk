# Targets that hold the Cedar module against its standard.
.PHONY: cedar-corpus cedar-fuzz cedar-fuzz-long cedar-bench

# Runs a folder of Cedar's conformance tests, with the validator's expected results if given:
# make cedar-corpus CORPUS=DIR VALIDATION=DIR
cedar-corpus:
	swift run -c release cedar-corpus "$(CORPUS)" $(if $(VALIDATION),"$(VALIDATION)")

# Compares the Cedar module with the Rust implementation (the package cedarpy) on generated
# schemas, policies, entities and requests. The long form: make cedar-fuzz FUZZ_CASES=20000 FUZZ_SEED=
FUZZ_CASES ?= 300
FUZZ_SEED ?= 20260301
CEDARPY := out/venv/bin/python
cedar-fuzz: $(CEDARPY)
	@if $(CEDARPY) -c 'import cedarpy' 2>/dev/null; then \
	    swift build --product cedar-corpus && \
	    $(CEDARPY) Tests/oracles/cedar_fuzz.py .build/debug/cedar-corpus $(FUZZ_CASES) $(FUZZ_SEED); \
	else echo "cedar-fuzz: SKIPPED, the package cedarpy is not to be had here"; fi

# The virtual environment of the oracles; without a package index it stays empty.
$(CEDARPY):
	@python3 -m venv out/venv && out/venv/bin/pip install -q 'cedarpy==4.12.2' || true

# The long form, which also exchanges parts among the conformance tests of a folder:
# make cedar-fuzz-long CORPUS=DIR FUZZ_CASES=10000 FUZZ_SEED=7
cedar-fuzz-long: $(CEDARPY)
	swift build -c release --product cedar-corpus
	$(CEDARPY) Tests/oracles/cedar_fuzz.py .build/release/cedar-corpus \
	    $(if $(filter file,$(origin FUZZ_CASES)),10000,$(FUZZ_CASES)) "$(FUZZ_SEED)" "$(CORPUS)"

# Decisions beside those of cedarpy, single and in batches, in one run, with a count of allocations.
cedar-bench: $(CEDARPY)
	swift build -c release --product cedar-bench
	@clang -O2 -shared -fPIC -o out/count_allocations.so Benchmarks/count_allocations.c
	@if $(CEDARPY) -c 'import cedarpy' 2>/dev/null; then \
	    $(CEDARPY) Benchmarks/cedar_side_by_side.py .build/release/cedar-bench \
	        out/count_allocations.so; \
	else echo "cedar-bench: SKIPPED, the package cedarpy is not to be had here"; fi
