"""Experiments that nothing in product/ or export/ needs: training on pairs, the dev table, and two studies."""
