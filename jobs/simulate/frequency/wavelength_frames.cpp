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
std::vector<float> Rows(const domain::Grid& grid, domain::ColumnRange mine, const Value& value) {
  const int columns = mine.end - mine.begin;
  std::vector<float> rows(static_cast<size_t>(columns) * grid.Ny());
  for (int i = 0; i < columns; ++i) {
    for (int j = 0; j < grid.Ny(); ++j) {
      rows[static_cast<size_t>(j) * columns + i] = static_cast<float>(value(i, j));
    }
  }
  return rows;
}

/// The arrays of the media.
std::vector<float> Medium(const domain::Grid& grid, const domain::Layout& layout,
                          domain::ColumnRange mine, const std::string& name) {
  if (name == "trainable") {
    std::vector<float> cells(static_cast<size_t>(mine.end - mine.begin) * grid.Ny(), 0.0F);
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

bool IsMedium(const std::string& name) {
  return name == "index" || name == "permittivity" || name == "trainable";
}

}  // namespace

std::string MeshOf(const std::string& input) {
  std::string mesh = "field_" + input;
  std::replace(mesh.begin(), mesh.end(), '#', '_');
  return mesh;
}

io::FieldFrame FrameOf(const domain::Grid& grid, const domain::Layout& layout,
                       const solvers::fdfd::Simulation* simulation, int input,
                       const std::vector<std::string>& names) {
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
  for (const std::string& name : names) {
    if (IsMedium(name)) {
      frame.arrays.push_back({name, "1", Medium(grid, layout, mine, name)});
      continue;
    }
    const std::string part = name.substr(name.find('_') + 1);
    frame.arrays.push_back(
        {name, "1", Rows(grid, mine, [&](int i, int j) {
           const Complex u = field[static_cast<size_t>(i) * grid.Ny() + j];
           return part == "re" ? u.real() : part == "im" ? u.imag() : std::abs(u);
         })});
  }
  return frame;
}

void ShowWavelength(run::RunContext& context, const domain::Grid& grid,
                    const SolvedWavelength& solved, long number, bool last) {
  if (!context.Frames().Wanted()) return;
  std::optional<domain::Layout> layout;
  const auto make = [&](long at, const std::vector<std::string>& names) {
    const bool media = std::any_of(names.begin(), names.end(), IsMedium);
    if (!layout) layout = media && solved.simulation ? solved.layout() : domain::Layout();
    std::vector<io::FieldFrame> frames;
    for (size_t p = 0; p < solved.inputs.size(); ++p) {
      io::FieldFrame frame = FrameOf(grid, *layout, solved.simulation, static_cast<int>(p), names);
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
