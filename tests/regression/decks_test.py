"""decks_test.py SYMWAVE: the decks of inputs/ end to end, on 1, 2 and 4 ranks."""
import html
import pathlib
import sys
import tempfile
import unittest

import h5py
import numpy as np

import program

SYMWAVE = sys.argv.pop(1)

# A quick form of the training decks: coarse cells, a few steps.
QUICK = program.settings(grid__cell="0.1um", chip__core_length="4um", chip__ports=6,
                         chip__core_width="9um", network__encoding__map="[-1,0,1,2,3,-1]",
                         training__epochs=3, output__fields="false")
NO_SWEEP = program.settings(sweep__roughness="[]", sweep__offset_range="[]")


def read(folder, name):
    with h5py.File(pathlib.Path(folder) / "results.h5", "r") as file:
        return file[name][()]


def bessel(m, x):
    """J_m(x) and Y_m(x), m >= 0, from their integrals (DLMF 10.9.2 and 10.9.7)."""
    t = (np.arange(4000) + 0.5) * np.pi / 4000
    s = (np.arange(20000) + 0.5) * 12 / 20000
    tail = np.exp(m * s - x * np.sinh(s)) + (-1)**m * np.exp(-m * s - x * np.sinh(s))
    return (np.mean(np.cos(x * np.sin(t) - m * t)),
            np.mean(np.sin(x * np.sin(t) - m * t)) - np.sum(tail) * 12 / 20000 / np.pi)


def cylinder_cross_section(k, radius, index):
    """Of a dielectric cylinder for E along its axis: 4/k sum |b_m|^2 over all orders."""
    def with_slopes(x):
        values = np.array([bessel(m, x) for m in range(22)])
        order = np.arange(21)[:, None]
        slopes = order / x * values[:-1] - values[1:]
        return values[:-1, 0], values[:-1, 1], slopes[:, 0], slopes[:, 1]

    j, y, dj, dy = with_slopes(k * radius)
    inner, _, slope, _ = with_slopes(index * k * radius)
    top = index * slope * j - inner * dj
    b = top / (top + 1j * (index * slope * y - inner * dy))
    return 4 / k * (abs(b[0])**2 + 2 * np.sum(abs(b[1:])**2))


# A line current in a glass rod, mirrored about y = 0; cells that are not square, so that the half
# and the whole have the same nodes.
ROD = """
job: simulate
solver: {{method: time_domain, stop: {{max_time: {time}}}}}
grid: {{polarization: Ez, cell: [0.05 um, 0.0501 um], size: [4 um, 4.008 um], pml: 0.5 um,
       symmetry: [none, {mirror}]}}
wavelength: 1 um
materials: {{glass: {{index: 1.5}}, air: {{index: 1}}}}
background: air
shapes: [{{type: circle, material: glass, centre: [0, 0], radius: 0.5 um}}]
sources: [{{type: dipole, at: [0, 0], component: Ez, waveform: {{kind: {kind}}}}}]
monitors:
  - {{type: flux, name: box, centre: [0, 0], size: [2 um, 2 um]}}
  - {{type: flux, name: across, centre: [1 um, 0], size: [0, 2 um]}}
  - {{type: flux, name: along, centre: [0, 1 um], size: [2 um, 0]}}
output: {{fields: false}}
"""


# A box of PEC of 5 x 2 x 6 cm, in mm instead of um.
CAVITY = """
job: simulate
solver: {method: time_domain, stop: {max_time: 2000 um}}
grid: {cell: 2.5 um, size: [50 um, 20 um, 60 um], boundary: [pec, pec, pec]}
wavelength: {from: 50 um, to: 95 um, count: 3}
materials: {air: {index: 1}}
background: air
sources: [{type: dipole, at: [3 um, 1 um, 5 um], component: Ey}]
monitors: [{type: probe, name: p, at: [7 um, 2 um, -8 um], component: Ey, resonances: on}]
"""


