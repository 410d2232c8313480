"""A trained run to PRM folders that funprm can score with.

    python -m funprm_training.export --run runs/minilm --out ../models/funprm-prm-small --aggregate mean

Writes the int8 folder to `--out` and the fp32 one to `RUN/fp32`; the fp32 graph is checked against PyTorch.
"""

import argparse
import sys
from pathlib import Path

import onnx
import torch

from funprm_training.aggregate import AGGREGATES
from funprm_training.config import InputError
from funprm_training.dev import trained
from funprm_training.family import Family
from funprm_training.manifest import activations_of, write_manifest, write_tokenizer_config
from funprm_training.onnx_graph import LARGEST_FILE, GraphForm, export_graph
from funprm_training.pretrained import base_override, merge_adapters
from funprm_training.quantize import quantize_per_token


def export_fp32_folder(
    family: Family, folder: Path, name: str, version: str, aggregate: str, largest_file: int = LARGEST_FILE
) -> Path:
    """Writes the fp32 PRM folder; the path of its graph. Weights over `largest_file` bytes lie beside the graph."""
    graph = folder / "onnx/model.onnx"
    form = export_graph(family.model, graph, family.template.context_length, largest_file)
    _write_rest(family, folder, "onnx/model.onnx", form, name, version, aggregate)
    return graph


def export_int8_folder(
    family: Family,
    fp32: Path,
    folder: Path,
    name: str,
    version: str,
    aggregate: str,
    largest_file: int = LARGEST_FILE,
) -> Path:
    """Writes the int8 PRM folder made from an fp32 graph; the path of its graph."""
    graph = folder / "onnx/model_int8.onnx"
    quantize_per_token(fp32, graph, largest_file=largest_file)
    _write_rest(family, folder, "onnx/model_int8.onnx", graph_form(fp32), name, version, aggregate)
    return graph


def graph_form(path: Path) -> GraphForm:
    """Which form a graph has, by its inputs."""
    inputs = onnx.load(str(path), load_external_data=False).graph.input
    return "tree" if any(item.name == "visible_until" for item in inputs) else "rows"


def _write_rest(
    family: Family, folder: Path, graph: str, form: GraphForm, name: str, version: str, aggregate: str
) -> None:
    family.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    pad = family.tokenizer.id_to_token(family.template.pad)
    write_tokenizer_config(folder, family.template.context_length, pad)
    write_manifest(
        folder,
        name=name,
        version=version,
        architecture=family.architecture,
        template=family.template,
        files={"model": graph, "tokenizer": "tokenizer.json", "tokenizerConfig": "tokenizer_config.json"},
        aggregate=aggregate,
        graph=form,
        activations=activations_of(family.model.backbone.config),
    )


def main() -> None:
    """Reads the command line and exports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", help="where the base model of the run lies now, if not where it lay")
    parser.add_argument("--name", default="funprm-prm-small")
    parser.add_argument("--version", default="1")
    parser.add_argument("--aggregate", choices=AGGREGATES, default="mean")
    options = parser.parse_args()
    torch.set_num_threads(1)
    try:
        family = trained(options.run, base_override(options.base))
    except InputError as error:
        raise SystemExit(str(error)) from error
    merge_adapters(family.model)
    identity = (options.name, options.version, options.aggregate)
    fp32 = export_fp32_folder(family, options.run / "fp32", *identity)
    int8 = export_int8_folder(family, fp32, options.out, *identity)
    sys.stdout.write(f"{int8}: {int8.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
