"""Proofs of the checks, in tables by subject."""

from __future__ import annotations

from tests.checks import table_module, table_plant, table_port

PROOFS = [*table_module.PROOFS, *table_port.PROOFS, *table_plant.PROOFS]
