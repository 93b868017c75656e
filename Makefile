# `make demo` sets up and trains; `make test` sets up and checks everything; `make docs` makes the site.
PYTHON ?= python3
TORCH ?= torch==2.13.0
VENV ?= .venv
BIN = $(VENV)/bin
SITE = NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test docs clean

demo: $(VENV)/installed
	rm -rf demo
	$(BIN)/likeness train vae_gan demo --data digits --preset demo
	$(BIN)/likeness sample demo -n 64 --out demo/samples.png
	@echo "open demo/report.html, and the pictures in demo/pictures"

test: $(VENV)/tested
	$(BIN)/ruff check src tests scripts
	$(BIN)/pyright --pythonpath $(BIN)/python
	PYTHONPATH=src $(BIN)/lint-imports
	$(SITE)
	$(BIN)/python -m pytest -n 2 --dist loadfile

docs: $(VENV)/tested
	$(SITE)
	@echo "open site/index.html"

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) "$(TORCH)"
	$(PIP) -e .
	touch $@

$(VENV)/tested: $(VENV)/installed
	$(PIP) -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) demo site
