#include "jobs/simulate/frequency/wavelength_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace symwave::jobs::simulate::frequency {

namespace {

using domain::Complex;
using solvers::fdfd::ColumnRange;
using solvers::fdfd::PlanePoints;

/// From columns, y fastest, to x fastest.
template <class Value>
std::vector<double> Rows(const PlanePoints& points, ColumnRange mine, const Value& value) {
  const int columns = mine.end - mine.begin;
  std::vector<double> rows(static_cast<size_t>(columns) * points.Ny());
  for (int i = 0; i < columns; ++i) {
    for (int j = 0; j < points.Ny(); ++j) {
      rows[static_cast<size_t>(j) * columns + i] = value(i, j);
    }
  }
  return rows;
}

/// The arrays of the media.
std::vector<double> Medium(const PlanePoints& points, const domain::PermittivityMap& media,
                           ColumnRange mine, const std::string& name) {
  if (name == "trainable") {
    std::vector<double> changed(static_cast<size_t>(mine.end - mine.begin) * points.Ny(), 0.0);
    for (const domain::PointChange& change : media.changes) {
      const int i = change.point[0] - points.First(0), j = change.point[1] - points.First(1);
      if (i < mine.begin || i >= mine.end) continue;
      changed[static_cast<size_t>(j) * (mine.end - mine.begin) + (i - mine.begin)] = 1;
    }
    return changed;
  }
  const solvers::fdfd::Coefficients eps(points, media, mine);
  return Rows(points, mine, [&](int i, int j) {
    const Complex mean = eps.MeanEps(mine.begin + i, j);
    return name == "index" ? std::sqrt(mean).real() : mean.real();
  });
}

/// 1 on the line of the first port, 2 on that of the second ..., 0 elsewhere.
std::vector<double> PortNumbers(const PlanePoints& points, const device::Device& device,
                                ColumnRange mine) {
  std::vector<solvers::fdfd::PortLine> lines;
  for (const domain::PlanePort& port : device.ports) {
    lines.push_back(solvers::fdfd::LocateLine(points, port));
  }
  return Rows(points, mine, [&](int i, int j) {
    for (size_t p = 0; p < lines.size(); ++p) {
      const bool along_x = lines[p].normal == domain::AxisName::X;
      const int normal = along_x ? mine.begin + i : j, across = along_x ? j : mine.begin + i;
      if (normal == lines[p].plane && across >= lines[p].begin && across < lines[p].end) {
        return static_cast<double>(p + 1);
      }
    }
    return 0.0;
  });
}

bool IsMedium(const std::string& name) {
  return name == "index" || name == "permittivity" || name == "trainable";
}

}  // namespace

std::string MeshOf(const std::string& input) {
  std::string mesh = "field_" + input;
  std::replace(mesh.begin(), mesh.end(), '#', '_');
  return mesh;
}

FieldColumns ColumnsOf(const solvers::fdfd::Simulation* simulation, int input) {
  if (simulation == nullptr) return {};
  return {simulation->MyColumns(), simulation->Field(input)};
}

io::FieldFrame FrameOf(const device::Device& device, const domain::PermittivityMap& media,
                       const FieldColumns& field, const run::FieldRequest& asked) {
  const PlanePoints points(*device.lattice);
  io::FieldFrame frame;
  for (int axis = 0; axis < 2; ++axis) {
    for (int i = 0; i < points.Count(axis); ++i) {
      frame.coordinates[axis].push_back(points.Position(axis, i));
    }
  }
  frame.coordinates[2] = {0};
  const ColumnRange mine = field.mine;
  if (mine.Count() > 0) frame.part = {{mine.begin, 0, 0}, {mine.Count(), points.Ny(), 1}};
  const auto values = [&](const std::string& name) {
    if (IsMedium(name)) return Medium(points, media, mine, name);
    if (name == "ports") return PortNumbers(points, device, mine);
    const std::string part = name.substr(name.find('_') + 1);
    return Rows(points, mine, [&](int i, int j) {
      const Complex u = field.values[static_cast<size_t>(i) * points.Ny() + j];
      return part == "re" ? u.real() : part == "im" ? u.imag() : std::abs(u);
    });
  };
  for (const std::string& name : asked.names) {
    frame.arrays.push_back(io::MakeFieldArray(name, "1", values(name), asked.float64));
  }
  return frame;
}

void ShowWavelength(run::RunContext& context, const device::Device& device,
                    const SolvedWavelength& solved, long number, bool last) {
  if (!context.Frames().Wanted()) return;
  std::optional<domain::PermittivityMap> media;
  const auto make = [&](long at, const run::FieldRequest& asked) {
    const bool asked_for = std::any_of(asked.names.begin(), asked.names.end(), IsMedium);
    // Made once for all who take frames, as soon as one of them asks for it.
    if (!media && asked_for) media = solved.media();
    const domain::PermittivityMap none;
    const domain::PermittivityMap& of_media = media ? *media : none;
    std::vector<io::FieldFrame> frames;
    for (size_t p = 0; p < solved.inputs.size(); ++p) {
      io::FieldFrame frame = FrameOf(device, of_media, solved.field(static_cast<int>(p)), asked);
      frame.mesh = MeshOf(solved.inputs[p]);
      frame.of = fmt::format("input {}, {:.4f} um", solved.inputs[p], solved.wavelength);
      frame.number = at;
      frame.time = solved.wavelength;
      frame.time_unit = "um";
      frame.time_grows = false;  // the middle one is solved last
      frames.push_back(std::move(frame));
    }
    return frames;
  };
  const run::Frames::Scope offer(context.Frames(), {make});
  context.Frames().StepDone(number);
  if (last) context.Frames().LastStepDone(number);
}

}  // namespace symwave::jobs::simulate::frequency
