"""The smallest decks of every job kind, and the fault points that each of them passes."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "regression"))
import program  # noqa: E402

WAVEGUIDE = ["inputs/waveguide.yaml", *program.settings(grid__cell="0.1um", output__fields="true")]

# A dipole in a disc between flux, probe and transform.
DISC = """
job: simulate
solver: {method: time_domain, stop: {max_time: 40 um}}
grid: {polarization: Ez, cell: 0.1 um, size: [2 um, 2 um], pml: 0.5 um}
wavelength: {from: 0.9 um, to: 1.1 um, count: 3}
materials: {air: {index: 1}, glass: {index: 1.5}}
background: air
shapes: [{type: circle, material: glass, centre: [0, 0], radius: 0.5 um}]
sources: [{type: dipole, at: [0.1 um, 0], component: Ez}]
monitors:
  - {type: flux, name: box, centre: [0, 0], size: [1.6 um, 1.6 um]}
  - {type: probe, name: p, at: [0, 0.2 um], component: Ez}
output: {fields: false}
"""

CHIP = program.settings(
    grid__cell="0.1um", chip__core_length="3um", chip__ports=4, chip__core_width="6um",
    network__encoding__map="[0,1,2,3]", training__epochs=2,
    training__trainers="[forward_mode]", training__batch=60, output__fields="false",
    output__checkpoint__every="1ms",
    sweep__roughness="[]", sweep__offset_range="[0.3 rad]", sweep__epochs=1,
    training__ignore_asymmetry="true")

BENCH = """
job: train
wavelength: 532 nm
bench: {{pixels: 24, pitch: 8 um, distance: 1.4 mm}}
errors: {{detection: {{photons: 100, field_noise: 0.03}}}}
data:
  images: {data}/train-images-idx3-ubyte.gz
  labels: {data}/train-labels-idx1-ubyte.gz
  test_images: {data}/t10k-images-idx3-ubyte.gz
  test_labels: {data}/t10k-labels-idx1-ubyte.gz
  train_samples: 20
  test_samples: 20
network: {{layers: 1}}
training: {{trainers: [forward_mode], epochs: 2, batch: 10}}
output: {{checkpoint: {{every: 1 ms}}}}
sweep: {{shift: [8 um], epochs: 1}}
compute: {{precision: float64, tile: 4, ranks_per_plane: {share}}}
"""

MORE_EPOCHS = 3  # than a complete bench has, so that --resume goes on

SMALL = program.settings(bench__pixels=64, bench__distance="19.7mm")
FOCUS = ["inputs/bench/scatter_focus.yaml", *SMALL, *program.settings(
    focus__positions=2, focus__width="160um", focus__rival_passes=40,
    scatter__screen__correlation="60um", focus__scan__points=9, focus__scan__width="192um",
    focus__scan__bars="[16um]", focus__scan__epochs=1, training__epochs=2,
    training__swarm__particles=4, output__checkpoint__every="0.01s")]
HIDDEN = ["inputs/bench/hidden_object.yaml", *SMALL, *program.settings(
    hidden_object__positions=4, hidden_object__width="160um", hidden_object__distance="19.7mm",
    hidden_object__spot_width="320um", hidden_object__frames=3, training__epochs=2,
    output__checkpoint__every="1ms")]

# Holes of a metal in the upper half of a chip: only the ranks that hold them meet them.
HOLES = ["inputs/iris_chip.yaml", *CHIP, *program.settings(
    solver__method="time_domain", network__blocks=1, materials__metal__epsilon=-10,
    chip__hole_material="metal",
    chip__holes="[{centre: [1um, 2um], radius: 0.5um}]")]


def bench_deck(share):
    """Planes on `share` ranks each."""
    return BENCH.format(data=program.ROOT / "inputs/data/mnist", share=share)


# Deck -> its points, with the pass that fails.
POINTS = {
    "frequency": {
        "run/start": 1, "frequency_domain/ports": 1, "frequency_domain/assemble": 1,
        "frequency_domain/factor": 1, "frequency_domain/solve": 1, "results/create": 1,
        "results/write": 5, "results/view": 1, "field_file/write": 1, "results/scattering": 1,
        "results/finish": 1, "results/close": 1, "summary/write": 1, "file/write": 1, "report": 1},
    "ports": {
        "time_domain/modes": 1, "time_domain/run": 2, "time_domain/block": 1,
        "time_domain/step": 5, "time_domain/stop_rule": 2, "results/write": 9},
    "sources": {
        "sources/add": 1, "time_domain/step": 20, "time_domain/halo": 3, "monitors/fluxes": 1,
        "monitors/probe": 1, "results/close": 1},
    "chip": {
        "data/read": 1, "chip/device": 1, "condensation/eliminate": 1, "condensation/assemble": 1,
        "frequency_domain/factor": 3, "chip/program": 2, "chip/transmit": 2,
        "chip/error_pass": 2, "trainer/epoch": 2, "trainer/measure": 2, "checkpoint/write": 2,
        "table/row": 2, "sweep/point": 2, "chip/results": 1, "summary/write": 1},
    "chip_time": {
        "time_domain/program": 3, "time_domain/block": 2, "time_domain/step": 200,
        "time_domain/collect": 2, "chip/error_pass": 1},
    "bench": {
        "data/images": 1, "bench/program": 2, "bench/transmit": 3, "bench/camera": 2,
        "bench/learn": 2, "bench/evaluate": 1, "trainer/measure": 3, "checkpoint/write": 1,
        "bench/sweep": 2, "bench/results": 1, "diffraction/transpose": 9},
    "bench_resumed": {"checkpoint/read": 1},
    "focus": {
        "focus/lenses": 1, "focus/training": 2, "spots/learn": 3, "spots/test": 2,
        "focus/checkpoint": 1, "focus/results": 1},
    "hidden": {
        "hidden/light": 1, "spots/learn": 2, "spots/test": 1, "table/row": 1,
        "checkpoint/write": 2, "hidden/results": 1},
}
