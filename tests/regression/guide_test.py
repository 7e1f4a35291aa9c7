"""guide_test.py SYMWAVE: the commands of inputs/GUIDE.md do what it says, its pictures and links are
there; every deck of inputs/ is drawn."""
import json
import pathlib
import re
import shlex
import sys
import tempfile
import unittest

import program

SYMWAVE = sys.argv.pop(1)
INPUTS = program.ROOT / "inputs"
GUIDE = (INPUTS / "GUIDE.md").read_text(encoding="utf-8")
LARGEST = 150000  # bytes of a picture
COARSE = program.settings(grid__cell="0.1 um", output__fields="false")


def commands():
    """The indented lines that begin with symwave, as lists of arguments."""
    return [shlex.split(line) for line in re.findall(r"^    symwave (.*)$", GUIDE, re.M)]


def without_output(arguments):
    if "--output" not in arguments:
        return arguments
    at = arguments.index("--output")
    return arguments[:at] + arguments[at + 2:]


class Guide(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_it_has_all_that_it_promises(self):
        names = {command[0] for command in commands()}
        self.assertLessEqual({"show", "check", "run", "info", "plan", "sweep"}, names)
        for solver in ("time_domain", "gds", "iris_chip"):
            self.assertIn(solver, " ".join(sum(commands(), [])))

    def test_runs_pass_their_check_and_the_rest_works(self):
        for name, *arguments in commands():
            with self.subTest(f"{name} {arguments}"):
                if name == "run":
                    program.run(SYMWAVE, 1, "check", *without_output(arguments))
                elif name == "show":  # test_every_deck_is_drawn does it
                    self.assertTrue((program.ROOT / arguments[0]).exists())
                else:
                    program.run(SYMWAVE, 1, name, *arguments)

    def test_layouts_give_s_parameters(self):
        """Coarse: what must hold on any cells."""
        decks = [command[1:] for command in commands()
                 if command[:2] == ["run", "inputs/gds_mmi_2d.yaml"]]
        self.assertEqual(len(decks), 5)
        for number, arguments in enumerate(map(without_output, decks)):
            with self.subTest(arguments):
                out = self.folder / str(number)
                program.run(SYMWAVE, 1, "run", *arguments, *COARSE, *program.settings(
                    wavelength="1.55 um"), "--no-report", "--output", out)
                summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
                self.assertLess(summary["reciprocity_defect"], 1e-8)
                self.assertLess(summary["energy_balance_error"], 0.02)
                for powers in summary["power"].values():
                    self.assertLess(sum(powers.values()), 1.001)
                if "ebeam_y" in " ".join(arguments):
                    shares = [summary["power"]["opt1"][port] for port in ("opt2", "opt3")]
                    self.assertAlmostEqual(*shares, delta=1e-3)
                    self.assertGreater(sum(shares), 0.85)

    def test_pictures_and_links_are_there(self):
        pictures = re.findall(r"!\[[^\]]+\]\((pictures/[^)]+)\)", GUIDE)
        self.assertEqual(len(pictures), len(set(pictures)))
        script = (program.ROOT / "postproc/guide_pictures").read_text(encoding="utf-8")
        for picture in pictures:
            self.assertLess((INPUTS / picture).stat().st_size, LARGEST, picture)
            self.assertIn(f'"{pathlib.Path(picture).stem}"', script)
        self.assertEqual({pathlib.Path(p).name for p in pictures},
                         {p.name for p in (INPUTS / "pictures").iterdir()})
        for link in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)", GUIDE):
            self.assertTrue((INPUTS / link).exists(), link)

    def test_every_deck_is_drawn(self):
        for deck in sorted(INPUTS.glob("*.yaml")):
            if "sweep" in deck.stem:
                continue
            with self.subTest(deck.stem):
                picture = self.folder / f"{deck.stem}.svg"
                program.run(SYMWAVE, 1, "show", deck, "--output", picture)
                self.assertIn("<svg", picture.read_text(encoding="utf-8"))
        code, said = program.answer(SYMWAVE, 1, "show", "inputs/bench/low_light.yaml")
        self.assertEqual(code, 1)
        self.assertIn("show draws chips and scatterers", said)

    def test_bodies_and_elements_are_in_the_picture(self):
        sphere = self.folder / "sphere.svg"
        program.run(SYMWAVE, 1, "show", "inputs/sphere_3d.yaml", "--output", sphere)
        text = sphere.read_text(encoding="utf-8")
        self.assertEqual(text.count("<image"), 3)  # plan and two cuts, sampled
        self.assertIn("glass, n = 1.5", text)
        chip = self.folder / "chip.svg"
        program.run(SYMWAVE, 1, "show", "inputs/iris_chip.yaml", "--output", chip)
        text = chip.read_text(encoding="utf-8")
        for words in ("trainable element, phase", "all 8 elements are their own"):
            self.assertIn(words, text)


if __name__ == "__main__":
    unittest.main()