class Decks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def run_deck(self, deck, ranks, *options, report=False):
        out = pathlib.Path(self.folder.name) / f"{deck}_{ranks}"
        text = program.run(SYMWAVE, ranks, "run", f"inputs/{deck}.yaml", "--output", out,
                           *program.reporting(report), *options)
        for name in ("results.h5", "summary.json"):
            self.assertTrue((out / name).is_file(), f"{name} is missing:\n{text}")
        self.assertEqual((out / "report.html").is_file(), report, text)
        return out

    def test_waveguide_is_the_same_on_any_number_of_ranks(self):
        outs = [self.run_deck("waveguide", ranks, report=ranks == 4) for ranks in (1, 2, 4)]
        s = [read(out, "s_matrix") for out in outs]
        np.testing.assert_allclose(s[1], s[0], rtol=0, atol=1e-10)
        np.testing.assert_allclose(s[2], s[0], rtol=0, atol=1e-10)
        self.assertAlmostEqual(abs(s[0][0, 1, 0])**2, 1, delta=1e-4)
        self.assertLess(abs(s[0][0, 0, 0])**2, 1e-6)
        for name in ("field_in.hdf", "field_in.xmf"):
            self.assertTrue((outs[0] / name).is_file(), name)
        field = read(outs[0], "view/field")
        np.testing.assert_allclose(read(outs[2], "view/field"), field, atol=1e-5)

    def run_rod(self, name, **values):
        deck = pathlib.Path(self.folder.name) / f"{name}.yaml"
        deck.write_text(ROD.format(**values), encoding="utf-8")
        out = deck.with_suffix("")
        program.run(SYMWAVE, 1, "run", deck, "--no-report", "--output", out)
        return program.summary(out)

    def test_flux_knows_mirror_planes_and_continuous_waves(self):
        whole = self.run_rod("whole", time=0, mirror="none", kind="pulse")
        half = self.run_rod("half", time=0, mirror="pmc", kind="pulse")
        self.assertTrue(whole["converged"])
        for name, power in whole["flux"].items():
            # float32 fields
            self.assertAlmostEqual(half["flux"][name] / power, 1, delta=1e-4, msg=name)
        # Neither the ramp of ten waves nor the way of the light enters, only what still rings.
        wave = self.run_rod("wave", time="240 um", mirror="none", kind="cw")
        self.assertTrue(wave["converged"])
        for name, power in whole["flux"].items():
            self.assertAlmostEqual(wave["flux"][name] / power, 1, delta=0.001, msg=name)
        self.assertFalse(self.run_rod("ramp", time="12 um", mirror="none", kind="cw")["converged"])

    def test_closed_box_needs_no_pml_and_rings_at_its_mode(self):
        deck = pathlib.Path(self.folder.name) / "cavity.yaml"
        deck.write_text(CAVITY, encoding="utf-8")
        out = deck.with_suffix("")
        program.run(SYMWAVE, 1, "run", deck, "--output", out)
        numbers = program.summary(out)
        found = [mode["frequency"] for mode in numbers["resonances"]["p"]]
        # TE101: 3.902423 GHz in closed form; the lattice's own dispersion relation lowers it by
        # 1e-3, and of that float32 fields keep 1e-5.
        exact = 3.902423e9 / 299792458e3
        dt = numbers["time_step_um"]
        k = [np.sin(np.pi / cells / 2) / 2.5 for cells in (20, 24)]
        lattice = np.arcsin(dt * np.hypot(*k)) / dt / np.pi
        self.assertAlmostEqual(lattice / exact, 1, delta=1.5e-3)
        nearest = min(found, key=lambda f: abs(f - lattice))
        self.assertAlmostEqual(nearest / lattice, 1, delta=1e-5)
        # Nothing ever leaves: the warning of it stands in the report.
        self.assertFalse(numbers["converged"])
        warning = read(out, "meta/warnings").item().decode().splitlines()[0]
        page = (out / "report.html").read_text(encoding="utf-8")
        self.assertIn(f'<ul class="warnings"><li>{html.escape(warning)}</li>', page)
        for section in ("training:", "swarm:", "drive:", "network:", "sweep:", "fabrication:"):
            self.assertNotIn(section, page)

    def test_coupler_splits_evenly_and_conserves_energy(self):
        out = self.run_deck("coupler", 2, report=True)
        numbers = program.summary(out)
        self.assertLess(numbers["reciprocity_defect"], 1e-10)
        self.assertLess(numbers["energy_balance_error"], 1e-4)
        s = read(out, "s_matrix")
        self.assertEqual(s.shape, (11, 4, 4))
        np.testing.assert_allclose(s, np.swapaxes(s, 1, 2), atol=1e-10)
        # Longer waves reach further over the gap: more light crosses over.
        crossed = np.abs(s[:, 3, 0])**2 / (np.abs(s[:, 3, 0])**2 + np.abs(s[:, 2, 0])**2)
        self.assertTrue(np.all(np.diff(crossed) > 0), crossed)

    def test_waveguide_in_time_domain_is_that_of_the_frequency_domain(self):
        outs = [self.run_deck("waveguide", ranks, "--set", "solver=time_domain")
                for ranks in (1, 2, 4)]
        s = [read(out, "s_matrix") for out in outs]
        # float32 fields; sums in another order
        np.testing.assert_allclose(s[1], s[0], rtol=0, atol=1e-5)
        np.testing.assert_allclose(s[2], s[0], rtol=0, atol=1e-5)
        self.assertAlmostEqual(abs(s[0][0, 1, 0])**2, 1, delta=1e-3)
        numbers = program.summary(outs[0])
        for key in ("cells", "steps", "mcells_per_second", "bytes_per_cell", "energy_decay_db",
                    "reciprocity_defect", "energy_balance_error"):
            self.assertIn(key, numbers)
        self.assertLess(numbers["reciprocity_defect"], 1e-4)
        self.assertLess(numbers["energy_decay_db"], -69)
        self.assertTrue((outs[0] / "field_in.hdf").is_file())
        # The same guide, but the leapfrog's time step lowers the lattice's effective index by
        # (w dt)^2 / 24 at most, here 0.2 percent.
        other = read(self.run_deck("waveguide", 1), "n_eff")
        np.testing.assert_allclose(read(outs[0], "n_eff").real, other.real, rtol=2e-3)

    def test_ring_rings_at_its_exact_frequencies(self):
        out = self.run_deck("ring_2d", 2, report=True)
        numbers = program.summary(out)
        self.assertTrue(numbers["converged"])
        # The exact modes (tests/verification/fdtd_resonance_test.cpp); cells of 0.05 um.
        # The record is shorter than the third mode's ringing.
        for wanted, quality, delta in ((0.118192, 77.3, 0.04), (0.147431, 343.9, 0.04),
                                       (0.175779, 1634, 0.15)):
            nearest = min(numbers["resonances"]["ring"],
                          key=lambda mode, f=wanted: abs(mode["frequency"] - f))
            self.assertAlmostEqual(nearest["frequency"] / wanted, 1, delta=1.5e-3)
            self.assertAlmostEqual(nearest["quality"] / quality, 1, delta=delta)

    def test_scattered_power_is_that_of_the_far_field(self):
        out = self.run_deck("scattering_2d", 2, report=True)
        near, far = read(out, "flux/scattered/power"), read(out, "far_field/pattern/power")
        np.testing.assert_allclose(far, near, rtol=5e-3)
        # Cells of 0.025 um, 21 per wavelength in the glass: the scattering's phase is off by
        # (k h)^2 / 24 over the rod, the cross-section by up to half a percent.
        exact = [cylinder_cross_section(2 * np.pi / w, 0.5, 1.5) for w in read(out, "wavelength")]
        np.testing.assert_allclose(read(out, "flux/scattered/cross_section"), exact, rtol=6e-3)

    def test_iris_chip_learns_the_same_on_any_number_of_ranks(self):
        outs = [self.run_deck("iris_chip", ranks, *QUICK, *NO_SWEEP, report=ranks == 1)
                for ranks in (1, 2, 4)]
        for trainer in ("forward_mode", "in_silico", "reverse"):
            commands = [read(out, f"training/{trainer}/commands") for out in outs]
            np.testing.assert_allclose(commands[1], commands[0], rtol=0, atol=1e-10)
            np.testing.assert_allclose(commands[2], commands[0], rtol=0, atol=1e-10)
        numbers = program.summary(outs[1])
        for key in ("passes", "solves", "factorizations", "seconds", "symmetry_defect",
                    "reciprocity_defect", "energy_balance_error", "max_relative_residual"):
            self.assertIn(key, numbers)
        self.assertIn("test_accuracy", numbers["forward_mode"])
        self.assertIn("deployed_test_accuracy", numbers["in_silico"])
        self.assertLess(numbers["condensation_defect"], 1e-10)

    def test_cascade_chip_trains_with_the_mirrored_error_pass(self):
        # Where the heaters are what they are believed to be, the error pass on the mirrored program
        # is the reverse pass: the same gradients, the same training. The two masks differ.
        out = self.run_deck("cascade_chip", 2, *QUICK,
                            *program.settings(drive__gain_sigma=0, drive__offset_range="0 rad"),
                            report=True)
        forward, reverse = (read(out, f"training/{name}/commands")
                            for name in ("forward_mode", "reverse"))
        np.testing.assert_allclose(forward, reverse, rtol=0, atol=1e-9)
        self.assertGreater(np.abs(forward).max(), 0.1)
        for name in ("forward_mode", "reverse"):
            loss = read(out, f"training/{name}/loss")
            self.assertEqual(len(loss), 3)
            self.assertLess(loss[-1], 0.97 * loss[0])

    def test_heaters_of_unknown_offsets_lead_the_mirrored_pass_astray(self):
        out = self.run_deck("cascade_chip", 2, *QUICK)
        forward, reverse = (read(out, f"training/{name}/commands")
                            for name in ("forward_mode", "reverse"))
        self.assertGreater(np.abs(forward - reverse).max(), 1e-3)

    def test_symmetric_error_pass_is_refused_on_an_asymmetric_chip(self):
        with self.assertRaises(AssertionError) as failure:
            self.run_deck("iris_chip", 2, *QUICK, *NO_SWEEP,
                          *program.settings(fabrication__roughness="60nm",
                                            fabrication__roughness_correlation="0.5um"))
        self.assertIn("symmetr", str(failure.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
