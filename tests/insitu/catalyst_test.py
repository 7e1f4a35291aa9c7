#!/usr/bin/python3
"""Frames through ParaView Catalyst on two ranks: pictures are right, and whatever fails ends in one
sentence while the program goes on.

    catalyst_test.py INSITU_FRAMES PLUGIN SYMWAVE

Exits with 77 and a sentence where ParaView or Xvfb is absent.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy
from matplotlib import image

FRAMES, PLUGIN, SYMWAVE = sys.argv[1:4]
POINTS = 128  # along both axes of the plane, 0.05 um apart

RENDERS = """
# script-version: 2.0
from paraview.simple import *
from paraview import catalyst
view = CreateView('RenderView')
view.ViewSize = [400, 300]
options = catalyst.Options()
"""

# As ParaView 5.11 saves a state with the file of a run opened: the reader stands for the image.
SAVED_STATE = RENDERS + """
field_inhdf = VTKHDFReader(registrationName='field_in.hdf', FileName=['/nowhere/field_in.hdf'])
field_inhdf.PointArrayStatus = ['Ez_abs']
slice1 = Slice(registrationName='Slice1', Input=field_inhdf)
slice1.SliceType = 'Plane'
slice1.SliceType.Normal = [0.0, 0.0, 1.0]
display = Show(slice1, view, 'GeometryRepresentation')
ColorBy(display, ('POINTS', 'Ez_abs'))
lut = GetColorTransferFunction('Ez_abs')
lut.AutomaticRescaleRangeMode = 'Never'
lut.RescaleTransferFunction(0.0, 2.0)
view.ResetCamera(-1.2, 1.2, -0.8, 0.8, -0.6, 0.6)
png = CreateExtractor('PNG', view, registrationName='PNG1')
png.Writer.FileName = 'saved_{timestep:06d}.png'
options.GlobalTrigger = 'TimeStep'
"""

NO_VIEW = """
# script-version: 2.0
from paraview.simple import *
grid = TrivialProducer(registrationName='field')
def catalyst_execute(info):
    grid.UpdatePipeline(info.time)
    assert grid.PointData['Ez_re'].GetNumberOfComponents() == 1
