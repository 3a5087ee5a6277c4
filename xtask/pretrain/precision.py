"""bfloat16 where the device computes with it; where it only pretends to, it is many times as slow as 32 bits."""

import torch


def has_bfloat16(device):
    """Whether a graphics card, or a processor with the instructions for it."""
    return device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()


def fast(device, wanted=True):
    """A context in which convolutions take bfloat16, if the device has it."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=wanted and has_bfloat16(device))
