"""What the systems of simulated devices print: a module for each, by the name that a lab file gives it."""
