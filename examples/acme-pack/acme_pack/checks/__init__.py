"""ACME's checks."""
