"""Writes the tiny PRM folders that the tests of the TypeScript scorer compare against PyTorch.

    python -m funprm_training.export.fixtures ../test/fixtures

The weights are random and mean nothing. `expected.json` holds PyTorch's rewards for invented requests,
the long ones cut by the rule of the manifest.
"""

import json
import sys
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from funprm_training.export.fixture_models import (
    BETWEEN,
    CONTEXT,
    FIRST,
    LAST,
    MARK,
    PAD,
    requests,
    tiny_decoder,
    tiny_encoder,
    tiny_tokenizer,
)
from funprm_training.export.leaky_graph import write_leaky_graph
from funprm_training.export.manifest import activations_of, write_manifest, write_tokenizer_config
from funprm_training.export.onnx_graph import LARGEST_FILE, export_fp32, export_tree
from funprm_training.export.quantize import quantize_per_token
from funprm_training.prm.model import PrmModel
from funprm_training.prm.scoring import request_sequences, score, torch_logits
from funprm_training.prm.template import Template

KINDS = ("encoder", "decoder", "tree", "probe", "large")
"""`encoder` and `decoder` have graphs of rows; `tree` reads at step marks, `probe` at the last token after closing
text, both from a graph that takes trees; `large` is `tree` with its weights next to the graph."""
ABOUT = (
    "PyTorch's fp32 rewards; the fp32 ONNX model equals them within 1e-4. inputIds: one sequence a step "
    "(prefix) or a program (step-mark), already cut; marks: the places where step rewards are read. "
    "truncatedTokens counts every cut token (step marks too), truncatedCodeTokens those of steps, marks not."
)


def write_fixture(folder: Path, kind: str) -> None:
    """Writes one PRM folder of KINDS and its `expected.json`."""
    torch.manual_seed(1)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    tokenizer = tiny_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_tokenizer_config(folder, CONTEXT, "<pad>")
    make = tiny_encoder if kind == "encoder" else tiny_decoder
    model = make(tokenizer.get_vocab_size())
    if kind in ("encoder", "probe"):
        template = Template("prefix", CONTEXT, PAD, "Problem: ", "\n", "\n# end", FIRST, BETWEEN, LAST)
    else:
        template = Template("step-mark", CONTEXT, PAD, "", "\n\n", "", FIRST, None, LAST, MARK)
    tree = kind not in ("encoder", "decoder")
    fp32, int8 = folder / "onnx/model.onnx", folder / "onnx/model_int8.onnx"
    if tree:
        largest_file = 1000 if kind == "large" else LARGEST_FILE
        export_tree(model, fp32, largest_file)
        quantize_per_token(fp32, int8, largest_file=largest_file)
    else:
        export_fp32(model, fp32, "token_type_ids" if kind == "encoder" else "position_ids")
        quantize_per_tensor(fp32, int8)
    write_manifest(
        folder,
        name=f"tiny-{kind}",
        version="1",
        architecture="encoder" if kind == "encoder" else "decoder",
        template=template,
        files={
            "model": "onnx/model_int8.onnx",
            "modelFp32": "onnx/model.onnx",
            "tokenizer": "tokenizer.json",
            "tokenizerConfig": "tokenizer_config.json",
        },
        aggregate="mean",
        label="nothing: the weights are random",
        graph="tree" if tree else "rows",
        activations=activations_of(model.backbone.config),
    )
    expected = {"about": ABOUT, "cases": expected_cases(model, tokenizer, template)}
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n", encoding="utf-8")


def expected_cases(model: PrmModel, tokenizer: Tokenizer, template: Template) -> list[dict[str, Any]]:
    """PyTorch's rewards for every request, and the sequences from which it read them."""

    def encode(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    cases = []
    for request in requests():
        sequences = request_sequences(request, template, encode)
        cases.append(
            {
                "statement": request.statement,
                "steps": list(request.steps),
                "rewards": score([request], template, encode, torch_logits(model), batch_size=1)[0],
                "truncatedTokens": max((s.cut for s in sequences), default=0),
                "truncatedCodeTokens": max((s.cut_code for s in sequences), default=0),
                "inputIds": [s.ids for s in sequences],
                "marks": [s.marks for s in sequences],
            }
        )
    return cases


def quantize_per_tensor(source: Path, target: Path) -> None:
    """ONNX Runtime's dynamic int8, as other tools write it: rewards depend on the batch."""
    prepared = target.with_suffix(".prepared.onnx")
    graph = onnx.load(str(source))
    # The exporter's recorded shapes of intermediate values contradict those that the quantiser infers.
    del graph.graph.value_info[:]
    onnx.save(graph, str(prepared))
    quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    prepared.unlink()


def main() -> None:
    """Writes the fixtures below the folder named on the command line: all, or the kinds named after it."""
    root = Path(sys.argv[1])
    for kind in sys.argv[2:] or KINDS:
        write_fixture(root / f"prm-{kind}-tiny", kind)
    write_leaky_graph(root / "leaky-tree.onnx")


if __name__ == "__main__":
    main()
