# Targets of what is handed over: report formats, man pages, the Debian package.
.PHONY: formats-check deb deb-check units-check state-mutations

# The reports of one run, read by readers of others: py-ocsf-models, sarif-tools, junitparser,
# promtool (out of the Debian package prometheus). It fails where one of them is not to be had.
FORMATS := json csv junit sarif ocsf prometheus
formats-check: release out/venv/formats out/promtool
	@mkdir -p out/formats
	@for story in demo altered-payload intact; do \
	    echo "$$story:"; status=0; \
	    $(VIGIE) audit audit-samples/$$story/log --policies $(POLICIES) -q \
	        --key @audit-samples/$$story/log.vkey \
	        $(foreach f,$(FORMATS),--report $(f)=out/formats/$$story.$(f)) \
	        > /dev/null || status=$$?; \
	    [ $$status -le 2 ] || exit $$status; \
	    out/venv/formats/bin/python Tests/oracles/formats_check.py out/promtool \
	        $(foreach f,$(FORMATS),out/formats/$$story.$(f)) || exit 1; done

out/venv/formats:
	@mkdir -p out/venv
	python3 -m venv $@ || (rm -rf $@; exit 1)
	$@/bin/pip install -q py-ocsf-models==0.10.0 sarif-tools==3.0.5 junitparser==5.0.3 \
	    || (rm -rf $@; exit 1)

# The tool alone: the package would install a server.
out/promtool:
	@rm -rf out/prometheus && mkdir -p out/prometheus
	@cd out/prometheus && (apt-get download -q prometheus || \
	    { $(if $(filter 0,$(shell id -u)),,sudo) apt-get update -q && apt-get download -q prometheus; })
	@dpkg-deb --extract out/prometheus/prometheus_*.deb out/prometheus
	@cp out/prometheus/usr/bin/promtool $@ && $@ --version | head -n 1

# Each byte of the saved state of an audit, of its record in the log and of a waiver, altered in turn.
state-mutations:
	VIGIE_MUTATIONS=all swift test --filter SavedStateTests

# The programs of the package hold the Swift libraries; their build is apart from the others.
DEB_PROGRAMS := vigie vigie-log vigie-policy vigie-review vigie-nightly vigie-summary \
    vigie-identity vigie-monitor vigie-witness
STATIC := .build/static
deb:
	@$(MAKE) --no-print-directory packages \
	    PACKAGES="libssl-dev pkg-config libsqlite3-dev libcurl4-openssl-dev libxml2-dev binutils"
	@for program in $(DEB_PROGRAMS); do \
	    swift build -c release --static-swift-stdlib --scratch-path $(STATIC) \
	        --product $$program || exit 1; done
	swift build -c release --package-path $(STATIC)/checkouts/swift-argument-parser \
	    --scratch-path .build/manual --product generate-manual
	packaging/deb.sh $(STATIC)/release .build/manual/release/generate-manual

# Installed, run as the nightly unit runs it, and removed, in an overlay over this machine.
deb-check:
	@$(MAKE) --no-print-directory packages PACKAGES="libseccomp2 systemd util-linux"
	@test -f out/deb/vigie_*.deb || $(MAKE) --no-print-directory deb
	packaging/deb_check.sh

# How far the units could reach: at most 2.0, as systemd itself rates them.
units-check:
	@if ! command -v systemd-analyze > /dev/null; then \
	    echo "units-check: SKIPPED, systemd-analyze is not to be had here"; exit 0; fi; \
	for unit in packaging/systemd/*.service; do \
	    rating=$$(systemd-analyze security --offline=true --threshold=20 --no-pager $$unit) || \
	        { echo "$$rating"; exit 1; }; \
	    echo "$$rating" | tail -n 1; \
	done
