"""Proofs of the checks, in tables by subject."""

from __future__ import annotations

from tests.checks import table_module

PROOFS = [*table_module.PROOFS]
