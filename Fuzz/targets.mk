# Coverage-guided fuzzing of the parsers: make fuzz TARGET=policies SECONDS=60
# TARGET is one of the folders of Fuzz/Corpus. What it finds is written to Fuzz/Regressions, which
# `make test` replays.
.PHONY: fuzz
TARGET ?= policies
SECONDS ?= 60
DICTIONARY = $(if $(findstring json,$(TARGET))$(filter data,$(TARGET)),json,cedar)
fuzz: packages
	swift build --package-path Fuzz --scratch-path .build-fuzz --sanitize=fuzzer \
	    -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp
	@mkdir -p out/fuzz/$(TARGET) Fuzz/Regressions/$(TARGET)
	SWIFT_BACKTRACE=enable=no FUZZ_TARGET=$(TARGET) .build-fuzz/debug/fuzz \
	    -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
	    -dict=Fuzz/Dictionaries/$(DICTIONARY).dict -artifact_prefix=Fuzz/Regressions/$(TARGET)/ \
	    out/fuzz/$(TARGET) Fuzz/Corpus/$(TARGET) Fuzz/Regressions/$(TARGET)
