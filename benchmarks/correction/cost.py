"""Cost and error of one upper step: exact hypergradient by forward mode, finite differences, reverse mode.

Prints a JSON line a model; benchmarks/correction/report.py reads them. Timings are medians of passes taken in turn.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.func import functional_call, grad
from torch.nn.attention import SDPBackend, sdpa_kernel

from funprm_training.prm.model import StepMarkModel, decoder_backbone
from funprm_training.product.two_level import LogitsOf, LowerBatch, Params, UpperBatch, upper_loss
from funprm_training.research.correction.finite_difference import finite_difference
from funprm_training.research.correction.inner_steps import hypergradient_of_steps, sgd_step
from funprm_training.research.correction.variants import head_logits, init_head

RATE, ITEMS, PROGRAMS, LENGTH = 0.5, 16, 8, 96


def head() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    """The experiment's head: 48 features, 16 hidden units, 1,024 items."""
    torch.manual_seed(0)
    return head_logits, init_head(48, 16, 0), torch.randn(1024, 48), torch.randn(PROGRAMS * 4, 48)


def decoder() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    """A Qwen2 decoder of 4 layers of width 256, sequences of 96 tokens."""
    torch.manual_seed(0)
    model = StepMarkModel(decoder_backbone(4096, LENGTH, 4, 256, 4)).eval()
    params = {name: value.detach() for name, value in model.named_parameters()}

    def logits_of(params: Params, inputs: Tensor) -> Tensor:
        return functional_call(model, params, (inputs, torch.ones_like(inputs)))[:, -1]

    draw = torch.randint(5, 4096, (ITEMS + PROGRAMS * 4, LENGTH))
    return logits_of, params, draw[:ITEMS], draw[ITEMS:]


def reverse(logits_of: LogitsOf, params: Params, lower: LowerBatch, upper: UpperBatch) -> Tensor:
    """The same gradient by differentiating through the step, which keeps its graph in memory."""

    def two_level(targets: Tensor) -> Tensor:
        after = sgd_step(logits_of, params, LowerBatch(lower.inputs, targets, lower.weights), RATE, "bce")
        return upper_loss(logits_of, after, upper, "mean")

    return grad(two_level)(lower.targets)


def measure(make: Callable[[], tuple[LogitsOf, Params, Tensor, Tensor]], repeats: int) -> dict:
    """Milliseconds and largest relative error of every way."""
    logits_of, params, items, prefixes = make()
    lower = LowerBatch(items, torch.rand(len(items)), torch.ones(len(items)))
    upper = UpperBatch(prefixes, torch.arange(PROGRAMS).repeat_interleave(4), (torch.rand(PROGRAMS) < 0.5).float())
    ways: dict[str, Callable[[], Tensor]] = {
        "lower step alone": lambda: torch.stack(
            [value.sum() for value in sgd_step(logits_of, params, lower, RATE, "bce").values()]
        ),
        "forward mode": lambda: hypergradient_of_steps(logits_of, params, [lower], upper, rate=RATE).targets[0],
        "finite differences": lambda: finite_difference(logits_of, params, lower, upper, rate=RATE),
        "reverse mode": lambda: reverse(logits_of, params, lower, upper),
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, Tensor] = {}
    for _ in range(repeats):
        for name, way in ways.items():
            started = time.process_time()
            found[name] = way()
            times[name].append(1000 * (time.process_time() - started))
    exact = found["reverse mode"]
    errors = {
        name: float((found[name] - exact).abs().max() / exact.abs().max())
        for name in ("forward mode", "finite differences")
    }
    return {"ms": {name: statistics.median(values) for name, values in times.items()}, "error": errors}


def main() -> None:
    """Measures both models."""
    torch.set_num_threads(1)
    with sdpa_kernel(SDPBackend.MATH):
        for name, make, repeats in (("head", head, 31), ("decoder", decoder, 5)):
            sys.stdout.write(json.dumps({"model": name, **measure(make, repeats)}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
