"""A graph that no trained model has, for the test that scoring refuses it: rewards depend on the batch."""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper


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
