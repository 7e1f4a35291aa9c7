#!/usr/bin/env python3
"""The network of numpy_network.py as one writes it in PyTorch: forward pass, gradient by autograd.

Same planes, padded transforms, loss, complex64, one thread; masks and fields are tensors. One JSON
line per size as numpy_network.py.

    torch_network.py [--pixels 64 128] [--layers 4] [--batch 50]
"""
import json

import numpy as np
import torch

import numpy_network


class Network:
    def __init__(self, pixels, layers):
        plain = numpy_network.Network(pixels, layers)
        self.pixels, self.layers, self.gain = pixels, layers, plain.gain
        self.padded = plain.padded
        self.kernel = torch.from_numpy(plain.kernel)
        self.owner = torch.from_numpy(plain.owner)

    def propagate(self, field):
        size = (self.padded, self.padded)
        spectrum = torch.fft.fft2(field, s=size) * self.kernel
        return torch.fft.ifft2(spectrum)[:, :self.pixels, :self.pixels]

    def step(self, masks, images, labels, weight):
        """Loss and gradient; images are fields of unit power."""
        masks = masks.detach().requires_grad_(True)
        x = images
        for k in range(self.layers):
            y = self.propagate(x * torch.polar(torch.ones_like(masks[k]), masks[k]))
            x = y / torch.sqrt(torch.sum(y.real ** 2 + y.imag ** 2, dim=(1, 2), keepdim=True))
        light = (y.real ** 2 + y.imag ** 2).reshape(len(images), -1) @ self.owner
        q = light / light.sum(dim=1, keepdim=True)
        loss = torch.nn.functional.cross_entropy(self.gain * q, labels, reduction="sum") * weight
        loss.backward()
        return loss.item(), masks.grad


def tensors(pixels, layers, batch):
    """Masks, fields and labels as the network takes them."""
    arrays = (numpy_network.masks_of(pixels, layers).astype(np.float32),
              numpy_network.images_of(pixels, batch), np.arange(batch) % 10)
    return [torch.from_numpy(array) for array in arrays]


def agree(pixels, layers):
    """Both networks give the same loss and gradient."""
    masks, fields, labels = tensors(pixels, layers, 3)
    loss, gradient = numpy_network.Network(pixels, layers).step(
        numpy_network.masks_of(pixels, layers), fields.numpy(), labels.numpy(), 1 / 3)
    other, found = Network(pixels, layers).step(masks, fields, labels, 1 / 3)
    assert abs(other - loss) < 1e-4 * loss, (other, loss)
    difference = np.linalg.norm(found.numpy() - gradient) / np.linalg.norm(gradient)
    assert difference < 1e-3, difference


def main():
    given = numpy_network.arguments(__doc__)
    torch.set_num_threads(1)
    for pixels in given.pixels:
        agree(pixels, given.layers)
        result = numpy_network.measure("torch", Network(pixels, given.layers),
                                       *tensors(pixels, given.layers, given.batch), given.seconds)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
