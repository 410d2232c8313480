"""Runs the commands of funprm on a Ray cluster: shards as tasks, one store of finished work, one output."""
