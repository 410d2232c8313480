"""The four models of a run: policy, reference, critic and PRM, read from folders of transformers."""

import torch
from transformers import AutoModelForCausalLM, AutoModelForTokenClassification, PreTrainedModel, PreTrainedTokenizerFast
from transformers.utils import logging


def read_tokenizer(folder: str) -> PreTrainedTokenizerFast:
    """The tokenizer.json of a folder as it is: AutoTokenizer puts the usual rules of the model's kind in its place."""
    return PreTrainedTokenizerFast.from_pretrained(folder)


def read_policy(folder: str, device: torch.device) -> PreTrainedModel:
    """A causal language model. No dropout: the probabilities of a sample have to be those that it was drawn with."""
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval().to(device)


def read_prm(folder: str, device: torch.device) -> PreTrainedModel:
    """A signed PRM: a token classifier with one label, R at the last token of every line."""
    return AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32).eval().to(device)


def fresh_classifier(folder: str, device: torch.device) -> PreTrainedModel:
    """A token classifier on the body of a language model that says 0 everywhere."""
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # The head is missing in the folder, as it has to be.
    model = AutoModelForTokenClassification.from_pretrained(folder, dtype=torch.float32, num_labels=1)
    logging.set_verbosity(verbosity)
    with torch.no_grad():
        model.score.weight.zero_()
        model.score.bias.zero_()
    return model.eval().to(device)


def critic_from_prm(folder: str, device: torch.device) -> PreTrainedModel:
    """A critic that begins as the PRM: V = (R + 1) / 2, the chance to pass that R in [-1, 1] stands for."""
    critic = read_prm(folder, device)
    with torch.no_grad():
        critic.score.weight.div_(2)
        critic.score.bias.div_(2).add_(0.5)
    return critic
