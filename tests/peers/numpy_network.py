#!/usr/bin/python3
"""Phase masks in free space as one writes them in NumPy: the network of bench_network_bench.

Same planes, padded transforms, loss and gradients, complex64, one thread. Images are encoded before
the clock starts. One JSON line per size: samples per second of processor time with the whole batch
in one array, and with the best of several sizes of sub-batches, which stay in cache.

    numpy_network.py [--pixels 64 128] [--layers 4] [--batch 50]
"""
import argparse
import json
import time

import numpy as np
import scipy.fft


class Network:
    def __init__(self, pixels, layers, classes=10, gain=10.0, pitch=8.0, wavelength=0.532):
        self.pixels, self.layers, self.gain = pixels, layers, gain
        self.padded = scipy.fft.next_fast_len(2 * pixels)
        distance = (pixels * pitch) ** 2 / (wavelength * 50)
        f = scipy.fft.fftfreq(self.padded, pitch)
        fx, fy = np.meshgrid(f, f)
        limit = 1 / (wavelength * np.hypot(1, 2 * distance / (self.padded * pitch)))
        phase = 2 * np.pi * distance / wavelength * np.sqrt(1 - (wavelength * fx) ** 2
                                                            - (wavelength * fy) ** 2)
        inside = (np.abs(fx) <= limit) & (np.abs(fy) <= limit)
        self.kernel = (np.exp(1j * phase) * inside).astype(np.complex64)
        self.owner = self.regions(classes)

    def regions(self, classes, width=0.6, share=0.5):
        """Detector of every pixel as one-hot rows: pixels x classes."""
        n = self.pixels
        rows = round(np.sqrt(classes))
        cell_x, cell_y = width * n / -(-classes // rows), width * n / rows
        half = 0.5 * share * min(cell_x, cell_y)
        at = np.arange(n) - 0.5 * (n - 1)
        owner = np.zeros((n, n, classes), np.float32)
        c = 0
        for r in range(rows):
            here = (r + 1) * classes // rows - r * classes // rows
            for k in range(here):
                dx = at - (k - 0.5 * (here - 1)) * cell_x
                dy = at - (r - 0.5 * (rows - 1)) * cell_y
                inside = lambda d: (d >= -half - 1e-9) & (d < half - 1e-9)
                owner[np.ix_(inside(dy), inside(dx), [c])] = 1
                c += 1
        return owner.reshape(n * n, classes)

    def propagate(self, field):
        size = (self.padded, self.padded)
        spectrum = scipy.fft.fft2(field, s=size)
        spectrum *= self.kernel
        n = self.pixels
        return scipy.fft.ifft2(spectrum, overwrite_x=True)[:, :n, :n]

    def step(self, masks, images, labels, weight):
        """Loss and gradient; images are fields of unit power."""
        transmission = np.exp(1j * masks).astype(np.complex64)
        x, kept = images, []
        for m in transmission:
            v = x * m
            y = self.propagate(v)
            power = np.sum(np.abs(y) ** 2, axis=(1, 2), keepdims=True)
            kept.append((v, y, power))
            x = y / np.sqrt(power)
        samples = len(images)
        light = (np.abs(y) ** 2).reshape(samples, -1) @ self.owner
        total = light.sum(axis=1, keepdims=True)
        q = light / total
        e = np.exp(self.gain * (q - q.max(axis=1, keepdims=True)))
        p = e / e.sum(axis=1, keepdims=True)
        loss = -weight * np.log(p[np.arange(samples), labels]).sum()
        slope = p.copy()
        slope[np.arange(samples), labels] -= 1
        slope *= self.gain * weight
        slope = (slope - (q * slope).sum(axis=1, keepdims=True)) / total
        g = (slope @ self.owner.T).reshape(y.shape) * y.conj()
        gradient = np.zeros(masks.shape)
        for k in reversed(range(self.layers)):
            v, y, _ = kept[k]
            e = self.propagate(g)
            gradient[k] = -2 * np.sum(np.imag(e * v), axis=0)
            if k == 0:
                break
            g = transmission[k] * e
            _, y, power = kept[k - 1]
            along = np.sum(np.real(g * y), axis=(1, 2), keepdims=True)
            g = (g - along / power * y.conj()) / np.sqrt(power)
        return loss, gradient


def images_of(pixels, batch):
    """Random light in the middle 60 % of the plane."""
    n = round(0.6 * pixels / 2) * 2
    fields = np.zeros((batch, pixels, pixels), np.complex64)
    low = (pixels - n) // 2
    light = np.random.default_rng(1).random((batch, n, n))
    light /= np.sqrt((light ** 2).sum(axis=(1, 2), keepdims=True))
    fields[:, low:low + n, low:low + n] = light
    return fields


def measure(code, network, masks, fields, labels, seconds):
    """Steps of any network with these members, its own kind of arrays."""
    batch, rates = len(fields), {}
    for part in (4, 10, batch):
        parts = [slice(s, s + part) for s in range(0, batch, part)]
        start, steps = time.process_time(), 0
        while time.process_time() - start < seconds:
            gradient = sum(network.step(masks, fields[p], labels[p], 1 / batch)[1] for p in parts)
            steps += 1
        assert np.isfinite(np.asarray(gradient)).all()
        rates[part] = steps * batch / (time.process_time() - start)
    return {"code": code, "pixels": network.pixels, "layers": network.layers, "batch": batch,
            "padded": network.padded, "samples_per_second": rates[batch],
            "best_of_parts": max(rates.values())}


def masks_of(pixels, layers):
    return np.linspace(-20, 20, layers * pixels * pixels).reshape(layers, pixels, pixels)


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pixels", type=int, nargs="+", default=[64, 128])
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=1.0)
    return parser.parse_args()


def main():
    given = arguments(__doc__)
    for pixels in given.pixels:
        result = measure("numpy", Network(pixels, given.layers), masks_of(pixels, given.layers),
                         images_of(pixels, given.batch), np.arange(given.batch) % 10, given.seconds)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
