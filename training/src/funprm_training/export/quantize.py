"""Dynamic int8 whose rewards do not depend on the batch: activations are quantised token by token.

ONNX Runtime's own `quantize_dynamic` takes one activation range for the whole batch, padding included, so a
program's reward changes with its neighbours. Here every token (row of a matrix product) has its own scale:

    x [.., k] -> scale = max |x| / 127 over k, q = round(x / scale) + 128 (uint8)
    y = (q - 128) @ W int8 * scale_W * scale        scale_W one a column

Weights take 7 bits, since processors without VNNI add products of 8-bit numbers in 16 bits with saturation.
Embedding tables are int8 with one scale a row. The product is ONNX Runtime's own operator MatMulIntegerToFloat,
which scales the columns while they are in the cache; standard ONNX would write and read them once more.

A model of any size: one weight at a time is read from the source, and what is over LARGEST_FILE goes next to the graph.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnx.external_data_helper import load_external_data_for_tensor, uses_external_data

from funprm_training.export.onnx_graph import LARGEST_FILE, data_path

ACTIVATION_ZERO = 128
WEIGHT_RANGE = 63
TABLE_RANGE = 127
SMALLEST_TABLE = 1000
"""Embedding tables with fewer rows stay as they are."""
NARROWEST_PRODUCT = 16
"""Products with fewer columns stay fp32: the head has one, costs nothing, and its error is the reward's."""
TINY = 1e-8
"""Keeps a row of zeros from dividing by zero."""


RUNTIME = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""


def quantize_per_token(
    source: Path, target: Path, exclude: frozenset[str] = frozenset(), largest_file: int = LARGEST_FILE
) -> None:
    """Writes `source` with every product by a constant matrix in int8; `exclude` names nodes that stay fp32."""
    model = onnx.load(str(source), load_external_data=False)
    del model.graph.value_info[:]
    rewriter = _Rewriter(model, source.parent, exclude)
    rewriter.rewrite()
    if all(item.domain != RUNTIME for item in model.opset_import):
        model.opset_import.append(helper.make_opsetid(RUNTIME, 1))
    target.parent.mkdir(parents=True, exist_ok=True)
    data_path(target).unlink(missing_ok=True)
    onnx.save(
        model,
        str(target),
        save_as_external_data=sum(len(item.raw_data) for item in model.graph.initializer) > largest_file,
        location=data_path(target).name,
    )
    if data_path(target).exists():
        # The file comes from a temporary one, which nobody else may read.
        data_path(target).chmod(target.stat().st_mode)
    onnx.checker.check_model(str(target))


