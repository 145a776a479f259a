"""Every check is shown to pass, to fail and to stay undecided; a sentence says on what."""

from __future__ import annotations

import pytest

from harness.requirements.lookup import Requirements
from harness.testing import Proof
from tests.checks import PROOFS


@pytest.mark.parametrize("proof", PROOFS, ids=str)
def test_proof(proof: Proof, require: Requirements) -> None:
    proof.hold(require)
