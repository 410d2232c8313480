"""A tiny invented pool for the training tests."""

from funprm_training.research.pools import Candidate, ProblemPool

GOOD = ("def answer(a, b):\n    return a + b\n\n\nprint(answer({n}, 1))\n",)
BAD = ("def answer(a, b):\n    return a - b\n", "\n\ndef show(a):\n    print(answer(a, {n}))\n")


def candidate(steps: tuple[str, ...], n: int, passed: bool, sampler: str) -> Candidate:
    """A program with the number `n` in it."""
    return Candidate(tuple(step.format(n=n) for step in steps), passed, sampler)


def tiny_pools() -> list[ProblemPool]:
    """Four problems of one suite; sampler `weak` passes once for each time that `strong` does twice."""
    pools = []
    for n in range(4):
        candidates = (
            candidate(GOOD, n, True, "strong" if n < 2 else "weak"),
            candidate(BAD, n, False, "weak" if n < 2 else "strong"),
            candidate(GOOD, n + 10, True, "strong"),
            candidate(BAD, n + 10, False, "weak"),
        )
        pools.append(ProblemPool(f"p{n}", "classic", f"Add {n} to a number.", candidates))
    return pools
