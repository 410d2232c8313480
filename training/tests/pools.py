"""A tiny invented pool for the training tests."""

from funprm_training.data import Candidate, ProblemPool

GOOD = "def answer(a, b):\n    return a + b\n\n\nprint(answer({n}, 1))\n"
BAD = "def answer(a, b):\n    return a - b\n\n\ndef show(a):\n    print(answer(a, {n}))\n"


def tiny_pools() -> list[ProblemPool]:
    """Four problems of one suite; sampler `weak` passes once for each time that `strong` does twice."""
    pools = []
    for n in range(4):
        candidates = [
            Candidate(GOOD.format(n=n), True, "strong" if n < 2 else "weak"),
            Candidate(BAD.format(n=n), False, "weak" if n < 2 else "strong"),
            Candidate(GOOD.format(n=n + 10), True, "strong"),
            Candidate(BAD.format(n=n + 10), False, "weak"),
        ]
        pools.append(ProblemPool(f"p{n}", "classic", f"Add {n} to a number.", tuple(candidates)))
    return pools
