"""bfloat16 on devices that support it in hardware. Emulated, it is many times slower than 32 bits."""

import torch


def has_bfloat16(device):
    """Whether the device is a GPU, or a CPU with bfloat16 instructions."""
    return device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()


def fast(device, wanted=True):
    """A context in which convolutions use bfloat16, if the device supports it."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=wanted and has_bfloat16(device))
