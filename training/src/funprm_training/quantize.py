"""Dynamic int8 whose rewards do not depend on the batch: activations are quantised token by token.

ONNX Runtime's own `quantize_dynamic` takes one activation range for the whole batch, padding included, so a
program's reward changes with its neighbours. Here every token (row of a matrix product) has its own scale:

    x [.., k] -> scale = max |x| / 127 over k, q = round(x / scale) + 128 (uint8)
    y = MatMulInteger(q, W int8, 128, 0) * scale * scale_W        scale_W one a column

Weights take 7 bits, since processors without VNNI add products of 8-bit numbers in 16 bits with saturation.
Embedding tables are int8 with one scale a row.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import ModelProto, NodeProto, helper, numpy_helper

ACTIVATION_ZERO = 128
WEIGHT_RANGE = 63
TABLE_RANGE = 127
SMALLEST_TABLE = 1000
"""Embedding tables with fewer rows stay as they are."""
TINY = 1e-8
"""Keeps a row of zeros from dividing by zero."""


def quantize_per_token(source: Path, target: Path, exclude: frozenset[str] = frozenset()) -> None:
    """Writes `source` with every product by a constant matrix in int8; `exclude` names nodes that stay fp32."""
    model = onnx.load(str(source))
    del model.graph.value_info[:]
    rewriter = _Rewriter(model, exclude)
    rewriter.rewrite()
    onnx.checker.check_model(model)
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(target))


class _Rewriter:
    """Replaces nodes of one graph; constants that several nodes share are quantised once."""

    def __init__(self, model: ModelProto, exclude: frozenset[str]) -> None:
        self.graph = model.graph
        self.exclude = exclude
        self.weights = {item.name: item for item in self.graph.initializer}
        self.added: dict[str, np.ndarray] = {
            "int8_range": np.array(127, np.float32),
            "int8_tiny": np.array(TINY, np.float32),
            "int8_zero_float": np.array(ACTIVATION_ZERO, np.float32),
            "int8_zero": np.array(ACTIVATION_ZERO, np.uint8),
            "int8_last_axis": np.array([-1], np.int64),
        }
        self.rows: dict[str, tuple[str, str]] = {}

    def rewrite(self) -> None:
        """Rewrites the graph in place and drops the constants that nobody reads any more."""
        nodes: list[NodeProto] = []
        for node in self.graph.node:
            table = self.weights.get(node.input[0]) if node.op_type == "Gather" else None
            matrix = self.weights.get(node.input[1]) if node.op_type == "MatMul" else None
            if node.name in self.exclude:
                nodes.append(node)
            elif matrix is not None and len(matrix.dims) == 2:
                nodes += self._product(node, numpy_helper.to_array(matrix))
            elif table is not None and len(table.dims) == 2 and table.dims[0] >= SMALLEST_TABLE:
                nodes += self._lookup(node, numpy_helper.to_array(table))
            else:
                nodes.append(node)
        del self.graph.node[:]
        self.graph.node.extend(nodes)
        used = {name for node in nodes for name in node.input}
        kept = [item for item in self.graph.initializer if item.name in used]
        del self.graph.initializer[:]
        self.graph.initializer.extend(kept)
        self.graph.initializer.extend(
            numpy_helper.from_array(value, name) for name, value in self.added.items() if name in used
        )

    def _product(self, node: NodeProto, matrix: np.ndarray) -> list[NodeProto]:
        """`x [.., k] @ matrix [k, n]`, the activations quantised a row at a time."""
        weight, scale = self._quantized(node.input[1], matrix, axis=0, limit=WEIGHT_RANGE)
        nodes: list[NodeProto] = []
        if node.input[0] not in self.rows:
            nodes += self._quantize_rows(node.input[0])
        rows, row_scale = self.rows[node.input[0]]
        name = node.output[0]
        nodes += [
            helper.make_node("MatMulInteger", [rows, weight, "int8_zero"], [f"{name}_int32"]),
            helper.make_node("Cast", [f"{name}_int32"], [f"{name}_sum"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_sum", scale], [f"{name}_columns"]),
            helper.make_node("Mul", [f"{name}_columns", row_scale], [name]),
        ]
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

    def _lookup(self, node: NodeProto, table: np.ndarray) -> list[NodeProto]:
        """Rows of an int8 table `[rows, width]`, each with its scale."""
        weight, scale = self._quantized(node.input[0], table, axis=1, limit=TABLE_RANGE)
        name = node.output[0]
        return [
            helper.make_node("Gather", [weight, node.input[1]], [f"{name}_int8"], axis=0),
            helper.make_node("Gather", [scale, node.input[1]], [f"{name}_scale"], axis=0),
            helper.make_node("Cast", [f"{name}_int8"], [f"{name}_whole"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}_whole", f"{name}_scale"], [name]),
        ]

    def _quantized(self, name: str, values: np.ndarray, axis: int, limit: int) -> tuple[str, str]:
        """Names of the int8 constant and of its scales; the largest number along `axis` becomes `limit`."""
        largest = np.abs(values).max(axis=axis, keepdims=True)
        scale = np.maximum(largest, TINY).astype(np.float32) / limit
        self.added[f"{name}_int8"] = np.round(values / scale).astype(np.int8)
        self.added[f"{name}_scale"] = scale[0] if axis == 0 else scale
        return f"{name}_int8", f"{name}_scale"
