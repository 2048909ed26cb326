# Alters a small log, and purged ones, in every way that touches them, and asks both verifiers each time.
# TAMPER_SAMPLE=N takes that many of the changed bytes and cuts.
.PHONY: tamper
TAMPER_SAMPLE ?=
tamper:
	@$(MAKE) --no-print-directory packages PACKAGES="libssl-dev pkg-config python3 openssl"
	@for product in vigie vigie-log; do swift build -c release --product $$product || exit 1; done
	python3 Tests/tampering/tamper.py .build/release \
	    $(if $(TAMPER_SAMPLE),--sample $(TAMPER_SAMPLE) --seed $(SEED))
