"""Mathematics of the field on plain numbers: no evidence, no limits, no subjects."""
