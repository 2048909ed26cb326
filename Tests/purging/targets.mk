# Purges a year of a generated pilot twice, and holds the audits after against those before.
.PHONY: purge-check
purge-check:
	@$(MAKE) --no-print-directory packages PACKAGES="libssl-dev pkg-config python3 openssl gcc libc6-dev"
	@for product in vigie vigie-log vigie-policy vigie-sample vigie-summary; do swift build -c release --product $$product || exit 1; done
	python3 Tests/purging/purge_check.py .build/release policies/pilote-linkedin out/purge-check 30
