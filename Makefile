# Every command of the house. `make` alone lists them.
PYTHON3 ?= python3
PY := .venv/bin/python
export PORT ?= 8000

.PHONY: help demo demo-reset test lint types bench bench-films bench-uploads bench-segments bench-salon bench-beats bench-cover bench-placements screenshots lock vendor install install-test

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install:
	@$(PYTHON3) scripts/bootstrap.py

install-test:
	@$(PYTHON3) scripts/bootstrap.py --test

demo: install  ## Fill a demo district, start everything, print the address and the accounts (PORT=8000)
	@DEMO=1 exec $(PY) manage.py demo

demo-reset: install  ## The same, from nothing
	@DEMO=1 exec $(PY) manage.py demo --reset

test: install-test  ## The whole suite
	@$(PY) scripts/run_tests.py

lint: install-test  ## Style, templates, types, pending migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m mypy circo networks videos events partnerships trainings
	DJANGO_SETTINGS_MODULE=circo.settings_test $(PY) manage.py makemigrations --check --dry-run

bench: install-test  ## Benchmarks at the size of a département; writes docs/benchmarks.md
	@$(PY) scripts/bench.py

bench-uploads: install-test  ## How fast films arrive; writes docs/benchmarks-uploads.md
	@$(PY) scripts/bench_uploads.py

bench-films: install-test  ## What the preparation of films costs; writes docs/benchmarks-films.md
	@$(PY) scripts/bench_films.py

bench-segments: install-test  ## What a segment costs the servers; writes docs/benchmarks-segments.md
	@$(PY) scripts/bench_segments.py

bench-salon: install-test  ## How soon 300 people see a message; writes docs/benchmarks-salon.md
	@$(PY) scripts/bench_salon.py

bench-beats: install-test  ## What the players of 1,000 learners ask; writes docs/benchmarks-beats.md
	@$(PY) scripts/bench_beats.py

bench-cover: install-test  ## How fast plans of replacement are found and proved; writes docs/benchmarks-cover.md
	@$(PY) scripts/bench_cover.py

bench-placements: install-test  ## How fast placements and visits are found and proved; writes docs/benchmarks-placements.md
	@$(PY) scripts/bench_placements.py

screenshots: install-test  ## Every main page at 390 px and 1280 px, into var/screenshots
	$(PY) -m pytest tests/house/test_pages_in_browser.py -q --screenshots var/screenshots

lock:  ## Resolve the hashed locks anew (needs uv)
	env -u UV_INDEX_URL -u UV_DEFAULT_INDEX uv --no-config pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --excludes requirements-excluded.txt pyproject.toml -o requirements.lock
	env -u UV_INDEX_URL -u UV_DEFAULT_INDEX uv --no-config pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --excludes requirements-excluded.txt pyproject.toml --group test -o requirements-test.lock

vendor:  ## Copy the browser assets that package-lock.json names into static/vendor (needs Node)
	npm ci --ignore-scripts
	node scripts/vendor.mjs

.PHONY: chaos
chaos: install-test  ## Random faults over a dozen films, with these seeds (SEEDS="1 2 3")
	CHAOS_SEEDS="$(or $(SEEDS),1 2 3)" $(PY) -m pytest tests/faults/test_chaos.py -q -s
