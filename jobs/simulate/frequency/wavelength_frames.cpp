#include "jobs/simulate/frequency/wavelength_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace symwave::jobs::simulate::frequency {

namespace {

using domain::Complex;

/// From columns, y fastest, to x fastest.
template <class Value>
std::vector<double> Rows(const domain::Grid& grid, domain::ColumnRange mine, const Value& value) {
  const int columns = mine.end - mine.begin;
  std::vector<double> rows(static_cast<size_t>(columns) * grid.Ny());
  for (int i = 0; i < columns; ++i) {
    for (int j = 0; j < grid.Ny(); ++j) {
      rows[static_cast<size_t>(j) * columns + i] = value(i, j);
    }
  }
  return rows;
}

/// The arrays of the media.
std::vector<double> Medium(const domain::Grid& grid, const domain::Layout& layout,
                           domain::ColumnRange mine, const std::string& name) {
  if (name == "trainable") {
    std::vector<double> cells(static_cast<size_t>(mine.end - mine.begin) * grid.Ny(), 0.0);
    for (const domain::CellChange& change : layout.changes) {
      if (change.i < mine.begin || change.i >= mine.end) continue;
      const auto column = static_cast<size_t>(change.i - mine.begin);
      cells[static_cast<size_t>(change.j) * (mine.end - mine.begin) + column] = 1;
    }
    return cells;
  }
  const domain::Permittivity eps = domain::EvaluatePermittivity(grid, layout, mine);
  return Rows(grid, mine, [&](int i, int j) {
    const Complex mean = eps.MeanEps(mine.begin + i, j);
    return name == "index" ? std::sqrt(mean).real() : mean.real();
  });
}

/// 1 on the line of the first port, 2 on that of the second ..., 0 elsewhere.
std::vector<double> PortNumbers(const device::Device& device, domain::ColumnRange mine) {
  const domain::Grid& grid = device.grid;
  std::vector<domain::PortLine> lines;
  for (const domain::Port& port : device.ports) lines.push_back(domain::LocatePort(grid, port));
  return Rows(grid, mine, [&](int i, int j) {
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

io::FieldFrame FrameOf(const device::Device& device, const domain::Layout& layout,
                       const solvers::fdfd::Simulation* simulation, int input,
                       const run::FieldRequest& asked) {
  const domain::Grid& grid = device.grid;
  io::FieldFrame frame;
  for (int i = 0; i < grid.Nx(); ++i) frame.coordinates[0].push_back(grid.X().Centre(i));
  for (int j = 0; j < grid.Ny(); ++j) frame.coordinates[1].push_back(grid.Y().Centre(j));
  frame.coordinates[2] = {0};
  domain::ColumnRange mine{0, 0};
  std::vector<Complex> field;
  if (simulation) {
    mine = simulation->MyColumns();
    field = simulation->Field(input);
    if (mine.end > mine.begin) {
      frame.part = {{mine.begin, 0, 0}, {mine.end - mine.begin, grid.Ny(), 1}};
    }
  }
  const auto values = [&](const std::string& name) {
    if (IsMedium(name)) return Medium(grid, layout, mine, name);
    if (name == "ports") return PortNumbers(device, mine);
    const std::string part = name.substr(name.find('_') + 1);
    return Rows(grid, mine, [&](int i, int j) {
      const Complex u = field[static_cast<size_t>(i) * grid.Ny() + j];
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
  std::optional<domain::Layout> layout;
  const auto make = [&](long at, const run::FieldRequest& asked) {
    const bool media = std::any_of(asked.names.begin(), asked.names.end(), IsMedium);
    // Made once for all who take frames, as soon as one of them asks for it.
    if (!layout && media && solved.simulation) layout = solved.layout();
    const domain::Layout none;
    const domain::Layout& of_media = layout ? *layout : none;
    std::vector<io::FieldFrame> frames;
    for (size_t p = 0; p < solved.inputs.size(); ++p) {
      io::FieldFrame frame =
          FrameOf(device, of_media, solved.simulation, static_cast<int>(p), asked);
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
