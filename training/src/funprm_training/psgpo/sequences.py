"""Prompts with their responses as tensors, and what models say about every token of a response."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel


@dataclass(frozen=True)
class Sequence:
    """The tokens of a prompt and of a response to it; a response that came to its end holds the end token."""

    prompt: tuple[int, ...]
    response: tuple[int, ...]


@dataclass(frozen=True)
class Batch:
    """Sequences padded on the right. `ids` and `attention` are `[batch, length]`.

    `place` and `mask` are `[batch, longest response]`: where the token before each token of a response stands, which is
    where a causal model speaks about it, and 1 for real tokens.
    """

    ids: Tensor
    attention: Tensor
    place: Tensor
    mask: Tensor

    def rows(self, index: Tensor) -> "Batch":
        """Some of the sequences."""
        return Batch(self.ids[index], self.attention[index], self.place[index], self.mask[index])


def batch_of(sequences: list[Sequence], pad: int, device: torch.device) -> Batch:
    """A batch on a device."""
    length = max(len(each.prompt) + len(each.response) for each in sequences)
    longest = max(len(each.response) for each in sequences)
    ids = torch.full((len(sequences), length), pad)
    attention = torch.zeros(len(sequences), length, dtype=torch.long)
    place = torch.zeros(len(sequences), longest, dtype=torch.long)
    mask = torch.zeros(len(sequences), longest)
    for row, each in enumerate(sequences):
        whole = each.prompt + each.response
        ids[row, : len(whole)] = torch.tensor(whole)
        attention[row, : len(whole)] = 1
        count = len(each.response)
        place[row, :count] = torch.arange(len(each.prompt) - 1, len(whole) - 1)
        mask[row, :count] = 1
    return Batch(ids.to(device), attention.to(device), place.to(device), mask.to(device))


def logprobs(policy: PreTrainedModel, batch: Batch, temperature: float) -> Tensor:
    """log pi of every token of the responses, `[batch, longest response]`, 0 at padding."""
    hidden = policy.get_decoder()(
        input_ids=batch.ids, attention_mask=batch.attention, use_cache=False
    ).last_hidden_state
    # Only where responses are predicted: vocabularies are large.
    said = policy.get_output_embeddings()(_at(hidden, batch.place)) / temperature
    chosen = batch.ids.gather(1, (batch.place + 1).clamp(max=batch.ids.shape[1] - 1))
    found = functional.log_softmax(said.float(), dim=-1).gather(2, chosen.unsqueeze(-1)).squeeze(-1)
    return found * batch.mask


def values(critic: PreTrainedModel, batch: Batch) -> Tensor:
    """V before every token of the responses, `[batch, longest response]`, 0 at padding."""
    return token_outputs(critic, batch).gather(1, batch.place) * batch.mask


def token_outputs(classifier: PreTrainedModel, batch: Batch) -> Tensor:
    """The one number that a token classifier says at every token of the sequences, `[batch, length]`."""
    logits = classifier(input_ids=batch.ids, attention_mask=batch.attention, use_cache=False).logits
    return logits.squeeze(-1).float()


def _at(hidden: Tensor, place: Tensor) -> Tensor:
    return hidden.gather(1, place.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
