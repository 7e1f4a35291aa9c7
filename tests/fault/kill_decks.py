"""Small decks of every job kind, which write checkpoints as often as they can."""
import fault_decks
import program

OFTEN = program.settings(output__checkpoint__every="0.2s")

# A dipole beside a disc of dispersive silicon and one of metal.
DIPOLE = """
job: simulate
solver: {method: time_domain, stop: {max_time: 80 um}}
grid: {polarization: Ez, cell: 0.05 um, size: [5 um, 4 um], pml: 0.8 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 3}
materials:
  glass: {index: 1.45}
  silicon: {model: Si}
  silver: {poles: {epsilon: 1, drude: [{plasma: 20, damping: 0.1}]}}
background: glass
shapes:
  - {type: circle, material: silicon, centre: [0, 0], radius: 0.8 um}
  - {type: circle, material: silver, centre: [0, 1.2 um], radius: 0.2 um}
sources: [{type: dipole, at: [0.9 um, 0.1 um], component: Ez}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [4 um, 3 um]}
  - {type: dft, name: field, centre: [0, 0], size: [2 um, 2 um], wavelength: 1.55 um}
  - {type: probe, name: p, at: [0.5 um, 0.3 um], component: Ez}
"""

# A continuous wave that falls obliquely on a periodic film.
FILM = """
job: simulate
solver: {method: time_domain, precision: float64, stop: {max_time: 40 um}}
grid: {polarization: Hz, cell: 0.02 um, size: [0.6 um, 3 um], pml: 0.8 um,
       boundary: [periodic, pml], bloch: [2, 0]}
wavelength: {from: 0.8 um, to: 1 um, count: 2}
materials:
  air: {index: 1}
  glass: {index: 1.45}
  silver: {poles: {epsilon: 1, drude: [{plasma: 20, damping: 0.1}]}}
background: air
shapes:
  - {type: straight, material: glass, from: [-0.3 um, 0], to: [0.3 um, 0], width: 0.24 um}
  - {type: circle, material: silver, centre: [0, 0.3 um], radius: 0.1 um}
sources: [{type: plane_wave, centre: [0, -1 um], size: [0.6 um, 0], direction: +y}]
monitors:
  - {type: flux, name: reflected, centre: [0, -1.2 um], size: [0.6 um, 0]}
  - {type: diffraction, name: orders, centre: [0, 1.2 um], size: [0.6 um, 0]}
"""

# Light that falls on a cube of dispersive silicon in three dimensions, and a dipole beside it.
CUBE = """
job: simulate
solver: {method: time_domain, stop: {max_time: 70 um}}
grid: {cell: 0.1 um, size: [2 um, 2 um, 2 um], pml: 0.5 um}
wavelength: {from: 1.45 um, to: 1.75 um, count: 2}
materials: {air: {index: 1}, silicon: {model: Si}}
background: air
shapes:
  - {type: box, material: silicon, centre: [0, 0], size: [0.6 um, 0.6 um], z: [-0.3 um, 0.3 um]}
sources:
  - {type: plane_wave, centre: [0, 0, 0], size: [1.2 um, 1.2 um, 1.2 um], direction: +z,
     polarization: [1, 0, 0]}
  - {type: dipole, at: [0.4 um, 0.1 um, 0], component: Ey}
monitors:
  - {type: flux, name: box, centre: [0, 0, 0], size: [1.6 um, 1.6 um, 1.6 um]}
  - {type: dft, name: field, centre: [0, 0, 0], size: [1 um, 1 um, 0], wavelength: 1.55 um}
  - {type: probe, name: p, at: [0.5 um, 0.1 um, 0.1 um], component: Ey}
"""

PORTS = """
job: simulate
solver: {method: time_domain, stop: {decay: 1e-3}}
grid: {polarization: Hz, cell: 0.05 um, size: [5 um, 4 um], pml: 1 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 3}
materials: {core: {index: 2.8}, clad: {index: 1.444}}
background: clad
shapes:
  - {type: box, material: core, centre: [0, 0], size: [20 um, 0.45 um]}
  - {type: box, material: core, centre: [0, 0.9 um], size: [2 um, 0.3 um]}
ports:
  - {name: in, at: [-2 um, 0], faces: +x, span: 3 um}
  - {name: out, at: [2 um, 0], faces: -x, span: 3 um}
"""

