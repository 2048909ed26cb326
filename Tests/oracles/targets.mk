# Policies compared here and decided by the Rust implementation; thousands of small universes.
.PHONY: policy-oracle analysis-proof

POLICY_REQUESTS ?= 200
policy-oracle: $(CEDARPY)
	swift build -c release --product vigie-policy
	$(CEDARPY) Tests/oracles/policy_compare.py .build/release/vigie-policy $(POLICIES) $(SEED) \
	    $(POLICY_REQUESTS)

# Every statement of the analysis, held against every request of that many small universes, thrice.
ANALYSIS_CASES ?= 1000
analysis-proof: packages
	ANALYSIS_CASES=$(ANALYSIS_CASES) swift test --filter SmallUniverseTests
