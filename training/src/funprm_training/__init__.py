"""Trains, evaluates and exports the process reward models (PRMs) that funprm ranks programs with."""
