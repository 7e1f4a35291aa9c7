"""robust_test.py SYMWAVE: what fails behind the last step, resonances that are not there, averages
that vanish, ties and leaks: each has its sentence, and nothing else is lost."""
import json
import math
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import h5py

import program

SYMWAVE = sys.argv.pop(1)
INCOMPLETE = 3

# A disc that rings for less than two periods after its dipole.
DISC = """
job: simulate
solver: time_domain
grid: {polarization: %s, cell: 0.05 um, size: [2 um, 2 um], pml: 0.5 um}
wavelength: {from: 0.9 um, to: 1.1 um, count: 3}
materials: {air: {index: 1}, glass: {index: 1.5}}
background: air
shapes: [{type: circle, material: glass, centre: [0, 0], radius: 0.5 um}]
sources: [{type: dipole, at: [0.1 um, 0], component: %s%s}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [1.6 um, 1.6 um]}
  - {type: probe, name: p, at: [0, 0.2 um], component: %s, resonances: on}
  - {type: dft, name: d, centre: [0, 0], size: [1 um, 1 um], components: [%s]}
output: {fields: true}
"""

# Glass and a metal of opposite permittivity, which half fills the cells along its border.
METAL = """
job: simulate
grid: {polarization: Hz, cell: 0.05 um, size: [5 um, 5 um], pml: 1 um}
wavelength: 1.55 um
materials: {core: {index: 2.8}, oxide: {epsilon: 2}, metal: {epsilon: %s}}
background: oxide
shapes:
  - {type: straight, material: core, from: [-10 um, 0], to: [10 um, 0], width: 0.45 um}
  - {type: box, material: metal, centre: [%s um, 0.75 um], size: [0.5 um, 0.5 um]}
ports:
  - {name: in, at: [-2 um, 0], faces: +x, span: 4 um}
  - {name: out, at: [2 um, 0], faces: -x, span: 4 um}
output: {fields: false}
"""

# The window of both ports ends inside a medium as dense as the guide.
SUBSTRATE = """
job: simulate
grid: {polarization: %s, cell: 0.05 um, size: [4 um, 6 um], pml: 1 um}
wavelength: 1.55 um
materials: {core: {index: 2.8}, oxide: {index: 1.444}}
background: oxide
shapes:
  - {type: straight, material: core, from: [-10 um, 0], to: [10 um, 0], width: 0.45 um}
  - {type: box, material: core, centre: [0, -3.5 um], size: [20 um, 4 um]}
ports:
  - {name: in, at: [-1 um, 0], faces: +x, span: %s um}
  - {name: out, at: [1 um, 0], faces: -x, span: %s um}
output: {fields: false}
"""

LEAKING = (SUBSTRATE.replace("core: {index: 2.8},", "core: {index: 2.8}, dense: {index: 2.1},")
           .replace("width: 0.45 um", "width: 0.15 um")
           .replace("{type: box, material: core", "{type: box, material: dense"))


PLATE = """
job: simulate
grid: {polarization: %s, cell: 0.025 um, size: [3 um, 0.5 um], pml: 1 um, boundary: [pml, %s]}
wavelength: 1.55 um
materials: {air: {index: 1}, glass: {index: 2}}
background: air
shapes: [{type: box, material: glass, centre: [0, 0], size: [0.3 um, 2 um]}]
ports:
  - {name: in, at: [-1 um, 0], faces: +x, span: 0.5 um}
  - {name: out, at: [1 um, 0], faces: -x, span: 0.5 um}
output: {fields: false}
"""


def disc(component="Ez", waveform=""):
    return DISC % (component, component, waveform, component, component)


