"""A PRM folder that funprm can score with: graph, tokenizer and manifest of a model in PyTorch."""

from pathlib import Path

import onnx

from funprm_training.export.manifest import activations_of, write_manifest, write_tokenizer_config
from funprm_training.export.onnx_graph import LARGEST_FILE, GraphForm, export_graph
from funprm_training.export.quantize import quantize_per_token
from funprm_training.prm.family import Family


def export_fp32_folder(
    family: Family, folder: Path, name: str, version: str, aggregate: str, largest_file: int = LARGEST_FILE
) -> Path:
    """Writes the fp32 PRM folder; the path of its graph. Weights over `largest_file` bytes are next to the graph."""
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
        signed=family.signed,
    )
