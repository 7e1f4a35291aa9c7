#!/usr/bin/python3
"""`cmake --install` gives a tree that may be moved: the program finds its report scripts there, and others
can link the libraries.

Usage: tests/install/install_test.py BUILD_FOLDER [--package]
--package: builds a program that links the libraries, too, and asks for versions that are too old.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "regression"))

import program  # noqa: E402 pylint: disable=wrong-import-position

PACKAGE = "--package" in sys.argv
BUILD = pathlib.Path(sys.argv[1]).resolve()


def tell(*command, **keys):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, check=False, timeout=240, **keys)
    if done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


class Moved(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        tell("cmake", "--install", BUILD, "--prefix", cls.folder / "first place")
        cls.tree = cls.folder / "moved here" / "symwave"
        cls.tree.parent.mkdir()
        (cls.folder / "first place").rename(cls.tree)
        cls.shared = cls.tree / "share" / "symwave"

    def test_report_of_the_tree(self):
        # The scripts of the repository are the same: one here that says where it was found.
        report = self.shared / "postproc" / "report"
        report.rename(report.with_name("report_itself"))
        report.write_text(f"#!/bin/sh\ntouch '{self.folder}/found'\n"
                          f"exec '{report.with_name('report_itself')}' \"$@\"\n", encoding="utf-8")
        report.chmod(0o755)
        (self.folder / "link").symlink_to(self.tree / "bin" / "symwave")
        out = self.folder / "out"
        tell(self.folder / "link", "run", self.shared / "inputs" / "waveguide.yaml", "--output", out,
             env=program.environment(), cwd=self.folder)
        self.assertTrue((self.folder / "found").exists())
        self.assertTrue((out / "report.html").exists())
        # Decks bring their data.
        tell(self.tree / "bin" / "symwave", "check", self.shared / "inputs" / "iris_chip.yaml",
             env=program.environment(), cwd=self.folder)

    def test_templates(self):
        names = {path.name for path in (self.shared / "jobs" / "slurm").iterdir()}
        self.assertLessEqual({"cpu.sbatch", "array.sbatch", "chain.sbatch", "insitu.sbatch", "display.sh",
                              "modules.sh", "spack.yaml", "symwave.def", "README.md"}, names)
        self.assertTrue(os.access(self.shared / "jobs" / "install-deps", os.X_OK))

    def test_no_path_of_this_build(self):
        for path in (self.tree / "lib" / "cmake").rglob("*.cmake"):
            self.assertNotIn(str(program.ROOT), path.read_text(encoding="utf-8"), path)

    @unittest.skipUnless(PACKAGE, "without --package")
    def test_package(self):
        tell("cmake", "-S", HERE / "consumer", "-B", self.folder / "consumer",
             f"-DCMAKE_PREFIX_PATH={self.tree}", "-DCMAKE_BUILD_TYPE=Release")
        tell("cmake", "--build", self.folder / "consumer")
        # From tan(kappa d / 2) = gamma / kappa of the symmetric slab.
        self.assertEqual(tell(self.folder / "consumer" / "consumer", env=program.environment()),
                         "2.8478, unreadable\n")

    def refusal(self, *options, **environment):
        done = subprocess.run(
            ["cmake", "-S", program.ROOT, "-B", self.folder / "refused", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, timeout=240,
            env={**os.environ, **environment})
        self.assertNotEqual(done.returncode, 0)
        subprocess.run(["rm", "-r", self.folder / "refused"], check=True)
        return " ".join(done.stderr.split())

    def stand_in(self, name, version, include="/usr/include"):
        folder = self.folder / f"{name}-{version}"
        folder.mkdir()
        (folder / f"{name}.pc").write_text(
            f"Name: {name}\nDescription: stand-in\nVersion: {version}\nCflags: -I{include}\nLibs:\n",
            encoding="utf-8")
        return str(folder)

    @unittest.skipUnless(PACKAGE, "without --package")
    def test_versions(self):
        self.assertRegex(self.refusal(PKG_CONFIG_PATH=self.stand_in("PETSc", "3.10.2")),
                         "needs PETSc 3.18 or later, found: 3.10.2; load a PETSc module")
        real = self.folder / "real"
        real.mkdir()
        (real / "petscconf.h").write_text("#define PETSC_USE_REAL_DOUBLE 1\n", encoding="utf-8")
        self.assertRegex(self.refusal(PKG_CONFIG_PATH=self.stand_in("PETSc", "3.20.0", real)),
                         "needs PETSc with complex scalars .* has no COMPLEX; choose another")
        self.assertRegex(self.refusal(PKG_CONFIG_PATH=self.stand_in("SLEPc", "3.17.0")),
                         "needs SLEPc 3.18 or later, found: 3.17.0; load the SLEPc module")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
