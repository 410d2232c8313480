"""`prm.json`: what a PRM folder says about itself (docs/design/prm-manifest.md)."""

import hashlib
import json
from pathlib import Path
from typing import Any

import onnx
from transformers import PretrainedConfig

from funprm_training.atomic_write import write_text
from funprm_training.prm.template import Template

LABEL = "probability that a program that begins with this prefix passes all hidden tests"
SIGNED_LABEL = "some completion of this prefix passes all hidden tests; 0.5: not known"


def file_entry(folder: Path, path: str) -> dict[str, Any]:
    """`{path, sha256, bytes}` of a file inside the folder."""
    with (folder / path).open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path, "sha256": sha256, "bytes": (folder / path).stat().st_size}


def precision_of(graph: Path) -> str:
    """`int8` for a graph with quantised products, else `fp32`."""
    nodes = onnx.load(str(graph), load_external_data=False).graph.node
    return "int8" if any("Quantize" in node.op_type or "Integer" in node.op_type for node in nodes) else "fp32"


def activations_of(config: PretrainedConfig) -> dict[str, int]:
    """Numbers that live at once in a layer of a transformer: for each token, and for each pair of tokens."""
    # Models without the field widen four times.
    width = getattr(config, "intermediate_size", None) or 4 * config.hidden_size
    return {"perToken": width, "perPair": config.num_attention_heads}


def write_manifest(
    folder: Path,
    *,
    name: str,
    version: str,
    architecture: str,
    template: Template,
    files: dict[str, str],
    aggregate: str,
    graph: str = "rows",
    activations: dict[str, int] | None = None,
    label: str = LABEL,
    signed: bool = False,
) -> dict[str, Any]:
    """Writes `prm.json` over the files already in the folder (`files`: role to path) and returns it.

    `graph` is the form of the graph, `rows` or `tree`; by `activations` scoring keeps a bound on memory. Files with
    weights next to the graphs are found by their names. A `signed` model was trained on labels of lines.
    """
    reading: dict[str, Any] = {"kind": template.reading}
    if template.mark is not None:
        reading["markId"] = template.mark
    entries: dict[str, Any] = {role: file_entry(folder, path) for role, path in files.items()}
    graphs = {role: path for role, path in files.items() if role in ("model", "modelFp32")}
    for role, path in graphs.items():
        entries[role]["precision"] = precision_of(folder / path)
    external_paths = [f"{path}.data" for path in graphs.values()]
    if external := [file_entry(folder, path) for path in external_paths if (folder / path).exists()]:
        entries["externalData"] = external
    manifest = {
        "format": "funprm-prm/1",
        "name": name,
        "version": version,
        "license": "Apache-2.0",
        "architecture": architecture,
        "graph": graph,
        **({} if activations is None else {"activations": activations}),
        "files": entries,
        "template": {
            "beforeStatement": template.before_statement,
            "afterStatement": template.after_statement,
            "afterCode": template.after_code,
        },
        "specialTokens": {
            "first": template.first,
            "betweenStatementAndCode": template.between,
            "last": template.last,
            "pad": template.pad,
        },
        "reading": reading,
        "output": {"name": "logits", "activation": "none", "range": [-1, 1]}
        if signed
        else {"name": "logits", "activation": "sigmoid"},
        "label": SIGNED_LABEL if signed else label,
        "stepSize": "line" if signed else "function",
        "contextLength": template.context_length,
        "aggregate": aggregate,
    }
    write_text(folder / "prm.json", json.dumps(manifest, indent=2) + "\n")
    return manifest


def write_tokenizer_config(folder: Path, context_length: int, pad: str) -> None:
    """The little that a tokenizer reader needs besides `tokenizer.json`."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context_length,
        "clean_up_tokenization_spaces": False,
        "pad_token": pad,
    }
    write_text(folder / "tokenizer_config.json", json.dumps(config, indent=2) + "\n")
