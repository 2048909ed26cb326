# Targets about people: summaries for the works council, and the pages that people open.
.PHONY: summary-check summary-time browser-check

SUMMARY_TABLES ?= 100
SUMMARY_PYTHON := out/venv-summary/bin/python

# The choice of masked cells against Tau-Argus and SciPy on a hundred generated tables; the nine
# attacks; the verbs from request to correction; then a regional summary over six months.
summary-check: $(SUMMARY_PYTHON)
	swift build -c release --product disclosure-cases
	$(SUMMARY_PYTHON) Tests/independent/suppression_check.py .build/release/disclosure-cases \
	    $(SUMMARY_TABLES)
	swift test --filter 'DisclosureTests|SummaryCommandTests'
	@$(MAKE) --no-print-directory summary-time

# Half a year of five hundred advisers, and what one region's summary costs on one core.
summary-time:
	swift build -c release --product vigie-sample
	swift build -c release --product vigie-summary
	swift build -c release --product vigie
	@# A sample of an older policy set could not be judged by this one.
	@[ out/semestre/log.vkey -nt $(POLICIES)/policy-set.yaml ] || rm -rf out/semestre
	python3 Tests/independent/summary_time.py .build/release out/semestre $(POLICIES)

# The pages in headless Chromium: a summary of the sample in both languages, the report of an audit,
# the officer's. Screenshots and PDF are left in out/screenshots, to be looked at.
BROWSER_PYTHON := out/venv-browser/bin/python
browser-check: release $(BROWSER_PYTHON)
	@$(MAKE) --no-print-directory packages PACKAGES="chromium fonts-dejavu-core libsqlite3-dev"
	@for product in vigie-log vigie-identity; do \
	    swift build -c release --product $$product || exit 1; done
	@$(MAKE) --no-print-directory summary-time
	@rm -rf out/pages out/screenshots && mkdir -p out/pages
	python3 Tests/browser/make_pages.py .build/release out/semestre-work out/pages
	$(BROWSER_PYTHON) Tests/browser/pages_check.py out/screenshots out/pages/*.html

$(BROWSER_PYTHON):
	python3 -m venv out/venv-browser
	out/venv-browser/bin/pip install -q playwright==1.65.2 axe-playwright-python==0.1.8 pypdf==7.1.1

$(SUMMARY_PYTHON):
	python3 -m venv out/venv-summary
	out/venv-summary/bin/pip install -q pytauargus==0.6.0 pandas==3.1.1 scipy==1.17.1
