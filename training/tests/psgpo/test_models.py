"""Sampling against whole passes, and where the critic starts."""

import torch
from bases import base_tokenizer
from transformers import PreTrainedTokenizerFast

from funprm_training.psgpo.models import critic_from_prm, fresh_classifier, read_policy, read_prm, read_tokenizer
from funprm_training.psgpo.sampling import sample
from funprm_training.psgpo.sequences import Sequence, batch_of, logprobs, token_outputs, values
from funprm_training.psgpo.shaping import Pieces

CPU = torch.device("cpu")
PROMPTS = ["plus 3\nsum\n\n", "skip below 2\nmod 7\nlist\nthen sort\n\n", "count\n\n"]


def drawn(policy: str, temperature: float, seed: int = 1) -> tuple[list[Sequence], int]:
    tokenizer = read_tokenizer(policy)
    sequences = sample(
        read_policy(policy, CPU),
        [tuple(tokenizer.encode(prompt)) for prompt in PROMPTS * 3],
        end=tokenizer.eos_token_id,
        max_new_tokens=40,
        temperature=temperature,
        generator=torch.Generator().manual_seed(seed),
    )
    return sequences, tokenizer.eos_token_id


def test_samples_without_chance_are_what_whole_passes_find_most_likely(policy: str) -> None:
    # Prompts of different lengths, padded on the left, and rows that leave the batch early.
    sequences, end = drawn(policy, temperature=1e-4)
    model = read_policy(policy, CPU)
    for each in sequences:
        whole = each.prompt + each.response
        said = model(input_ids=torch.tensor([whole])).logits[0].argmax(-1).tolist()
        assert tuple(said[len(each.prompt) - 1 : -1]) == each.response
        assert end not in each.response[:-1]
        assert len(each.response) == 40 or each.response[-1] == end


def test_samples_come_as_often_as_the_policy_says(policy: str) -> None:
    tokenizer, model = read_tokenizer(policy), read_policy(policy, CPU)
    prompt = tuple(tokenizer.encode(PROMPTS[0]))
    sequences = sample(
        model,
        [prompt] * 4000,
        end=tokenizer.eos_token_id,
        max_new_tokens=1,
        temperature=0.7,
        generator=torch.Generator().manual_seed(2),
    )
    counts = torch.bincount(torch.tensor([each.response[0] for each in sequences]), minlength=len(tokenizer)) / 4000
    chances = (model(input_ids=torch.tensor([prompt])).logits[0, -1] / 0.7).softmax(-1)
    assert (counts - chances).abs().max() < 4 * (chances.max() * (1 - chances.max()) / 4000).sqrt()


def test_log_probabilities_of_a_padded_batch_are_those_of_each_sequence_alone(policy: str) -> None:
    sequences, end = drawn(policy, temperature=1.0)
    model = read_policy(policy, CPU)
    together = logprobs(model, batch_of(sequences, end, CPU), 1.0)
    for row, each in enumerate(sequences):
        said = model(input_ids=torch.tensor([each.prompt + each.response])).logits[0].log_softmax(-1)
        alone = said[range(len(each.prompt) - 1, len(each.prompt + each.response) - 1), list(each.response)]
        torch.testing.assert_close(together[row, : len(each.response)], alone, atol=1e-5, rtol=1e-4)
        assert together[row, len(each.response) :].eq(0).all()


def test_a_critic_from_the_prm_says_what_the_prm_says_before_the_first_step(policy: str, prm: str) -> None:
    sequences, end = drawn(policy, temperature=1.0)
    batch = batch_of(sequences, end, CPU)
    rewards = token_outputs(read_prm(prm, CPU), batch)
    assert rewards.std() > 0.1, "a PRM that says the same everywhere shows nothing"
    begun = values(critic_from_prm(prm, CPU), batch)
    # V before a token is what is said at the token before it: R as a chance to pass.
    expected = ((rewards + 1) / 2).gather(1, batch.place) * batch.mask
    torch.testing.assert_close(begun, expected)
    assert values(fresh_classifier(policy, CPU), batch).eq(0).all()


def test_pieces_of_a_response_make_its_text(policy: str) -> None:
    sequences, _ = drawn(policy, temperature=1.0)
    tokenizer = read_tokenizer(policy)
    pieces = Pieces(tokenizer)
    for each in sequences:
        found = pieces.of(each.response)
        assert len(found) == len(each.response)
        assert "".join(found) == tokenizer.decode(list(each.response), skip_special_tokens=True)


def test_a_character_of_several_tokens_belongs_to_the_last_of_them() -> None:
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=base_tokenizer())
    text = "s = 'h\u00e9\U0001f600'\nreturn s\n"
    tokens = tokenizer.encode(text)
    pieces = Pieces(tokenizer).of(tokens)
    assert len(pieces) == len(tokens) > len(set(pieces) - {""})
    assert "".join(pieces) == text
    assert pieces[pieces.index("\U0001f600") - 1] == ""
