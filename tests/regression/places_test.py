"""places_test.py SYMWAVE: sentences on places, periodic axes and components of decks."""
import sys
import unittest

import h5py

import program
import wave_deck

wave_deck.SYMWAVE = sys.argv.pop(1)


class Sentences(wave_deck.Deck):
    GUIDE = """
job: simulate
solver: {method}
grid: {{polarization: {fields}, cell: 0.05 um, size: [6 um, 3 um], pml: 1 um, boundary: {boundary}}}
wavelength: [1.5 um, 1.6 um]
materials: {{core: {{index: 2.8}}, oxide: {{index: 1.444}}}}
background: oxide
shapes: [{{type: straight, material: core, from: [-9 um, 0], to: [9 um, 0], width: 0.4 um}}]
ports:
  - {{name: in, at: [{at} um, 0], faces: +x, span: 2 um}}
  - {{name: out, at: [2 um, 0], faces: -x, span: 2 um}}
"""

    def guide(self, **values):
        return self.GUIDE.format(**{"method": "time_domain", "fields": "Ez", "at": -2,
                                    "boundary": "[pml, pml]", **values})

    def test_places_of_ports(self):
        for method, limits in (("frequency_domain", "from -2.95 to 2.95 um"),
                               ("time_domain", "from -3 to 3 um")):
            self.refused(self.guide(method=method, at=-3.2), "port 'in' stands at x = -3.2 um",
                         limits, "move ports.at", run=True)
            # What the sentence allows passes.
            program.run(wave_deck.SYMWAVE, 1, "check", self.write(self.guide(method=method, at=-2.95)))

    def test_what_cannot_run_along_a_periodic_axis(self):
        self.refused(self.guide(boundary="[periodic, pml]"),
                     "deck.yaml:10: port in faces along x, which is periodic", "end x in pml")
        self.refused(self.guide(boundary="[periodic, pml]", fields="Hz"), "faces along x")
        with self.assertRaises(AssertionError) as caught:
            program.run(wave_deck.SYMWAVE, 1, "check", "inputs/cascade_chip.yaml", "--set",
                        "grid.boundary=[pml,periodic]")
        self.assertIn("a chip does not repeat along y; write pml there", str(caught.exception))
        head = self.head("size: [1 um, 1 um, 1 um], pml: 0.4 um, boundary: [pml, pml, periodic]", 0.1)
        self.refused(head + """
ports:
  - {name: in, at: [0, 0, -0.2 um], faces: +z, span: [0.8 um, 0.8 um]}
shapes: [{type: box, material: glass, centre: [0, 0], size: [0.4 um, 0.4 um], z: [-9 um, 9 um]}]
""", "port in faces along z, which is periodic", run=True)
        self.refused(self.head("polarization: Ez, size: [3 um, 3 um], boundary: [pml, periodic]",
                               0.05) + """
sources: [{type: gaussian_beam, centre: [0, -1 um], size: [3 um, 0], direction: [0, 1], waist: 0.7 um}]
""", "launched along y, which is periodic", "end y in pml")
        self.refused(self.head("polarization: Ez, size: [1 um, 1 um], boundary: [periodic, periodic]",
                               0.05) + """
sources: [{type: dipole, at: [0, 0], component: Ez}]
monitors: [{type: diffraction, name: o, centre: [0, 0.2 um], size: [1 um, 0]}]
""", "diffraction orders travel along y, but it is periodic")

    def test_components_of_a_polarization(self):
        text = self.head("polarization: Hz, size: [2 um, 2 um], pml: 0.5 um", 0.05) + """
sources: [{type: plane_wave, centre: [0, 0], size: [1 um, 1 um], direction: +x}]
monitors: [{type: dft, name: f, centre: [0, 0], size: [1 um, 1 um]COMPONENTS}]
"""
        self.refused(text.replace("COMPONENTS", ", components: [Ez]"),
                     "Ez is zero everywhere in 2D with grid.polarization Hz, whose fields are Hz, Ex "
                     "and Ey: name these in components, or leave it out for all")
        out = self.compute(text.replace("COMPONENTS", ""))
        with h5py.File(out / "field_f.hdf") as file:
            names = set(file["VTKHDF/PointData"])
        self.assertLess({"Ex_re", "Ey_re", "Hz_im"}, names)
        self.assertFalse({"Ez_re", "Hx_re"} & names)


if __name__ == "__main__":
    unittest.main()
