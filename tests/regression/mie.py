"""Efficiencies in vacuum of a sphere by Mie's series (Bohren and Huffman, chapter 4), and of a rod."""
import numpy as np
from scipy import special


def efficiencies(size, index):
    """(scattering, extinction) of a sphere of size parameter `size` = 2 pi radius / wavelength and
    index n + i k. D_n by downward recurrence, the Riccati-Bessel functions of a real argument
    upward."""
    orders = int(size + 4 * size**(1 / 3) + 12)
    inside = index * size
    start = int(max(orders, abs(inside))) + 16
    slope = np.zeros(start + 1, dtype=complex)
    for n in range(start, 0, -1):
        slope[n - 1] = n / inside - 1 / (slope[n] + n / inside)
    psi = [np.cos(size), np.sin(size)]
    chi = [-np.sin(size), np.cos(size)]
    scattering = extinction = 0
    for n in range(1, orders + 1):
        psi.append((2 * n - 1) / size * psi[-1] - psi[-2])
        chi.append((2 * n - 1) / size * chi[-1] - chi[-2])
        xi, xi_before = psi[-1] - 1j * chi[-1], psi[-2] - 1j * chi[-2]
        electric = slope[n] / index + n / size
        magnetic = slope[n] * index + n / size
        a = (electric * psi[-1] - psi[-2]) / (electric * xi - xi_before)
        b = (magnetic * psi[-1] - psi[-2]) / (magnetic * xi - xi_before)
        scattering += (2 * n + 1) * (abs(a)**2 + abs(b)**2)
        extinction += (2 * n + 1) * (a + b).real
    return 2 / size**2 * scattering, 2 / size**2 * extinction


def rod_efficiency(size, index, polarization):
    """Scattering cross-section over diameter of a rod, by cylindrical waves."""
    total = 0
    for n in range(0, int(size + 12)):
        j, jp = special.jv(n, size), special.jvp(n, size)
        h, hp = special.hankel1(n, size), special.h1vp(n, size)
        ji, jip = special.jv(n, index * size), special.jvp(n, index * size)
        factor = index if polarization == "Ez" else 1 / index
        a = (factor * jip * j - ji * jp) / (factor * jip * h - ji * hp)
        total += (1 if n == 0 else 2) * abs(a)**2
    return 2 / size * total
