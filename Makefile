# Vigie. `make demo` shows the main job; `make test` runs every test.
.PHONY: cedar-corpus demo test check lint clean

test:
	swift test

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	rm -rf .build out

# Runs a folder of Cedar's conformance tests, with the validator's expected results if given:
# make cedar-corpus CORPUS=DIR VALIDATION=DIR
cedar-corpus:
	swift run -c release cedar-corpus "$(CORPUS)" $(if $(VALIDATION),"$(VALIDATION)")
