"""Training of the process reward models (PRMs) that funprm ranks programs with."""
