# Vigie. `make demo` shows the main job; `make test` runs every test.
.PHONY: demo test check lint clean

test:
	swift test

lint:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	rm -rf .build out
