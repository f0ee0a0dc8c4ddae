"""The conventional stack: the same calls as a competent team writes them with FastAPI, pydantic and SQLAlchemy.

Same headers, signature check, signed answers, once-only records, graph rules and durability as the product; ordinary
relational tables and ORM models. `BENCH_TUNED=1` decodes with `model_validate_json` and writes with Core inserts.
"""
