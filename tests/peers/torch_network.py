#!/usr/bin/env python3
"""The network of numpy_network.py as one writes it in PyTorch: forward pass, gradient by autograd.

Same planes, padded transforms, loss, complex64, one thread; masks and fields are tensors. One JSON
line per size as numpy_network.py.

    torch_network.py [--pixels 64 128] [--layers 4] [--batch 50]
"""
import json
import time

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


def agree(pixels, layers):
    """Both networks give the same loss and gradient."""
    masks = np.linspace(-20, 20, layers * pixels * pixels).reshape(layers, pixels, pixels)
    fields, labels = numpy_network.images_of(pixels, 3), np.arange(3)
    loss, gradient = numpy_network.Network(pixels, layers).step(masks, fields, labels, 1 / 3)
    other, found = Network(pixels, layers).step(torch.from_numpy(masks.astype(np.float32)),
                                                torch.from_numpy(fields), torch.from_numpy(labels),
                                                1 / 3)
    assert abs(other - loss) < 1e-4 * loss, (other, loss)
    difference = np.linalg.norm(found.numpy() - gradient) / np.linalg.norm(gradient)
    assert difference < 1e-3, difference


def measure(pixels, layers, batch, seconds):
    network = Network(pixels, layers)
    masks = torch.linspace(-20, 20, layers * pixels * pixels).reshape(layers, pixels, pixels)
    fields = torch.from_numpy(numpy_network.images_of(pixels, batch))
    labels = torch.arange(batch) % 10
    rates = {}
    for part in (4, 10, batch):
        parts = [slice(s, s + part) for s in range(0, batch, part)]
        start, steps = time.process_time(), 0
        while time.process_time() - start < seconds:
            gradient = sum(network.step(masks, fields[p], labels[p], 1 / batch)[1] for p in parts)
            steps += 1
        assert torch.isfinite(gradient).all()
        rates[part] = steps * batch / (time.process_time() - start)
    return {"code": "torch", "pixels": pixels, "layers": layers, "batch": batch,
            "padded": network.padded, "samples_per_second": rates[batch],
            "best_of_parts": max(rates.values())}


def main():
    given = numpy_network.arguments(__doc__)
    torch.set_num_threads(1)
    for pixels in given.pixels:
        agree(pixels, given.layers)
        print(json.dumps(measure(pixels, given.layers, given.batch, given.seconds)), flush=True)


if __name__ == "__main__":
    main()
