"""Programs from the policy: ancestral sampling in one batch with a cache of keys and values."""

from collections.abc import Sequence as ListOf

import torch
from transformers import DynamicCache, PreTrainedModel

from funprm_training.psgpo.sequences import Sequence


@torch.no_grad()
def sample(
    policy: PreTrainedModel,
    prompts: ListOf[tuple[int, ...]],
    *,
    end: int,
    max_new_tokens: int,
    temperature: float,
    generator: torch.Generator,
) -> list[Sequence]:
    """One response to every prompt, up to the end token or `max_new_tokens`.

    Prompts are padded on the left. Rows that came to their end leave the batch when they are a quarter of it.
    """
    device = policy.device
    longest = max(map(len, prompts))
    ids = torch.full((len(prompts), longest), end)
    attention = torch.zeros(len(prompts), longest, dtype=torch.long)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
        attention[row, longest - len(prompt) :] = 1
    ids, attention = ids.to(device), attention.to(device)
    responses: list[list[int]] = [[] for _ in prompts]
    rows = list(range(len(prompts)))
    cache = DynamicCache(config=policy.config)
    for _ in range(max_new_tokens):
        position = (attention.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        said = policy(
            input_ids=ids,
            attention_mask=attention,
            position_ids=position,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        chances = (said.logits[:, -1].float() / temperature).softmax(-1)
        drawn = torch.multinomial(chances, 1, generator=generator)
        for row, token in zip(rows, drawn[:, 0].tolist(), strict=True):
            if not responses[row] or responses[row][-1] != end:
                responses[row].append(token)
        going = [at for at, row in enumerate(rows) if responses[row][-1] != end]
        if not going:
            break
        ids = drawn
        attention = torch.cat([attention, attention.new_ones(len(rows), 1)], 1)
        if len(going) <= 0.75 * len(rows):
            keep = torch.tensor(going, device=device)
            ids, attention = ids[keep], attention[keep]
            cache.batch_select_indices(keep)
            rows = [rows[at] for at in going]
    return [Sequence(tuple(p), tuple(r)) for p, r in zip(prompts, responses, strict=True)]
