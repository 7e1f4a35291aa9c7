"""diffraction_test.py SYMWAVE: diffraction orders of periodic grids, with amplitude and phase, against
closed forms and flux monitors.
"""
import sys
import unittest

import numpy as np

import time_domain_deck

time_domain_deck.SYMWAVE = sys.argv.pop(1)

OMEGA = 2 * np.pi


class Diffraction(time_domain_deck.DeckTest):
    def check_sums(self, found):
        """The orders of both planes add up to their fluxes, which are those of flux monitors."""
        for name in ("before", "behind"):
            power = found[name]["power"]
            flux = (power[..., 1] - power[..., 0]).sum(axis=1)
            np.testing.assert_allclose(flux, found[name]["flux"], rtol=1e-4)
            np.testing.assert_allclose(found[name]["flux"], found[f"flux_{name}"]["power"],
                                       rtol=1e-9)

    def test_film_has_the_phases_of_airy(self):
        # Light of both polarizations, normally and aslant, through 0.3 um of glass in air.
        n, thickness, at = 1.5, 0.3, 0.5
        for polarization, across in (("Ez", 0.0), ("Ez", 2.5), ("Hz", 2.5)):
            found = self.compute(
                f"polarization: {polarization}, cell: 0.0125 um, size: [2 um, 0.1 um], "
                f"boundary: [pml, periodic], bloch: [0, {across}]", f"""
background: air
shapes: [{{type: box, material: glass, centre: [0, 0], size: [{thickness} um, 4 um]}}]
sources: [{{type: plane_wave, centre: [-0.8 um, 0], size: [0, 0.1 um], direction: +x}}]
monitors:
  - {{type: diffraction, name: before, centre: [-{at} um, 0], size: [0, 0.1 um]}}
  - {{type: diffraction, name: behind, centre: [{at} um, 0], size: [0, 0.1 um]}}
  - {{type: flux, name: flux_before, centre: [-{at} um, 0], size: [0, 0.1 um]}}
  - {{type: flux, name: flux_behind, centre: [{at} um, 0], size: [0, 0.1 um]}}
""", "0.8 um, 1 um")
            self.check_sums(found)
            key = "amplitude_s" if polarization == "Ez" else "amplitude_p"
            for w, wavelength in enumerate((0.8, 1.0)):
                omega = 2 * np.pi / wavelength
                outer, inner = np.sqrt(omega**2 - across**2), np.sqrt((n * omega)**2 - across**2)
                a, b = (outer, inner) if polarization == "Ez" else (outer, inner / n**2)
                r01, full = (a - b) / (a + b), np.exp(2j * inner * thickness)
                r = r01 * (1 - full) / (1 - r01**2 * full)
                t = (1 - r01**2) * np.exp(1j * inner * thickness) / (1 - r01**2 * full)
                incident = found["before"][key][w, 0, 1]
                ways = np.exp(2j * outer * (at - thickness / 2))
                with self.subTest(polarization=polarization, across=across, w=w):
                    self.assertAlmostEqual(
                        abs(found["before"][key][w, 0, 0] / incident - r * ways), 0, delta=0.01)
                    self.assertAlmostEqual(
                        abs(found["behind"][key][w, 0, 1] / incident - t * ways), 0, delta=0.01)
                    self.assertAlmostEqual(found["before"]["efficiency"][w, 0, 1], 1, delta=1e-3)
                    wanted = np.degrees(np.arcsin(across / omega))
                    self.assertAlmostEqual(found["before"]["angle"][w, 0], wanted, places=6)
                    # Nothing comes back from behind.
                    self.assertLess(abs(found["behind"][key][w, 0, 0] / incident), 1e-3)

    def test_film_in_three_dimensions_separates_s_and_p(self):
        # Oblique along both axes across; E is neither s nor p.
        across, n, thickness, at = (2.0, 1.1), 1.5, 0.3, 0.5
        found = self.compute(
            f"cell: 0.025 um, size: [0.2 um, 0.2 um, 1.8 um], boundary: [periodic, periodic, pml], "
            f"bloch: [{across[0]}, {across[1]}, 0]", f"""
background: air
layers: [{{material: glass, z: [-{thickness / 2} um, {thickness / 2} um]}}]
sources:
  - {{type: plane_wave, centre: [0, 0, 0.7 um], size: [0.2 um, 0.2 um, 0], direction: -z,
     polarization: [0, 1, 0]}}
monitors:
  - {{type: diffraction, name: before, centre: [0, 0, {at} um], size: [0.2 um, 0.2 um, 0]}}
  - {{type: diffraction, name: behind, centre: [0, 0, -{at} um], size: [0.2 um, 0.2 um, 0]}}
  - {{type: flux, name: flux_before, centre: [0, 0, {at} um], size: [0.2 um, 0.2 um, 0]}}
  - {{type: flux, name: flux_behind, centre: [0, 0, -{at} um], size: [0.2 um, 0.2 um, 0]}}
""")
        self.check_sums(found)
        square = across[0]**2 + across[1]**2
        outer, inner = np.sqrt(OMEGA**2 - square), np.sqrt((n * OMEGA)**2 - square)
        np.testing.assert_allclose(found["before"]["angle"],
                                   [[np.degrees(np.arcsin(np.sqrt(square) / OMEGA))]])
        np.testing.assert_allclose(found["before"]["azimuth"],
                                   [[np.degrees(np.arctan2(across[1], across[0]))]])
        for key, a, b in (("amplitude_s", outer, inner), ("amplitude_p", outer, inner / n**2)):
            r01, full = (a - b) / (a + b), np.exp(2j * inner * thickness)
            r = r01 * (1 - full) / (1 - r01**2 * full)
            t = (1 - r01**2) * np.exp(1j * inner * thickness) / (1 - r01**2 * full)
            incident = found["before"][key][0, 0, 0]
            self.assertGreater(abs(incident), 0.3)
            ways = np.exp(2j * outer * (at - thickness / 2))
            # 27 cells per wavelength in the glass: a phase of (k h)^2 / 24 per radian.
            self.assertLess(abs(found["before"][key][0, 0, 1] / incident - r * ways), 0.03)
            self.assertLess(abs(found["behind"][key][0, 0, 0] / incident - t * ways), 0.03)
        self.assertAlmostEqual(found["before"]["efficiency"][0, 0, 0], 1, delta=1e-3)

    def test_orders_of_a_grating(self):
        # Weak sinusoidal modulation is not drawn by boxes, so a thin binary grating: sheets of
        # thickness d with the phase (n - 1) w d scatter, to first order in it, i w d (eps - 1) / (2
        # K_m) times the Fourier coefficient of the duty cycle. Along y, with Bloch phase along x.
        period, thick, duty, at = 2.4, 0.02, 1 / 3, 0.4
        across, eps = 0.7, 1.1**2
        found = self.compute(
            f"polarization: Ez, cell: [0.05 um, 0.02 um], size: [{period} um, 1.4 um], "
            f"boundary: [periodic, pml], bloch: [{across}, 0], align: off", f"""
background: air
shapes: [{{type: box, material: thin, centre: [0, 0], size: [{period * duty} um, {thick} um]}}]
sources: [{{type: plane_wave, centre: [0, 0.6 um], size: [{period} um, 0], direction: -y}}]
monitors:
  - {{type: diffraction, name: behind, centre: [0, -{at} um], size: [{period} um, 0]}}
  - {{type: diffraction, name: before, centre: [0, {at} um], size: [{period} um, 0]}}
  - {{type: flux, name: flux_behind, centre: [0, -{at} um], size: [{period} um, 0]}}
  - {{type: flux, name: flux_before, centre: [0, {at} um], size: [{period} um, 0]}}
""")
        self.check_sums(found)
        orders = list(found["behind"]["order"][:, 0])
        zero = orders.index(0)
        self.assertEqual(orders, [m for m in range(-9, 9)
                                  if abs(across + 2 * np.pi * m / period) < OMEGA])
        incident = found["before"]["amplitude_s"][0, zero, 0]
        for k, m in enumerate(orders):
            if m == 0:
                continue
            wave = across + 2 * np.pi * m / period
            normal = np.sqrt(OMEGA**2 - wave**2)
            angle = np.degrees(np.arcsin(wave / OMEGA))
            self.assertAlmostEqual(found["behind"]["angle"][0, k], angle, places=6)
            coefficient = np.sin(np.pi * m * duty) / (np.pi * m)
            k0 = np.sqrt(OMEGA**2 - across**2)
            wanted = (1j * OMEGA**2 * thick * (eps - 1) / (2 * normal) * coefficient *
                      np.exp(1j * (normal + k0) * at))
            # The next order, scattering twice in the sheet, is 0.03 of it.
            self.assertLess(abs(found["behind"]["amplitude_s"][0, k, 0] / incident - wanted),
                            0.06 * abs(wanted) + 1e-5)
            self.assertLess(abs(found["before"]["amplitude_s"][0, k, 1] / incident - wanted),
                            0.06 * abs(wanted) + 1e-5)


if __name__ == "__main__":
    unittest.main()
