"""A small pack of checks, for tests of what comes after a verdict."""
