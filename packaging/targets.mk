# Targets of what is handed over: report formats, man pages, the Debian package.
.PHONY: formats-check

# The reports of one run, read by readers of others: py-ocsf-models, sarif-tools, junitparser,
# promtool (Debian package prometheus; skipped, and said so, where it is absent).
FORMATS := json csv junit sarif ocsf prometheus
formats-check: release out/venv/formats
	@mkdir -p out/formats
	@for story in demo altered-payload intact; do \
	    echo "$$story:"; status=0; \
	    $(VIGIE) audit audit-samples/$$story/log --policies $(POLICIES) -q \
	        --key @audit-samples/$$story/log.vkey \
	        $(foreach f,$(FORMATS),--report $(f)=out/formats/$$story.$(f)) \
	        > /dev/null || status=$$?; \
	    [ $$status -le 2 ] || exit $$status; \
	    out/venv/formats/bin/python Tests/oracles/formats_check.py \
	        $(foreach f,$(FORMATS),out/formats/$$story.$(f)) || exit 1; done

out/venv/formats:
	@mkdir -p out/venv
	python3 -m venv $@ || (rm -rf $@; exit 1)
	$@/bin/pip install -q py-ocsf-models==0.10.0 sarif-tools==3.0.5 junitparser==5.0.3 \
	    || (rm -rf $@; exit 1)
