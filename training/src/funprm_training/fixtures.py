"""Writes the tiny PRM folders that the tests of the TypeScript scorer compare against PyTorch.

    python -m funprm_training.fixtures ../test/fixtures

The weights are random and mean nothing. `expected.json` holds PyTorch's rewards for invented requests,
the long ones cut by the rule of the manifest.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from torch import nn
from transformers import BertConfig, BertModel, Qwen2Config, Qwen2Model

from funprm_training.manifest import activations_of, write_manifest, write_tokenizer_config
from funprm_training.model import PrefixModel, PrmModel, StepMarkModel
from funprm_training.onnx_graph import LARGEST_FILE, GraphForm, export_fp32, export_tree, quantize_per_tensor
from funprm_training.quantize import quantize_per_token
from funprm_training.scoring import Request, request_sequences, score, torch_logits
from funprm_training.template import Template

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


def write_fixture(folder: Path, kind: str) -> None:
    """Writes one PRM folder and its `expected.json`.

    `kind`: `encoder` and `decoder` have graphs of rows; `tree` reads at step marks, `probe` at the last token after
    closing text, both from a graph that takes trees; `large` is `tree` with its weights beside the graph.
    """
    torch.manual_seed(1)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer = tiny_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_tokenizer_config(folder, CONTEXT, "<pad>")
    architecture, form = ("encoder" if kind == "encoder" else "decoder"), _form(kind)
    if kind in ("encoder", "probe"):
        template = Template("prefix", CONTEXT, PAD, "Problem: ", "\n", "\n# end", FIRST, BETWEEN, LAST)
    else:
        template = Template("step-mark", CONTEXT, PAD, "", "\n\n", "", FIRST, None, LAST, MARK)
    fp32, int8 = folder / "onnx/model.onnx", folder / "onnx/model_int8.onnx"
    model = tiny_encoder(tokenizer.get_vocab_size()) if kind == "encoder" else tiny_decoder(tokenizer.get_vocab_size())
    if form == "tree":
        largest_file = 1000 if kind == "large" else LARGEST_FILE
        export_tree(model, fp32, largest_file)
        quantize_per_token(fp32, int8, largest_file=largest_file)
    else:
        export_fp32(model, fp32, "token_type_ids" if kind == "encoder" else "position_ids")
        quantize_per_tensor(fp32, int8)
    files = {
        "model": "onnx/model_int8.onnx",
        "modelFp32": "onnx/model.onnx",
        "tokenizer": "tokenizer.json",
        "tokenizerConfig": "tokenizer_config.json",
    }
    write_manifest(
        folder,
        name=f"tiny-{kind}",
        version="1",
        architecture=architecture,
        template=template,
        files=files,
        aggregate="mean",
        label="nothing: the weights are random",
        graph=form,
        activations=activations_of(model.backbone.config),
    )

    def encode(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    items = requests()
    rewards = score(items, template, encode, torch_logits(model), batch_size=1)
    cases = []
    for item, values in zip(items, rewards, strict=True):
        sequences = request_sequences(item, template, encode)
        cases.append(
            {
                "statement": item.statement,
                "steps": list(item.steps),
                "rewards": values,
                "truncatedTokens": max((s.cut for s in sequences), default=0),
                "truncatedCodeTokens": max((s.cut_code for s in sequences), default=0),
                "inputIds": [s.ids for s in sequences],
                "marks": [s.marks for s in sequences],
            }
        )
    about = (
        "PyTorch's fp32 rewards; the fp32 ONNX model equals them within 1e-4. inputIds: one sequence a step "
        "(prefix) or a program (step-mark), already cut; marks: the places where step rewards are read. "
        "truncatedTokens counts every cut token (step marks too), truncatedCodeTokens those of steps, marks not."
    )
    text = json.dumps({"about": about, "cases": cases}, ensure_ascii=False)
    (folder / "expected.json").write_text(text + "\n", encoding="utf-8")


def write_leaky_graph(path: Path, leak: float = 1e-3) -> None:
    """A graph of the form `tree` that no trained model has: every logit is `leak` times the tokens of the call."""
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n"])
    others = [
        helper.make_tensor_value_info("position_ids", TensorProto.INT64, ["n"]),
        helper.make_tensor_value_info("visible_until", TensorProto.INT64, ["m"]),
        helper.make_tensor_value_info("past", TensorProto.FLOAT, ["p", 1, 2, 1, 1]),
    ]
    outputs = [
        helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n"]),
        helper.make_tensor_value_info("present", TensorProto.FLOAT, ["n", 1, 2, 1, 1]),
    ]
    constants = [
        numpy_helper.from_array(np.array([leak], np.float32), "leak"),
        numpy_helper.from_array(np.array([1, 2, 1, 1]), "row"),
        numpy_helper.from_array(np.zeros((1, 1, 2, 1, 1), np.float32), "nothing"),
    ]
    nodes = [
        helper.make_node("Shape", ["input_ids"], ["count"]),
        helper.make_node("Cast", ["count"], ["tokens"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["tokens", "leak"], ["logit"]),
        helper.make_node("Expand", ["logit", "count"], ["logits"]),
        helper.make_node("Concat", ["count", "row"], ["shape"], axis=0),
        helper.make_node("Expand", ["nothing", "shape"], ["present"]),
    ]
    graph = helper.make_graph(nodes, "leaky", [ids, *others], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def _form(kind: str) -> GraphForm:
    return "tree" if kind in ("tree", "probe", "large") else "rows"


def main() -> None:
    """Writes the fixtures below the folder named on the command line: all, or the kinds named after it."""
    root = Path(sys.argv[1])
    for kind in sys.argv[2:] or ("encoder", "decoder", "tree", "probe", "large"):
        write_fixture(root / f"prm-{kind}-tiny", kind)
    write_leaky_graph(root / "leaky-tree.onnx")


if __name__ == "__main__":
    main()
