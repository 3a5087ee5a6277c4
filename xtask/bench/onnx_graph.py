"""Writes a generator as an ONNX graph, so that ONNX Runtime makes the same scans with the same weights.

usage: onnx_graph.py WEIGHTS.safetensors OUT.onnx

Inputs: `latent` [n, 64] and `class` [n, classes]. Output: `images` [n, 2, side, side]. `src/gan/generator.rs` defines the network.
"""

import json
import struct
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LATENT = 64
BASE = 4
SLOPE = 0.2


def read_weights(path):
    """Metadata and {name: tensor} of a safetensors file of half floats."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__")

    def tensor(entry):
        start, end = entry["data_offsets"]
        values = np.frombuffer(content[8 + length + start : 8 + length + end], np.float16)
        return values.reshape(entry["shape"]).astype(np.float32)

    return metadata, {name: tensor(entry) for name, entry in header.items()}


def noise_signs(side):
    """The noise matrix [64, side * side] of `src/gan/noise.rs`."""
    index = np.arange(LATENT * side * side, dtype=np.uint64)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        index = ((index ^ (index >> np.uint64(shift))) * np.uint64(factor)) & np.uint64(0xFFFFFFFF)
    signs = np.where(index >> np.uint64(31) == 1, 0.125, -0.125)
    return signs.astype(np.float32).reshape(LATENT, side * side)


class Graph:
    """A graph under construction. Methods return names of values."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.constants = []

    def constant(self, value):
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def weight(self, name):
        return self.constant(self.weights[name])

    def node(self, operator, inputs, **attributes):
        name = f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def reshape(self, value, shape):
        return self.node("Reshape", [value, self.constant(np.array(shape, np.int64))])

    def slice_channels(self, value, start, end):
        ends = [self.constant(np.array([number], np.int64)) for number in (start, end, 1)]
        return self.node("Slice", [value, *ends])

    def convolution(self, value, name):
        padding = self.weights[f"{name}.weight"].shape[2] // 2
        return self.node("Conv", [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], pads=[padding] * 4)

    def activation(self, value):
        return self.node("LeakyRelu", [value], alpha=SLOPE)

    def double(self, value):
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        return self.node("Resize", [value, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")

    def stage(self, index, x, code):
        name = f"stages.{index}"
        side = BASE << index
        if index:
            x = self.double(self.convolution(x, f"{name}.widen"))
        width = self.weights[f"{name}.grain"].shape[0]
        style = self.reshape(self.node("MatMul", [code, self.weight(f"{name}.style")]), [-1, 2 * width, 1, 1])
        scale = self.node("Add", [self.slice_channels(style, 0, width), self.constant(np.ones(1, np.float32))])
        shift = self.slice_channels(style, width, 2 * width)
        noise = self.node("MatMul", ["latent", self.constant(noise_signs(side))])
        strength = self.constant(self.weights[f"{name}.grain"].reshape(1, -1, 1, 1))
        grain = self.node("Mul", [self.reshape(noise, [-1, 1, side, side]), strength])
        h = self.convolution(self.activation(x), f"{name}.block.first")
        h = self.node("Add", [self.node("Add", [self.node("Mul", [h, scale]), shift]), grain])
        return self.node("Add", [x, self.convolution(self.activation(h), f"{name}.block.second")])


def main(source, target):
    metadata, weights = read_weights(source)
    classes = len(json.loads(metadata["classes"]))
    stages = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("stages."))
    side = BASE << (stages - 1)
    graph = Graph(weights)
    code = graph.node("Concat", ["latent", "class"], axis=1)
    width = weights["basis"].shape[0]
    x = graph.reshape(graph.node("MatMul", [code, graph.weight("project")]), [-1, width, 1, 1])
    x = graph.node("Mul", [x, graph.constant(weights["basis"][None])])
    for index in range(stages):
        x = graph.stage(index, x, code)
    x = graph.convolution(graph.activation(x), "output")
    graph.nodes.append(helper.make_node("Identity", [x], ["images"]))

    value = helper.make_tensor_value_info
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "generator",
            [value("latent", TensorProto.FLOAT, ["n", LATENT]), value("class", TensorProto.FLOAT, ["n", classes])],
            [value("images", TensorProto.FLOAT, ["n", 2, side, side])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
    )
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
