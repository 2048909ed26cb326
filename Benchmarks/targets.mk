# Benchmarks of whole programs on long logs.
.PHONY: long-bench increment-bench quota-bench

# A month, half a year and a year of 500 advisers, on one core and on two.
long-bench: long-bench-programs
	python3 Benchmarks/long_logs.py .build/release out/bench $(POLICIES)

# 20,000 entries more on a log of five million: what a night costs.
increment-bench: long-bench-programs
	@$(MAKE) --no-print-directory packages PACKAGES="libssl-dev pkg-config gcc libc6-dev"
	python3 Benchmarks/nightly_increment.py .build/release out/bench/five-million $(POLICIES) \
	    out/bench/increment

# One quota rule over the same 5,000 events, here and by the reference implementation of Dogwood.
quota-bench: out/venv-dogwood
	swift build -c release --product dogwood-cases
	out/venv-dogwood/bin/python Tests/oracles/dogwood_diff.py .build/release/dogwood-cases \
	    time 5000

.PHONY: long-bench-programs
long-bench-programs: packages
	@for product in vigie vigie-log vigie-sample; do \
	    swift build -c release --product $$product || exit 1; done

out/venv-dogwood:
	@mkdir -p out
	python3 -m venv $@ || (rm -rf $@; exit 1)
	$@/bin/pip install -q dogwood-py==0.0.12 || (rm -rf $@; exit 1)
