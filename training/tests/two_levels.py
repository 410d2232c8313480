"""Two small models, inputs for both levels, and central differences, for the tests of hypergradients."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call
from transformers import Qwen2Config, Qwen2Model

from funprm_training.prm.model import StepMarkModel
from funprm_training.product.two_level import LogitsOf, Params, UpperBatch

PARTIAL, PREFIXES, PROGRAMS = 9, 11, 4
OWNER = torch.tensor([0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 3])
RATE = 0.7
# Programs 0 and 3 pass: each has a failing one of its problem, in the other half of the programs.
PROBLEM = torch.tensor([0, 1, 0, 1])


def small_model() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 1)).double()
    params = {name: value.detach() for name, value in model.named_parameters()}

    def logits_of(params: Params, inputs: Tensor) -> Tensor:
        return functional_call(model, params, (inputs,)).squeeze(-1)

    return logits_of, params, torch.randn(PARTIAL, 5).double(), torch.randn(PREFIXES, 5).double()


def small_decoder() -> tuple[LogitsOf, Params, Tensor, Tensor]:
    """A Qwen2 PRM in evaluation mode, read at its last token."""
    torch.manual_seed(4)
    config = Qwen2Config(
        vocab_size=17, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=12, max_position_embeddings=8, attn_implementation="eager", use_cache=False,
    )  # fmt: skip
    model = StepMarkModel(Qwen2Model(config)).double().eval()
    params = {name: value.detach() for name, value in model.named_parameters()}

    def logits_of(params: Params, inputs: Tensor) -> Tensor:
        return functional_call(model, params, (inputs, torch.ones_like(inputs)))[:, -1]

    return logits_of, params, torch.randint(0, 17, (PARTIAL, 5)), torch.randint(0, 17, (PREFIXES, 5))


def problem(make: Callable[[], tuple[LogitsOf, Params, Tensor, Tensor]]) -> tuple[LogitsOf, Params, Tensor, UpperBatch]:
    logits_of, params, partial, prefixes = make()
    return logits_of, params, partial, UpperBatch(prefixes, OWNER, torch.tensor([1.0, 0, 0, 1]).double())


def slopes(of: Callable[[Tensor], Tensor], at: Tensor, step: float = 3e-3) -> Tensor:
    """Slopes `[n]` of a scalar function by the entries of `at` `[n]`, by central differences of fourth order: parts of
    Qwen2 compute in float32, which forbids a smaller step."""
    found = []
    for shift in step * torch.eye(len(at), dtype=at.dtype):
        near = of(at + shift) - of(at - shift)
        far = of(at + 2 * shift) - of(at - 2 * shift)
        found.append((8 * near - far) / (12 * step))
    return torch.stack(found)
