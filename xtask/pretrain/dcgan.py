"""Baseline: a DCGAN (Radford et al. 2015, arXiv 1511.06434) on the same slices.

As in the paper: transposed and strided 4 x 4 convolutions, batch normalisation, Adam with beta 1 of 0.5 and a learning rate of
2e-4, normally distributed initial weights with standard deviation 0.02, binary cross-entropy. Class and mask are added: a one-hot
class appended to the latent and as constant maps to the discriminator's input, and the mask as a second channel.
"""

import torch
import torch.nn.functional as F
from torch import nn

from baseline import LATENT, Baseline, adam, arguments, parameters


def initialise(layer):
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
        nn.init.zeros_(layer.bias)


def generator(classes, width, doublings):
    """[batch, latent + classes, 1, 1] to [batch, 2, side, side]"""
    wide = width << (doublings - 1)
    layers = [nn.ConvTranspose2d(LATENT + classes, wide, 4, 1, 0, bias=False), nn.BatchNorm2d(wide), nn.ReLU(True)]
    for _ in range(doublings - 1):
        layers += [nn.ConvTranspose2d(wide, wide // 2, 4, 2, 1, bias=False), nn.BatchNorm2d(wide // 2), nn.ReLU(True)]
        wide //= 2
    return nn.Sequential(*layers, nn.ConvTranspose2d(wide, 2, 4, 2, 1), nn.Tanh()).apply(initialise)


def discriminator(classes, width, doublings):
    """[batch, 2 + classes, side, side] to [batch, 1, 1, 1]"""
    layers = [nn.Conv2d(2 + classes, width, 4, 2, 1), nn.LeakyReLU(0.2, True)]
    for _ in range(doublings - 1):
        layers += [nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * width), nn.LeakyReLU(0.2, True)]
        width *= 2
    return nn.Sequential(*layers, nn.Conv2d(width, 1, 4, 1, 0)).apply(initialise)


def main():
    args = arguments(__doc__, batch=64, width=32)
    task = Baseline(args)
    count = len(task.classes)
    place = dict(memory_format=torch.channels_last)
    g = generator(count, args.width, task.doublings).to(**place)
    d = discriminator(count, args.width, task.doublings).to(**place)
    print(parameters(g), "parameters in the generator,", parameters(d), "in the discriminator")
    g_adam, d_adam = adam(g), adam(d)
    make = lambda onehot: g(task.latent(onehot)[:, :, None, None])
    judge = lambda x, onehot: d(task.with_class(x, onehot)).flatten()
    one, zero = torch.ones(args.batch), torch.zeros(args.batch)

    def step():
        real, onehot = task.batch()
        with task.fast():
            fake = make(onehot)
            of_real, of_fake = judge(real, onehot), judge(fake.detach(), onehot)
        loss_d = F.binary_cross_entropy_with_logits(of_real.float(), one) + F.binary_cross_entropy_with_logits(of_fake.float(), zero)
        d_adam.zero_grad()
        loss_d.backward()
        d_adam.step()
        with task.fast():
            of_fake = judge(fake, onehot)
        loss_g = F.binary_cross_entropy_with_logits(of_fake.float(), one)
        g_adam.zero_grad()
        loss_g.backward()
        g_adam.step()
        return loss_d, loss_g

    def write(out):
        # Batch normalisation with the statistics of the training instead of a single scan.
        g.eval()
        task.write(make, out)
        g.train()

    task.train(step, write)


main()