class Robust(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out"

    def deck(self, text):
        path = self.folder / "deck.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def symwave(self, ranks, *arguments, report=False):
        """Exit code and all that was said."""
        if arguments[0] == "run":
            arguments += program.reporting(report)
        return program.answer(SYMWAVE, ranks, *arguments, timeout=120)

    def run_deck(self, ranks, text, *options, report=False):
        code, said = self.symwave(ranks, "run", self.deck(text), "--output", self.out, *options,
                                  report=report)
        return code, said, program.summary(self.out)

    def warning(self, summary, *parts):
        found = [w for w in summary["warnings"] if all(part in w for part in parts)]
        self.assertTrue(found, f"no warning with {parts} in {summary['warnings']}")
        return found[0]

    def test_too_little_ringing_is_an_empty_list_and_a_warning(self):
        for ranks, component in ((1, "Ez"), (2, "Hz")):
            code, said, summary = self.run_deck(ranks, disc(component), report=True)
            self.assertEqual(code, INCOMPLETE, said)
            self.assertEqual(summary["resonances"], {"p": []})
            self.assertIs(summary["complete"], False)
            warning = self.warning(summary, "probe p: resonances", "too short")
            self.assertIn("incomplete", said)
            # The rest is there.
            self.assertIn("box", summary["flux"])
            with h5py.File(self.out / "results.h5", "r") as file:
                self.assertEqual(file["flux/box/power"].shape, (3,))
                self.assertGreater(file["probe/p/value"].size, 100)
                self.assertIn(warning, file["meta/warnings"][()].decode())
            self.assertTrue((self.out / "field_d.hdf").is_file())
            self.assertIn("too short", (self.out / "report.html").read_text(encoding="utf-8"))

    def test_a_file_that_cannot_be_written_loses_itself_alone(self):
        quiet = disc().replace(", resonances: on", "")
        for ranks, blocked in ((2, "field_d.hdf"), (1, "field_d.xmf")):
            shutil.rmtree(self.out, ignore_errors=True)
            (self.out / blocked).mkdir(parents=True)
            code, said, summary = self.run_deck(ranks, quiet)
            self.assertEqual(code, INCOMPLETE, said)
            self.warning(summary, "moving the files of the run failed", blocked)
            self.assertTrue((self.out / "running" / blocked).is_file())
            with h5py.File(self.out / "results.h5", "r") as file:
                self.assertIn("flux/box/power", file)
                self.assertIn("meta/timers", file)
            (self.out / blocked).rmdir()
        code, said, summary = self.run_deck(1, quiet)
        self.assertEqual((code, summary["complete"], summary["warnings"]), (0, True, []), said)

    def test_a_report_that_cannot_be_written_leaves_nothing_behind(self):
        (self.out / "report.html").mkdir(parents=True)
        code, said, summary = self.run_deck(1, disc().replace(", resonances: on", ""), report=True)
        self.assertEqual((code, summary["complete"]), (INCOMPLETE, False), said)
        self.assertIn("exit code 3 (mpirun -q leaves out", said)
        self.assertFalse((self.out / "report.html.tmp").exists())
        self.assertIn("done, but parts of it failed: the report",
                      program.run(SYMWAVE, 1, "status", self.out))
        # It is all that is done again.
        (self.out / "report.html").rmdir()
        code, said, summary = self.run_deck(2, disc().replace(", resonances: on", ""), "--requeue",
                                            report=True)
        self.assertIn("this run has ended, but for its report", said)
        self.assertEqual((code, summary["complete"], summary["warnings"]), (0, True, []), said)
        self.assertTrue((self.out / "report.html").is_file())
        self.assertNotIn("failed_parts", summary)

    def test_a_signal_during_the_report_is_too_late(self):
        deck = self.deck(disc().replace(", resonances: on", ""))
        code, said = program.run_and_signal(
            SYMWAVE, 2, (self.out / "summary.json").exists, signal.SIGUSR1, "run", deck, "--output",
            self.out)
        self.assertEqual((code, program.summary(self.out)["complete"]), (0, True), said)
        self.assertTrue((self.out / "report.html").is_file())

    def test_a_summary_that_cannot_be_written_leaves_the_results(self):
        (self.out / "summary.json").mkdir(parents=True)
        code, said = self.symwave(2, "run", self.deck(disc().replace(", resonances: on", "")),
                                  "--output", self.out)
        self.assertEqual(code, INCOMPLETE, said)
        self.assertIn("folders of the names summary.json", said)
        with h5py.File(self.out / "results.h5", "r") as file:
            self.assertIn("summary.json", file["meta/warnings"][()].decode())

    def test_frequency_domain_keeps_its_s_matrix_without_field_files(self):
        (self.out / "field_in.hdf").mkdir(parents=True)
        code, said = self.symwave(2, "run", "inputs/waveguide.yaml", "--output", self.out,
                                  "--set", "grid.cell=0.1", "--set", "grid.size=[4, 5]",
                                  "--set", "ports=[{name: in, at: [-1 um, 0], faces: +x, span: 4},"
                                           "{name: out, at: [1 um, 0], faces: -x, span: 4}]")
        self.assertEqual(code, INCOMPLETE, said)
        summary = program.summary(self.out)
        self.warning(summary, "moving the files of the run failed", "field_in.hdf")
        self.assertGreater(summary["power"]["in"]["out"], 0.99)
        with h5py.File(self.out / "results.h5", "r") as file:
            self.assertEqual(file["s_matrix"].shape, (1, 2, 2))

    def test_a_new_run_removes_what_an_earlier_one_left(self):
        quiet = self.deck(disc().replace(", resonances: on", ""))
        said = self.symwave(1, "run", quiet, "--output", self.out, report=True)[1]
        self.assertNotIn("removed", said)
        theirs = {"notes.txt", "field_measured.h5", "my_results.h5", "field_d.png"}
        for name in theirs:
            (self.out / name).touch()
        # Of a training that has ended.
        old = {"history.csv", "checkpoint_000004.h5", "part_in.h5", "field_old.h5",
               "field_old.xmf", "report.html.tmp"}
        for name in old:
            (self.out / name).touch()
        others = {"results.h5", "summary.json", "status.json", "report.html", "field_d.hdf",
                  "field_d.xmf"}
        refused = self.symwave(1, "run", quiet, "--output", self.out, "--set", "monitors=[{}]")
        self.assertEqual(refused[0], 1)
        self.assertEqual({path.name for path in self.out.iterdir()}, theirs | old | others,
                         "a deck that is refused removes nothing")
        said = self.symwave(2, "run", quiet, "--output", self.out, "--set", "output.fields=off",
                            report=True)[1]
        listed = next(line for line in said.splitlines() if line.startswith("removed"))
        gone = {"field_d.hdf", "field_d.xmf"}
        self.assertEqual(set(listed.split(": ")[1].split(", ")), old | gone | {"report.html"},
                         "what the new run has made took the place of the old")
        self.assertEqual({path.name for path in self.out.iterdir()},
                         theirs | (others - gone))

    def test_a_run_that_ends_with_light_inside(self):
        stop = ("--set", "solver={method: time_domain, stop: {decay: 0.9}}")
        plate = PLATE.replace("job: simulate", "job: simulate\nsolver: time_domain")
        # Light goes to and fro in a disc and a plate.
        for text in (disc().replace(", resonances: on", "").replace("index: 1.5", "index: 3")
                     .replace("cell: 0.05", "cell: 0.04"),
                     plate.replace("index: 2", "index: 6").replace("[0.3 um", "[1.5 um")
                     % ("Hz", "pec")):
            _, _, summary = self.run_deck(1, text, *stop)
            left = summary["decay_error"]["amplitude"]
            self.assertGreater(left, 1e-2)
            self.warning(summary, "solver.stop.decay: 0.9 ended the run", f"{left:.2g} of the")
        code, said, _ = self.run_deck(1, text)
        self.assertEqual((code, said.count("solver.stop.decay")), (0, 0), said)

    def test_a_continuous_wave_has_no_resonances(self):
        deck = self.deck(disc(waveform=", waveform: {kind: cw, wavelength: 1 um}"))
        stop = ("--set", "solver={method: time_domain, stop: {max_time: 30 um}}")
        for command in (("check", deck), ("run", deck, "--output", self.out)):
            code, said = self.symwave(1, *command, *stop)
            self.assertEqual(code, 1, said)
            self.assertIn("deck.yaml:12: probe p asks for resonances", said)
            self.assertIn("remove resonances", said)

    def test_modes_from_a_short_record_are_marked(self):
        """Exact (Meep's tutorial, own closed form): quality 77.3, 343.9 and 1634; in 200 um only
        the first decays enough to be told. No quality is negative."""
        code, said = self.symwave(2, "run", "inputs/ring_2d.yaml", "--output", self.out,
                                  "--set", "solver.stop.max_time=200",
                                  "--set", "output.fields=false")
        self.assertEqual(code, 0, said)
        summary = program.summary(self.out)
        modes = summary["resonances"]["ring"]
        self.assertTrue(all(m["quality"] is None or m["quality"] > 0 for m in modes), modes)
        resolved = [m for m in modes if m["resolved"]]
        self.assertEqual(len(resolved), 1, modes)
        self.assertAlmostEqual(resolved[0]["frequency"], 0.118192, delta=0.001 * 0.118192)
        self.assertAlmostEqual(resolved[0]["quality"], 77.3, delta=0.1 * 77.3)
        self.warning(summary, "probe ring", "5.69", "not resolved", "max_time")
        with h5py.File(self.out / "results.h5", "r") as file:
            self.assertEqual(sum(file["resonances/ring/resolved"][()]), 1)

    def test_an_average_that_vanishes(self):
        """Its two limits, of a metal slightly more and slightly less negative, are computed without
        it; the mean of theirs may differ by the curvature in eps, some 1e-3. In time domain a
        Drude metal of that eps gives 0.9995, the frequency domain 0.9998 (box at y = 1)."""
        for place in ("0.025", "0.05"):
            power = []
            for eps in ("-2", "-1.99", "-2.01"):
                code, said, summary = self.run_deck(1, METAL % (eps, place))
                self.assertEqual(code, 0, said)
                self.assertLess(summary["max_relative_residual"], 1e-10)
                self.warning(summary, "materials.metal has no loss", "'oxide'", "loss")
                power.append([summary["power"]["in"][port] for port in ("in", "out")])
            for port in range(2):
                self.assertAlmostEqual(power[0][port], 0.5 * (power[1][port] + power[2][port]),
                                       delta=3e-3)

    def test_a_cascade_says_what_symmetric_ties(self):
        code, said = self.symwave(1, "check", "inputs/cascade_chip.yaml",
                                  "--set", "training.error_pass=symmetric")
        self.assertEqual(code, 0, said)
        self.assertIn("of the 12 commands of a block only 6 are free", said)
        _, said = self.symwave(1, "check", "inputs/cascade_chip.yaml")
        self.assertNotIn("commands of a block", said)

    # The substrate is denser than the mode, not as dense as a guide: the mode leaks there.
    def test_a_window_that_reaches_where_its_mode_leaks(self):
        for polarization in ("Ez", "Hz"):
            for options in ((), ("--set", "solver=time_domain")):
                leaking = LEAKING % (polarization, 4, 4)
                code, said = self.symwave(1, "check", self.deck(leaking), *options)
                self.assertEqual(code, 1, said)
                self.assertIn("no guided mode 0", said)
                self.assertIn("leaks into the medium at the -y edge of the port's window", said)
                self.assertIn("at least one cell before it", said)
                code, said = self.symwave(1, "check", self.deck(LEAKING % (polarization, 2, 2)),
                                          *options)
                self.assertEqual(code, 0, said)

    def test_a_window_that_touches_the_substrate(self):
        for polarization in ("Ez", "Hz"):
            for options in ((), ("--set", "solver=time_domain")):
                deck = self.deck(SUBSTRATE % (polarization, 4, 4))
                code, said = self.symwave(1, "check", deck, *options)
                # The mode is that of the guide at the port's centre alone; the substrate is named.
                self.assertEqual(code, 0, said)
                self.assertIn("2 guides or other bodies of high index lie in its window", said)
                code, said = self.symwave(1, "check", self.deck(SUBSTRATE % (polarization, 2, 2)),
                                          *options)
                self.assertEqual(code, 0, said)
                self.assertNotIn("bodies of high index", said)

    def test_plane_waves_between_walls_are_port_modes(self):
        """A plate of index 2, 0.3 um thick: T = 1 / (1 + ((n^2 - 1) / 2n sin(k n d))^2) = 0.807.
        Cells of 25 nm, 31 per wavelength in it, leave an error of 1e-2."""
        exact = 1 / (1 + (0.75 * math.sin(2 * math.pi / 1.55 * 2 * 0.3)) ** 2)
        for polarization, wall in (("Ez", "pmc"), ("Hz", "pec")):
            for options in ((), ("--set", "solver=time_domain")):
                code, said, summary = self.run_deck(1, PLATE % (polarization, wall), *options)
                self.assertEqual(code, 0, said)
                self.assertAlmostEqual(summary["power"]["in"]["out"], exact, delta=0.01)
                self.assertAlmostEqual(summary["power"]["in"]["in"], 1 - exact, delta=0.01)

    def test_an_error_is_one_line_with_a_quiet_launcher(self):
        deck = self.deck("job: simulat\n")
        environment = {**program.environment(), "OMPI_MCA_orte_execute_quiet": "1"}
        done = subprocess.run(program.command(SYMWAVE, 2, "check", deck), cwd=program.ROOT,
                              env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.count("error:"), 1)
        self.assertNotIn("mpirun", done.stdout)
        self.assertNotIn("job", json.dumps(done.stdout.splitlines()[2:]))
        # Of a launcher that is not quiet the error says how it would be.
        self.assertIn("(mpirun -q leaves out what mpirun adds below)",
                      self.symwave(2, "check", deck)[1])


if __name__ == "__main__":
    unittest.main()
