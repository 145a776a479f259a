"""What ACME asks of its optics beyond what Plugfest asks of everybody's."""

from pathlib import Path

TABLES = (Path(__file__).with_name("cables.toml"),)
"""The limit tables of this pack, which a profile takes with ``tables = ["acme"]``."""
