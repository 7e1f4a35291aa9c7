#include "jobs/simulate/frequency/results.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "io/field_file.hpp"

namespace symwave::jobs::simulate::frequency {

namespace {

using domain::Complex;
using solvers::fdfd::ColumnRange;
using solvers::fdfd::PlanePoints;
using solvers::fdfd::Scattering;

constexpr long kViewPoints = 500'000;

int ViewStride(const PlanePoints& points) {
  int stride = 1;
  while (static_cast<long>(points.Nx() / stride) * (points.Ny() / stride) > kViewPoints) ++stride;
  return stride;
}

std::vector<double> Positions(const PlanePoints& points, int axis, int stride = 1) {
  std::vector<double> positions;
  for (int i = 0; i < points.Count(axis); i += stride) {
    positions.push_back(points.Position(axis, i));
  }
  return positions;
}

/// Index of refraction at this rank's columns.
std::vector<float> IndexMap(const domain::PermittivityMap& media,
                            const solvers::fdfd::Simulation& simulation) {
  const PlanePoints& points = simulation.Points();
  const ColumnRange mine = simulation.MyColumns();
  const solvers::fdfd::Coefficients eps(points, media, mine);
  std::vector<float> index;
  for (int i = mine.begin; i < mine.end; ++i) {
    for (int j = 0; j < points.Ny(); ++j) {
      index.push_back(static_cast<float>(std::sqrt(eps.MeanEps(i, j)).real()));
    }
  }
  return index;
}

/// The part of a thinned picture that this rank's columns give.
struct ThinColumns {
  int stride, first, count, rows, total;

  ThinColumns(const PlanePoints& points, ColumnRange mine)
      : stride(ViewStride(points)),
        first((mine.begin + stride - 1) / stride),
        count((mine.end + stride - 1) / stride - first),
        rows((points.Ny() + stride - 1) / stride),
        total((points.Nx() + stride - 1) / stride) {}

  template <class To, class From>
  std::vector<To> Pick(const std::vector<From>& values, const PlanePoints& points,
                       ColumnRange mine) const {
    std::vector<To> picked;
    for (int c = first; c < first + count; ++c) {
      for (int j = 0; j < points.Ny(); j += stride) {
        const From& value =
            values[(c * stride - mine.begin) * static_cast<size_t>(points.Ny()) + j];
        picked.push_back(static_cast<To>(value));
      }
    }
    return picked;
  }
};

}  // namespace

void WriteSweep(io::Hdf5File& file, const std::string& group, const device::Device& device,
                const std::vector<Scattering>& sweep) {
  WriteScattering(file, group, {device.ports, true, false},
                  solvers::fdfd::MatrixOf(sweep, device.ports));
  std::vector<double> residuals;
  residuals.reserve(sweep.size());
  for (const Scattering& point : sweep) residuals.push_back(point.relative_residual);
  file.Write(group + "/residual", residuals, {}, {"1", "largest |A u - b| / |b|"});
}

void WriteView(io::Hdf5File& file, const std::string& group, const domain::PermittivityMap& media,
               const solvers::fdfd::Simulation& simulation, int inputs) {
  base::FaultPoint("results/view");
  const PlanePoints& points = simulation.Points();
  const ColumnRange mine = simulation.MyColumns();
  const ThinColumns thin(points, mine);
  file.Write(group + "/view/x", Positions(points, 0, thin.stride), {}, {"um", ""});
  file.Write(group + "/view/y", Positions(points, 1, thin.stride), {}, {"um", ""});

  const hsize_t nx = thin.total, ny = thin.rows;
  const hsize_t first = thin.first, count = thin.count;
  const auto index = thin.Pick<float>(IndexMap(media, simulation), points, mine);
  file.WriteSlab(group + "/view/index", index.data(), {{nx, ny}, {first, 0}, {count, ny}},
                 {"1", "real part of the refractive index [x][y]"});
  std::vector<std::complex<float>> fields;
  for (int p = 0; p < inputs; ++p) {
    const auto field = thin.Pick<std::complex<float>>(simulation.Field(p), points, mine);
    fields.insert(fields.end(), field.begin(), field.end());
  }
  const hsize_t np = inputs;
  file.WriteSlab(group + "/view/field", fields.data(),
                 {{np, nx, ny}, {0, first, 0}, {np, count, ny}},
                 {"1", "out-of-plane component for each input at unit power [input][x][y]"});
}

void WriteFieldFiles(MPI_Comm comm, const std::string& directory,
                     const domain::PermittivityMap& media,
                     const solvers::fdfd::Simulation& simulation,
                     const std::vector<std::string>& input_names) {
  const PlanePoints& points = simulation.Points();
  const ColumnRange mine = simulation.MyColumns();
  const std::vector<float> index = IndexMap(media, simulation);
  const std::string u = domain::NameOf(points.Field());
  const std::vector<double> x = Positions(points, 0), y = Positions(points, 1);
  for (size_t p = 0; p < input_names.size(); ++p) {
    std::vector<float> re, im, abs;
    for (const Complex& value : simulation.Field(static_cast<int>(p))) {
      re.push_back(static_cast<float>(value.real()));
      im.push_back(static_cast<float>(value.imag()));
      abs.push_back(static_cast<float>(std::abs(value)));
    }
    std::string name = input_names[p];
    std::replace(name.begin(), name.end(), '#', '_');
    io::WriteField(comm, directory + "/field_" + name, x, y, mine.begin, mine.end,
                   {{u + "_re", "1", std::move(re)},
                    {u + "_im", "1", std::move(im)},
                    {u + "_abs", "1", std::move(abs)},
                    {"index", "1", index}});
  }
}

}  // namespace symwave::jobs::simulate::frequency