STRIP = ["inputs/soi_strip_3d.yaml", *program.settings(
    grid__cell="0.1um", grid__size="[1.8um, 1.6um, 1.4um]", grid__pml="0.4um",
    wavelength="{from: 1.45um, to: 1.65um, count: 2}", solver__method="time_domain",
    solver__stop__decay="1e-3", output__fields="false",
    ports="[{name: in, at: [-0.6um, 0, 0], faces: +x, span: [1.6um, 1.4um]}, "
          "{name: out, at: [0.6um, 0, 0], faces: -x, span: [1.6um, 1.4um]}]")]

WAVELENGTHS = PORTS.replace(
    "{method: time_domain, stop: {decay: 1e-3}}", "frequency_domain").replace("count: 3", "count: 9")

# Light of nine wavelengths on a disc, and a dipole in it.
CURRENTS = """
job: simulate
solver: frequency_domain
grid: {polarization: Hz, cell: 0.04 um, size: [5 um, 4 um], pml: 0.8 um}
wavelength: {from: 1.4 um, to: 1.7 um, count: 9}
materials: {glass: {index: 1.45}, silicon: {model: Si}}
background: glass
shapes: [{type: circle, material: silicon, centre: [0, 0], radius: 0.8 um}]
sources:
  - {type: plane_wave, centre: [0, 0], size: [3 um, 2.4 um], direction: +x}
  - {type: dipole, at: [0.3 um, 0.1 um], component: Ex}
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [4 um, 3 um]}
  - {type: dft, name: field, centre: [0, 0], size: [2 um, 2 um], wavelength: 1.55 um}
"""

CHIP = ["inputs/iris_chip.yaml", *fault_decks.CHIP, *program.settings(
    chip__core_length="2um", training__epochs=5, sweep__epochs=2, sweep__offset_range="[0.3 rad, 0.6 rad]",
    training__trainers="[forward_mode, spsa]")]
CHIP_TIME = ["inputs/iris_chip.yaml", *fault_decks.CHIP, *program.settings(
    solver__method="time_domain", network__blocks=1, training__epochs=2, sweep__offset_range="[]",
    training__batch=105, chip__core_length="1um", chip__taper_length="1um",
    solver__stop__decay="1e-4")]
BENCH = program.settings(training__epochs=6, training__trainers="[forward_mode, physics_aware]",
                         sweep__epochs=3, sweep__shift="[8um, 16um]")
FOCUS = [*fault_decks.FOCUS, *program.settings(
    training__epochs=15, focus__rival_passes=200, focus__scan__epochs=6)]
HIDDEN = [*fault_decks.HIDDEN, *program.settings(
    training__epochs=15, training__trainers="[forward_mode, reverse]")]

# MUMPS adds what other ranks send it in the order of arrival: what several ranks factorize
# together is equal from run to run only to rounding.
SHARED_FACTORS = ("wavelengths", "chip", "chip in time")


def write(folder):
    """Kind of job -> the arguments of `symwave run`, of decks written into `folder`."""
    def deck(name, text, *options):
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return [path, *options, *OFTEN]

    return {
        "2D dipole": deck("dipole", DIPOLE),
        "2D film": deck("film", FILM),
        "3D wave": deck("cube", CUBE),
        "2D ports": deck("ports", PORTS),
        "3D ports": [*STRIP, *OFTEN],
        "wavelengths": deck("wavelengths", WAVELENGTHS),
        "currents": deck("currents", CURRENTS),
        "chip": [*CHIP, *OFTEN],
        "chip in time": [*CHIP_TIME, *OFTEN],
        "bench": deck("bench", fault_decks.bench_deck(1), *BENCH),
        "bench of shared planes": deck("shared", fault_decks.bench_deck(2), *BENCH),
        "focus": [*FOCUS, *OFTEN],
        "hidden object": [*HIDDEN, *OFTEN],
    }
