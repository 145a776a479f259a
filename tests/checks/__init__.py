"""Proofs of the checks, in tables by subject."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

TABLES = sorted(file.stem for file in Path(__file__).parent.glob("table_*.py"))
PROOFS = [proof for table in TABLES for proof in import_module(f"{__name__}.{table}").PROOFS]
