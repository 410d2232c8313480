"""Prefixes of programs as vectors, for experiments with many small heads: a frozen MiniLM and what can be counted.

A prefix s1..st is described by its last step, by the mean and the least favourable of its steps, and by how its last
step resembles the statement. Sampler, problem id and verdicts do not go in.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from funprm_training.atomic_write import replacing
from funprm_training.prm.model import minilm_backbone
from funprm_training.prm.scoring import pad_batch
from funprm_training.prm.tokenizers import encoder_of, minilm_tokenizer

LENGTH = 128
"""Tokens of one step that the encoder reads, docstrings left out: they repeat the statement."""
SAVE_EVERY = 40
"""Batches between two writes of the cache."""
COUNTED = (r"\n", r"\breturn\b", r"\bif\b", r"\bfor\b|\bwhile\b", r"\braise\b", r"\bself\.", r"#", r'"""', r"=")
# Signs, in a candidate's step, of a function that it left unfinished, and of other things that a right one seldom has.
FLAGS = (r"\bpass\s*$", r"TODO|NotImplemented", r"\bprint\(", r"^\s*import |^from ", r"\.\.\.\s*$")


def embed(texts: Sequence[str], cache: Path, log: Callable[[int, int], None] = lambda done, total: None) -> np.ndarray:
    """Mean last hidden states `[texts, 384]`; what `cache` holds from an earlier run is not computed again."""
    known: dict[str, np.ndarray] = {}
    if cache.exists():
        stored = np.load(cache)
        known = dict(zip(stored["keys"].tolist(), stored["rows"], strict=True))
    texts = [bare(text) for text in texts]
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if missing:
        tokenizer, model = minilm_tokenizer(), minilm_backbone().eval()
        encode = encoder_of(tokenizer)
        ids = {key: [101, *encode(text)[: LENGTH - 2], 102] for key, text in missing.items()}
        order = sorted(missing, key=lambda key: len(ids[key]))
        for start in range(0, len(order), 16):
            part = order[start : start + 16]
            tokens, mask = map(torch.from_numpy, pad_batch([ids[key] for key in part], 0))
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                hidden = model(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
            pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            known.update(zip(part, pooled.numpy(), strict=True))
            log(start + len(part), len(order))
            if start // 16 % SAVE_EVERY == SAVE_EVERY - 1 or start + 16 >= len(order):
                _save(cache, known)
    return np.stack([known[key] for key in keys])


def _save(cache: Path, known: dict[str, np.ndarray]) -> None:
    with replacing(cache) as partial, partial.open("wb") as file:
        np.savez(file, keys=np.array(list(known)), rows=np.stack(list(known.values())))


def bare(text: str) -> str:
    """A step without docstrings and blank lines."""
    code = re.sub(r'"""[\s\S]*?(?:"""|\Z)|^[ \t]*\n', "", text, flags=re.M)
    return code if code.strip() else text


def counted(text: str, complete: bool) -> list[float]:
    """Counts of one step on a logarithmic scale, and flags."""
    code = bare(text)
    counts = [float(np.log1p(len(re.findall(pattern, text)))) for pattern in COUNTED]
    flags = [float(bool(re.search(pattern, code.strip(), flags=re.M))) for pattern in FLAGS]
    return [*counts, *flags, float(np.log1p(len(text))), float(np.log1p(len(code))), float(complete)]


def prefix_rows(steps: np.ndarray, counts: np.ndarray, statement: np.ndarray, repeated: Sequence[bool]) -> np.ndarray:
    """Features of every prefix of one program.

    `steps` `[T, 384]` and `counts` `[T, c]` of its steps, `statement` `[384]`, `repeated[t]`: a step before t has its
    name. The result is `[T, 384 * 3 + 3 * c + 4]`.
    """
    places = np.arange(1, len(steps) + 1)[:, None]
    means = np.cumsum(steps, axis=0) / places
    count_means = np.cumsum(counts, axis=0) / places
    least = np.minimum.accumulate(counts, axis=0)
    close = _cosine(steps, statement)
    order = np.stack(
        [np.log1p(places[:, 0]), close, np.minimum.accumulate(close), np.maximum.accumulate(np.array(repeated, float))],
        axis=1,
    )
    return np.concatenate([steps, means, steps * statement, counts, count_means, least, order], axis=1)


def _cosine(rows: np.ndarray, other: np.ndarray) -> np.ndarray:
    return rows @ other / (np.linalg.norm(rows, axis=1) * np.linalg.norm(other) + 1e-9)