class _Rewriter:
    """Replaces nodes of one graph; constants that several nodes share are quantised once."""

    def __init__(self, model: ModelProto, folder: Path, exclude: frozenset[str]) -> None:
        self.graph = model.graph
        self.folder = str(folder)
        self.exclude = exclude
        self.weights = {item.name: item for item in self.graph.initializer}
        self.added: dict[str, TensorProto] = {}
        self.rows: dict[str, tuple[str, str]] = {}
        self._add("int8_range", np.array(127, np.float32))
        self._add("int8_tiny", np.array(TINY, np.float32))
        self._add("int8_one", np.array(1, np.float32))
        self._add("int8_zero_float", np.array(ACTIVATION_ZERO, np.float32))
        self._add("int8_zero", np.array(ACTIVATION_ZERO, np.uint8))
        self._add("int8_weight_zero", np.array(0, np.int8))
        self._add("int8_last_axis", np.array([-1], np.int64))

    def rewrite(self) -> None:
        """Rewrites the graph in place and drops the constants that nobody reads any more."""
        nodes: list[NodeProto] = []
        for node in self.graph.node:
            table = self.weights.get(node.input[0]) if node.op_type == "Gather" else None
            matrix = self.weights.get(node.input[1]) if _is_product(node) else None
            if node.name in self.exclude:
                nodes.append(node)
            elif matrix is not None and len(matrix.dims) == 2 and _columns(node, matrix) >= NARROWEST_PRODUCT:
                nodes += self._product(node, matrix)
            elif table is not None and len(table.dims) == 2 and table.dims[0] >= SMALLEST_TABLE:
                nodes += self._lookup(node, table)
            else:
                nodes.append(node)
        del self.graph.node[:]
        self.graph.node.extend(nodes)
        used = {name for node in nodes for name in node.input}
        kept = [item for item in self.graph.initializer if item.name in used]
        for item in kept:
            if uses_external_data(item):
                load_external_data_for_tensor(item, self.folder)
                item.ClearField("external_data")
                item.data_location = TensorProto.DEFAULT
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)
        self.graph.initializer.extend(item for name, item in self.added.items() if name in used)

    def _product(self, node: NodeProto, matrix: TensorProto) -> list[NodeProto]:
        """`x [.., k] @ matrix [k, n] (+ bias [n])`, the activations quantised a row at a time."""
        weight, scale = self._quantized(matrix, axis=0, limit=WEIGHT_RANGE, transpose=_is_transposed(node))
        nodes: list[NodeProto] = []
        if node.input[0] not in self.rows:
            nodes += self._quantize_rows(node.input[0])
        rows, row_scale = self.rows[node.input[0]]
        name = node.output[0]
        bias = node.input[2] if len(node.input) > 2 else None
        product = name if bias is None else f"{name}_unbiased"
        nodes += [
            helper.make_node(
                "MatMulIntegerToFloat",
                [rows, weight, "int8_one", scale, "int8_zero", "int8_weight_zero"],
                [f"{name}_columns"],
                domain=RUNTIME,
            ),
            helper.make_node("Mul", [f"{name}_columns", row_scale], [product]),
        ]
        if bias is not None:
            nodes.append(helper.make_node("Add", [product, bias], [name]))
        return nodes

    def _quantize_rows(self, name: str) -> list[NodeProto]:
        """`name [.., k]` to uint8 with one scale `[.., 1]` a row."""
        self.rows[name] = (f"{name}_rows", f"{name}_row_scale")
        quantized, scale = self.rows[name]
        return [
            helper.make_node("Abs", [name], [f"{name}_abs"]),
            helper.make_node("ReduceMax", [f"{name}_abs", "int8_last_axis"], [f"{name}_largest"], keepdims=1),
            helper.make_node("Max", [f"{name}_largest", "int8_tiny"], [f"{name}_bounded"]),
            helper.make_node("Div", [f"{name}_bounded", "int8_range"], [scale]),
            helper.make_node("Div", [name, scale], [f"{name}_scaled"]),
            helper.make_node("Round", [f"{name}_scaled"], [f"{name}_whole"]),
            helper.make_node("Add", [f"{name}_whole", "int8_zero_float"], [f"{name}_shifted"]),
            helper.make_node("Cast", [f"{name}_shifted"], [quantized], to=onnx.TensorProto.UINT8),
        ]

    def _lookup(self, node: NodeProto, table: TensorProto) -> list[NodeProto]:
        """Rows of an int8 table `[rows, width]`, each with its scale."""
        weight, scale = self._quantized(table, axis=1, limit=TABLE_RANGE)
        name = node.output[0]
        return [
            helper.make_node("Gather", [weight, node.input[1]], [f"{name}_int8"], axis=0),
            helper.make_node("Gather", [scale, node.input[1]], [f"{name}_scale"], axis=0),
            helper.make_node("Cast", [f"{name}_int8"], [f"{name}_whole"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_whole", f"{name}_scale"], [name]),
        ]

    def _quantized(self, tensor: TensorProto, axis: int, limit: int, transpose: bool = False) -> tuple[str, str]:
        """Names of the int8 constant and of its scales; the largest number along `axis` becomes `limit`."""
        name = f"{tensor.name}_transposed" if transpose else tensor.name
        if f"{name}_int8" not in self.added:
            values = numpy_helper.to_array(tensor, self.folder)
            values = values.T if transpose else values
            largest = np.abs(values).max(axis=axis, keepdims=True)
            scale = np.maximum(largest, TINY).astype(np.float32) / limit
            self._add(f"{name}_int8", np.round(values / scale).astype(np.int8))
            self._add(f"{name}_scale", scale[0] if axis == 0 else scale)
        return f"{name}_int8", f"{name}_scale"

    def _add(self, name: str, value: np.ndarray) -> None:
        self.added[name] = numpy_helper.from_array(value, name)


def _is_transposed(node: NodeProto) -> bool:
    """Whether the right side of a product is given row by row."""
    return any(item.name == "transB" and item.i for item in node.attribute)


def _columns(node: NodeProto, matrix: TensorProto) -> int:
    """The width of a product's result."""
    return int(matrix.dims[0 if _is_transposed(node) else 1])


def _is_product(node: NodeProto) -> bool:
    """A matrix product whose right side may be constant. A Gemm with other factors than 1 is left alone."""
    if node.op_type != "Gemm":
        return node.op_type == "MatMul"
    given = {item.name: helper.get_attribute_value(item) for item in node.attribute}
    return given.get("alpha", 1) == given.get("beta", 1) == 1 and not given.get("transA", 0)