"""


def fail(sentence, output=""):
    print(output, file=sys.stderr)
    sys.exit(f"error: {sentence}")


def run(folder, *scripts, frames=1, points=POINTS, display=True, plugin=PLUGIN):
    """Output of the frames' program, which must go on to its end; its own SIGTERM is noticed."""
    command = ["mpirun", "-n", "2", "--oversubscribe", "--bind-to", "none", FRAMES, "catalyst",
               str(folder), str(frames), str(points), *[str(script) for script in scripts]]
    environment = {**os.environ, "SYMWAVE_CATALYST_PLUGIN": str(plugin), "LP_NUM_THREADS": "1"}
    if display:
        command = ["xvfb-run", "-a", *command]
    else:
        environment.pop("DISPLAY", None)
    done = subprocess.run(["timeout", "-k", "5", "100", *command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=environment, check=False)
    if done.returncode != 0 or "goes on; signal SIGTERM" not in done.stdout:
        fail(f"the program ended with {done.returncode}", done.stdout)
    return done.stdout


def must_be_off(what, output, *words):
    """One warning with these words, nothing of Python or VTK beside it."""
    warnings = [line for line in output.splitlines() if "in situ is off" in line]
    if len(warnings) != 1:
        fail(f"{what}: {len(warnings)} warnings", output)
    for word in words:
        if word not in warnings[0]:
            fail(f"{what}: the sentence does not name '{word}'", output)
    if "Traceback" in output or "ERR|" in output:
        fail(f"{what}: more than a sentence", output)
    print(f"{what}: {warnings[0]}")


def check_pictures(folder):
    """Place of the maximum, symmetry, no seam, and one scale in both frames."""
    output = run(folder, "", frames=2)
    if "in situ is off" in output:
        fail("the script that is taken by default fails", output)
    names = sorted(path.name for path in folder.iterdir())
    wanted = [f"paraview_field_{name}_00000{k}.png" for name in ("Ez_abs", "Ez_re") for k in (0, 1)]
    mask = [f"paraview_mask_phase_00000{k}.png" for k in (0, 1)]
    if names != wanted + ["paraview_field_permittivity_000000.png"] + mask:
        fail(f"pictures are {names}")
    # The plane fills the middle three quarters of the width and is as high.
    size = 0.05 * (POINTS - 1)
    picture = image.imread(folder / wanted[1])[..., :3]
    height, width = picture.shape[:2]
    side = 0.75 * width
    left = picture[:, :int(0.87 * width)]
    # Yellow, where viridis ends, has least blue for its red and green; white is the background.
    yellow = left[..., 0] + left[..., 1] - 2 * left[..., 2]
    rows, columns = numpy.where(yellow > yellow.max() - 0.1)
    x = (columns.mean() - (width - 1) / 2) / side * size
    y = ((height - 1) / 2 - rows.mean()) / side * size
    peak = 0.4 * 0.025 * POINTS
    if abs(x - peak) > 0.04 or abs(y) > 0.04:  # a pixel is 0.0085 um, the top is flat
        fail(f"the maximum is at ({x:.3f}, {y:.3f}) um instead of ({peak:.3f}, 0)")

    def red_less_blue(name):
        pixels = image.imread(folder / name)[..., :3]
        inside = slice(int((height - side) / 2) + 2, int((height + side) / 2) - 2)
        across = slice(int((width - side) / 2) + 2, int((width + side) / 2) - 2)
        plane = pixels[inside, across]
        return plane[..., 0] - plane[..., 2]

    plane = red_less_blue(wanted[3])
    odd = numpy.corrcoef(plane.ravel(), -plane[::-1].ravel())[0, 1]
    if odd < 0.98:  # the outlines are grey on both sides
        fail(f"the field is odd about its centre line, the picture is not: {odd:.3f}")
    steps = numpy.abs(numpy.diff(plane, axis=1)).mean(axis=0)
    middle = steps.size // 2
    if steps[middle - 3:middle + 3].max() > 1.1 * steps.max() or steps[:middle].max() < 1e-3:
        fail("there is a seam between the parts of the ranks")
    # Frame 1 is twice frame 0 and fills a scale twice as large.
    growth = numpy.abs(plane).max() / numpy.abs(red_less_blue(wanted[2])).max()
    if abs(growth - 1) > 0.1:
        fail(f"colours of the frames differ by {growth:.2f}")
    print(f"default script: maximum at ({x:.3f}, {y:.3f}) um, odd to {odd:.4f}, no seam")


def check_saved_state(folder):
    script = folder / "state.py"
    script.write_text(SAVED_STATE, encoding="utf-8")
    output = run(folder, script, points=48)
    picture = folder / "field/datasets/saved_000000.png"
    if "in situ is off" in output or not picture.is_file() or (folder / "mask").exists():
        fail("the state of ParaView makes no picture", output)
    if image.imread(picture)[..., :3].std() < 0.05:
        fail("the picture of the saved state is empty")
    print("saved state: its reader is given the image of the run")


def check_failures(folder):
    def script(name, text):
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    missing = folder / "absent.py"
    good = script("no_view.py", NO_VIEW)
    must_be_off("no plug-in", run(folder, good, plugin="/nowhere/plugin.so"), "/nowhere/plugin.so")
    must_be_off("no script", run(folder, missing), "absent.py", "No such file")
    must_be_off("no script on rank 1", run(folder, f"{good}|{missing}"), "absent.py")
    must_be_off("no display", run(folder, script("view.py", RENDERS), display=False),
                "view.py renders", "DISPLAY", "xvfb-run")
    must_be_off("no ParaView", run(folder, good, plugin=script("no_library.so", "")),
                "cannot be loaded")
    if "in situ is off" in run(folder, good, good, display=False):
        fail("a script that does not render needs no display, and may come twice")
    must_be_off("syntax", run(folder, script("syntax.py", "a = 1\nb = (\n"), display=False),
                "syntax.py:2", "SyntaxError")
    thrown = script("thrown.py", NO_VIEW + "    raise ValueError('too large')\n")
    must_be_off("exception", run(folder, thrown, frames=2, display=False), "thrown.py:8",
                "too large")
    must_be_off("exception on rank 1", run(folder, f"{good}|{thrown}", display=False),
                "thrown.py:8", "too large")
    hidden = script("hidden.py", NO_VIEW + "    getattr(servermanager, '_create_v' + 'iew')('x')\n")
    must_be_off("a view that the text hides", run(folder, hidden, display=False), "hidden.py:8",
                "xvfb-run")


ORDER = """
# script-version: 2.0
from paraview.simple import *
grid = TrivialProducer(registrationName='field_in_top')
def catalyst_execute(info):
    grid.UpdatePipeline(info.time)
    data = grid.GetClientSideObject().GetOutputDataObject(0)
    with open('LOG', 'a') as log:
        log.write(f"{info.time:g} {data.GetFieldData().GetAbstractArray('title').GetValue(0)}\\n")
"""


def check_wavelengths(folder):
    """A script sees wavelengths as they are solved, numbered from 1, the middle one last."""
    script, log = folder / "order.py", folder / "order.txt"
    script.write_text(ORDER.replace("LOG", str(log)), encoding="utf-8")
    subprocess.run(
        ["timeout", "-k", "5", "100", SYMWAVE, "run", "inputs/coupler.yaml", "--no-report",
         "--output", str(folder / "out"), "--set", "grid.cell=0.1um", "--set", "wavelength.count=3",
         "--set", f"insitu={{script: {script}, fields: [Ez_abs]}}"],
        cwd=pathlib.Path(__file__).resolve().parents[2], check=True, stdout=subprocess.DEVNULL,
        env={**os.environ, "SYMWAVE_CATALYST_PLUGIN": PLUGIN, "OPENBLAS_NUM_THREADS": "1"})
    seen = [line.split() for line in log.read_text(encoding="utf-8").splitlines()]
    numbers, lengths = [float(words[0]) for words in seen], [float(words[-2]) for words in seen]
    if numbers != [1, 2, 3] or sorted(lengths)[1] != lengths[2] or len(set(lengths)) != 3:
        fail(f"a script of three wavelengths sees {seen}")
    print(f"wavelengths: {seen}")


def check_link_line():
    """The program itself knows nothing of ParaView, VTK and Python."""
    needed = subprocess.run(["ldd", SYMWAVE], capture_output=True, text=True, check=True).stdout
    for name in ("vtk", "python", "paraview"):
        if name in needed.lower():
            fail(f"the program is linked with {name}", needed)


def main():
    check_link_line()
    missing = [name for name in ("xvfb-run", "xauth") if not shutil.which(name)]
    if not pathlib.Path(PLUGIN).is_file():
        missing.append("ParaView 5.11 (when symwave was built)")
    if missing:
        print(f"skipped: {', '.join(missing)} not here; jobs/install-deps --insitu")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder)
        for name, check in (("pictures", check_pictures), ("state", check_saved_state),
                            ("wavelengths", check_wavelengths), ("failures", check_failures)):
            (base / name).mkdir()
            check(base / name)


main()
