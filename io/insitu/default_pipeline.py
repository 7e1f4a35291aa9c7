# script-version: 2.0
"""The Catalyst script that is taken where a deck names none: a picture of each array per frame.

A plane is shown as it is, a volume by three slices through its centre; permittivity, which does not
change, once, and as outlines over the fields. The colours of an array mean the same on all ranks
and in all frames: the least and largest value so far come as field data `range_<array>` with the
image, since a script sees its own rank only. A copy of this file is a start for a script of one's
own.
"""
import math
import os

from paraview import servermanager
from paraview.catalyst import Options
from paraview.simple import (ColorBy, Contour, CreateView, ExtractSurface, GetColorTransferFunction,
                             GetScalarBar, SaveScreenshot, Show, Slice, Text, TrivialProducer)

FIXED = ("permittivity", "trainable", "ports")
WIDTH, HEIGHT = 1000, 800

image = TrivialProducer(registrationName="input")
options = Options()
options.ExtractsOutputDirectory = "."


def scale_of(name, least, largest):
    """Ends of the colour scale: about 0, and to the next of 1, 2, 5, 10 ... that holds all."""
    if name in FIXED:
        return (least, largest) if least < largest else (least, least + 1)
    size = max(abs(least), abs(largest))
    if size == 0:
        return (-1, 1)
    power = 10 ** math.floor(math.log10(size))
    step = next(step for step in (1, 2, 5, 10, 20) if step * power >= size * (1 - 1e-12))
    signed = least < 0 or name.endswith(("_re", "_im"))
    return (-step * power if signed else 0, step * power)


class Pictures:
    """The view, made with the first frame."""

    def __init__(self, bounds, outline_at):
        self.view = CreateView("RenderView")
        self.view.Background = [1, 1, 1]
        self.view.UseColorPaletteForBackground = 0
        self.view.OrientationAxesVisibility = 0
        self.flat = bounds[5] - bounds[4] <= 0
        self.shown = [ExtractSurface(Input=image)] if self.flat else self._slices(bounds)
        self._aim(bounds)
        self.displays = [Show(cut, self.view, "GeometryRepresentation") for cut in self.shown]
        self.outlines = []
        if outline_at is not None:
            self.outlines = [self._outline(cut, outline_at) for cut in self.shown]
        self.title = Text(Text="")
        label = Show(self.title, self.view, "TextSourceRepresentation")
        label.WindowLocation = "Upper Center"
        label.Color = [0, 0, 0]
        label.FontSize = 18

    def _slices(self, bounds):
        cuts = []
        for axis in range(3):
            if bounds[2 * axis + 1] <= bounds[2 * axis]:
                continue
            cut = Slice(Input=image, SliceType="Plane")
            cut.SliceType.Origin = [(bounds[2 * k] + bounds[2 * k + 1]) / 2 for k in range(3)]
            cut.SliceType.Normal = [float(k == axis) for k in range(3)]
            cuts.append(cut)
        return cuts

    def _aim(self, bounds):
        centre = [(bounds[2 * k] + bounds[2 * k + 1]) / 2 for k in range(3)]
        size = [bounds[2 * k + 1] - bounds[2 * k] for k in range(3)]
        reach = math.sqrt(sum(length * length for length in size)) or 1
        self.view.CameraFocalPoint = centre
        self.view.CameraParallelProjection = 1
        if self.flat:
            ratio = (size[1] or size[0]) / (size[0] or size[1] or 1)
            height = int(min(max(0.75 * WIDTH * ratio, 150), 1600) + 80)
            self.view.ViewSize = [WIDTH, height]
            self.view.CameraPosition = [centre[0], centre[1], centre[2] + reach]
            self.view.CameraViewUp = [0, 1, 0]
            # Half the height of the view, of which the picture leaves a rim to title and scale.
            self.view.CameraParallelScale = max(size[0] / 0.75 / WIDTH * height / 2,
                                                size[1] / 2 * height / (height - 80))
        else:
            self.view.ViewSize = [WIDTH, HEIGHT]
            self.view.CameraPosition = [centre[0] + reach, centre[1] - 0.8 * reach,
                                        centre[2] + 0.7 * reach]
            self.view.CameraViewUp = [0, 0, 1]
            self.view.CameraParallelScale = 0.5 * reach

    def _outline(self, cut, value):
        contour = Contour(Input=cut, ContourBy=["POINTS", "permittivity"], Isosurfaces=[value])
        display = Show(contour, self.view, "GeometryRepresentation")
        display.ColorArrayName = ["POINTS", ""]
        display.AmbientColor = display.DiffuseColor = [0.35, 0.35, 0.35]
        display.LineWidth = 1.5
        # A little nearer to the eye than the plane it lies in.
        towards = [self.view.CameraPosition[k] - self.view.CameraFocalPoint[k] for k in range(3)]
        display.Position = [0.002 * length for length in towards]
        display.Ambient, display.Diffuse = 1.0, 0.0
        return contour

    def save(self, name, ends, title, path):
        colours = GetColorTransferFunction(name)
        colours.AutomaticRescaleRangeMode = "Never"
        colours.ApplyPreset("Cool to Warm" if ends[0] < 0 else "Viridis (matplotlib)", True)
        for display in self.displays:
            ColorBy(display, ("POINTS", name))
            display.LookupTable = colours
            display.Ambient, display.Diffuse = 1.0, 0.0
        colours.RescaleTransferFunction(*ends)
        bar = GetScalarBar(colours, self.view)
        bar.Title, bar.ComponentTitle = name, ""
        bar.TitleColor = bar.LabelColor = [0, 0, 0]
        bar.LabelFormat = bar.RangeLabelFormat = "%-#.3g"
        bar.WindowLocation, bar.Position = "Any Location", [0.89, 0.15]
        bar.ScalarBarLength = 0.7
        bar.Visibility = 1
        self.title.Text = title
        part = path + ".part.png"
        SaveScreenshot(part, self.view, ImageResolution=list(self.view.ViewSize))
        bar.Visibility = 0
        if servermanager.vtkProcessModule.GetProcessModule().GetPartitionId() == 0:
            os.replace(part, path)


_pictures = {}


def catalyst_execute(info):
    grid = info.dataDescription.GetInputDescriptionByName("input").GetGrid()
    data = grid.GetFieldData()
    ranges = {}
    for k in range(data.GetNumberOfArrays()):
        array = data.GetAbstractArray(k)
        if array.GetName().startswith("range_"):
            ranges[array.GetName()[6:]] = (array.GetValue(0), array.GetValue(1))
    bounds = [data.GetArray("bounds").GetValue(k) for k in range(6)]
    mesh = data.GetAbstractArray("mesh").GetValue(0)
    first = not _pictures
    if first:
        low, high = ranges.get("permittivity", (0, 0))
        outline_at = None
        if high > low:
            outline_at = math.sqrt(low * high) if low > 0 else (low + high) / 2
        _pictures["view"] = Pictures(bounds, outline_at)
    for name, ends in ranges.items():
        if name in FIXED and not first:
            continue
        path = os.path.join(options.ExtractsOutputDirectory,
                            f"paraview_{mesh}_{name}_{info.timestep:06d}.png")
        title = f"{name}, {data.GetAbstractArray('title').GetValue(0)}"
        _pictures["view"].save(name, scale_of(name, *ends), title, path)
