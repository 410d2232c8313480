"""Tiny models with random weights, and invented programs for them: what fixtures.py writes down and tests run on."""

from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from torch import nn
from transformers import BertConfig, BertModel, Qwen2Config, Qwen2Model

from funprm_training.prm.model import PrefixModel, PrmModel, StepMarkModel
from funprm_training.prm.scoring import Request

SPECIALS = ["<pad>", "<s>", "<sep>", "</s>", "<step>"]
PAD, FIRST, BETWEEN, LAST, MARK = range(5)
CONTEXT = 96

STATEMENTS = [
    "Given a list of whole numbers, return the sum of the even ones.",
    "A baker has n loaves and sells k of them each day. Print on which day the last loaf is sold.\n\n"
    "Input: two integers n and k.\nOutput: one integer.\n",
    "Count the words of a line — a word is a run of letters — and print “none” if there are none. été 日本",
    "",
    "Read a grid of lights. " + "Each light is on or off and a switch flips its row. " * 12 + "Print the answer.",
]
HELPER = "def even(number):\n    '''True for an even number.'''\n    return number % 2 == 0\n\n\n"
MAIN = "def total(numbers):\n    return sum(n for n in numbers if even(n))\n"
CLASS = [
    "import sys\n\n\nclass Solution:\n    def read(self):\n        return list(map(int, sys.stdin.read().split()))\n\n",
    "    def answer(self, n, k):\n        return (n + k - 1) // k\n\n",
    "    def run(self):\r\n\tn, k = self.read()\r\n\tprint(self.answer(n, k))\r\n\r\n\r\nSolution().run()",
]
LONG = [f"def step_{i}(value):\n    if value > {i}:\n        value -= {i}\n    return value\n\n" for i in range(9)]
HUGE = ["def table():\n    return [" + ", ".join(str(i * i) for i in range(120)) + "]\n", "print(table())\n"]
STEPS = [
    [HELPER, MAIN],
    CLASS,
    ["print(len(input().split()))"],
    LONG,
    HUGE,
    ["", "x = '日本'\n"],
]


def requests() -> list[Request]:
    """Every statement with every list of steps, and one request without steps."""
    pairs = [Request(statement, tuple(steps)) for statement in STATEMENTS for steps in STEPS]
    return [*pairs, Request(STATEMENTS[0], ())]


def tiny_tokenizer() -> Tokenizer:
    """A byte-level BPE with 420 tokens that keeps every space and line end."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=420,
        special_tokens=SPECIALS,
        initial_alphabet=sorted(ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(STATEMENTS + [step for steps in STEPS for step in steps], trainer)
    return tokenizer


def tiny_encoder(vocabulary: int) -> PrmModel:
    """A random BERT of two layers."""
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        attn_implementation="eager",
    )
    return _spread(PrefixModel(BertModel(config, add_pooling_layer=False)))


def tiny_decoder(vocabulary: int) -> PrmModel:
    """A random Qwen2 of two layers."""
    config = Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        intermediate_size=96,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        attn_implementation="eager",
    )
    return _spread(StepMarkModel(Qwen2Model(config)))


def _spread(model: PrmModel) -> PrmModel:
    """Widens the head, so that rewards differ enough for a test to tell them apart."""
    nn.init.normal_(model.head.weight, std=0.5)
    return model.eval()
