"""Commands of ``plugfest`` that need more room than a function: each module has ``run``, or one function a command."""
