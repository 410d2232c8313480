"""A signed PRM in the form that critics of RL trainers load: AutoModelForTokenClassification with one label."""

from pathlib import Path

import torch
from transformers import AutoModelForTokenClassification, PreTrainedTokenizerFast

from funprm_training.config import InputError
from funprm_training.prm.family import Family
from funprm_training.prm.model import StepMarkModel


def write_critic(family: Family, folder: Path) -> Path:
    """Writes the folder: the logit of a token is R of the program up to it, and the value that a critic begins with.

    Raises InputError for a model that reads a prefix as a whole, and for a backbone without such a form.
    """
    model = family.model
    if not isinstance(model, StepMarkModel):
        raise InputError("a critic reads every token: expected a causal model, got an encoder")
    config = model.backbone.config
    config.num_labels = 1
    try:
        critic = AutoModelForTokenClassification.from_config(config, dtype=torch.float32)
    except ValueError as error:
        raise InputError(f"the backbone has no form for token classification: {error}") from error
    backbone = getattr(critic, critic.base_model_prefix)
    backbone.load_state_dict(model.backbone.state_dict())
    critic.score.load_state_dict(model.head.state_dict())
    critic.eval()
    critic.save_pretrained(folder)
    pad = family.tokenizer.id_to_token(family.template.pad)
    PreTrainedTokenizerFast(tokenizer_object=family.tokenizer, pad_token=pad).save_pretrained(folder)
    return folder
