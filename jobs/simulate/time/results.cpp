#include "jobs/simulate/time/results.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/views.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;
using solvers::fdtd::PowerShares;
using solvers::fdtd::ScatteringMode;
using solvers::fdtd::ScatteringSpectrum;

/// Lowest and highest corner of the ports, [x0, y0, z0, x1, y1, z1] each.
std::vector<double> PortBoxes(const device::TimeDomainProblem& problem,
                              const std::vector<ScatteringMode>& modes) {
  std::vector<double> boxes;
  for (const ScatteringMode& mode : modes) {
    const domain::PlanePort& port = problem.ports[mode.port];
    const int normal = domain::AxisOf(port.faces);
    std::array<double, 3> half{0, 0, 0};
    for (int k = 0; k < 2; ++k) {
      const int axis = domain::Across(normal)[k];
      if (axis == 2 && problem.lattice.TwoDimensional()) continue;
      half[axis] = port.span[k] / 2;
    }
    for (int axis = 0; axis < 3; ++axis) boxes.push_back(port.at[axis] - half[axis]);
    for (int axis = 0; axis < 3; ++axis) boxes.push_back(port.at[axis] + half[axis]);
  }
  return boxes;
}

void WritePorts(io::Hdf5File& file, const device::TimeDomainProblem& problem,
                const std::vector<ScatteringMode>& modes) {
  std::vector<std::string> names;
  for (const ScatteringMode& mode : modes) names.push_back(mode.name);
  const std::vector<double> boxes = PortBoxes(problem, modes);
  std::vector<double> lines;
  for (size_t p = 0; p < modes.size(); ++p) {
    for (const int k : {0, 1, 3, 4}) lines.push_back(boxes[6 * p + k]);
  }
  file.WriteTexts("/ports/name", names, {"", "port modes, in the order of the S-matrix"});
  file.Write("/ports/line", lines, {modes.size(), 4}, {"um", "x0, y0, x1, y1"});
  file.Write("/ports/box", boxes, {modes.size(), 6},
             {"um", "x0, y0, z0, x1, y1, z1 of the planes that S refers to"});
}

void WriteModes(io::Hdf5File& file, const ScatteringSpectrum& spectrum, bool flat) {
  const size_t nw = spectrum.wavelengths.size();
  const size_t np = spectrum.modes.size();
  std::vector<Complex> n_eff;
  std::vector<double> n_g, te, area;
  for (size_t w = 0; w < nw; ++w) {
    for (const ScatteringMode& mode : spectrum.modes) {
      n_eff.push_back(mode.n_eff[w]);
      n_g.push_back(mode.group_index[w]);
    }
  }
  for (const ScatteringMode& mode : spectrum.modes) {
    te.push_back(mode.te_fraction);
    area.push_back(mode.effective_area);
  }
  file.Write("/n_eff", n_eff, {nw, np}, {"1", "effective index of port modes"});
  file.Write("/group_index", n_g, {nw, np}, {"1", "group index of port modes"});
  // In 2D a mode has one component of E across, or two by convention of the polarization alone.
  if (!flat)
    file.Write("/te_fraction", te, {np}, {"1", "share of the first axis across in |E|^2 across"});
  file.Write("/effective_area", area, {np}, {"um^2", "(int |E|^2)^2 / int |E|^4; um in 2D"});
}

void WritePower(io::Hdf5File& file, const ScatteringSpectrum& spectrum, bool lossless) {
  const std::pair<const char*, double PowerShares::*> parts[] = {
      {"transmitted", &PowerShares::transmitted},
      {"reflected", &PowerShares::reflected},
      {"radiated", &PowerShares::radiated},
      {"absorbed", &PowerShares::absorbed}};
  const io::Shape shape{spectrum.power.size(), spectrum.power.front().size()};
  for (const auto& [name, member] : parts) {
    std::vector<double> values;
    for (const auto& inputs : spectrum.power) {
      for (const PowerShares& power : inputs) values.push_back(power.*member);
    }
    file.Write(std::string("/power/") + name, values, shape,
               {"1", "share of the power launched at each input, per wavelength"});
  }
  std::vector<double> errors;
  for (const auto& inputs : spectrum.power) {
    for (const PowerShares& power : inputs) {
      errors.push_back(power.BalanceError(lossless));
    }
  }
  file.Write("/power/balance_error", errors, shape,
             {"1", lossless ? "1 - transmitted - reflected - radiated"
                            : "1 - transmitted - reflected - radiated - absorbed"});
}

/// The block's rows of one frequency.
solvers::fdtd::DftBlock AtOneFrequency(const solvers::fdtd::DftBlock& block, size_t number) {
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  solvers::fdtd::DftBlock one{block.box, block.components, {block.omegas[number]}, {}};
  for (size_t c = 0; c < block.components.size(); ++c) {
    const auto row =
        block.values.begin() + static_cast<long>((c * block.omegas.size() + number) * count);
    one.values.insert(one.values.end(), row, row + static_cast<long>(count));
  }
  return one;
}

}  // namespace

void WriteSpectrum(io::Hdf5File& file, const device::TimeDomainProblem& problem,
                   const ScatteringSpectrum& spectrum) {
  const size_t nw = spectrum.wavelengths.size();
  const auto np = static_cast<Eigen::Index>(spectrum.modes.size());
  WritePorts(file, problem, spectrum.modes);
  std::vector<Complex> s;
  for (const Eigen::MatrixXcd& at_wavelength : spectrum.s) {
    for (Eigen::Index out = 0; out < np; ++out) {
      for (Eigen::Index in = 0; in < np; ++in) s.push_back(at_wavelength(out, in));
    }
  }
  const auto modes = static_cast<hsize_t>(np);
  file.Write("/wavelength", spectrum.wavelengths, {}, {"um", "vacuum wavelength"});
  file.Write("/s_matrix", s, {nw, modes, modes},
             {"1", "S[wavelength][out][in], amplitudes of unit-power modes"});
  file.Write("/reciprocity_defect", spectrum.reciprocity_defect, {},
             {"1", "norm(S - S^T) / norm(S)"});
  WriteModes(file, spectrum, problem.lattice.TwoDimensional());
  WritePower(file, spectrum, problem.lossless);
}

double BalanceError(const ScatteringSpectrum& spectrum, bool lossless) {
  double error = 0;
  for (const auto& inputs : spectrum.power) {
    for (const PowerShares& power : inputs) {
      error = std::max(error, power.BalanceError(lossless));
    }
  }
  return error;
}

void WriteConverged(io::Hdf5File& file, bool converged) {
  file.WriteAttribute("/", "converged", converged ? 1 : 0);
}

void WriteFieldBlock(MPI_Comm comm, const std::string& stem,
                     const device::TimeDomainProblem& problem, const domain::IndexBox& nodes,
                     const solvers::fdtd::DftBlock& recorded, int omega_number) {
  const solvers::fdtd::DftBlock block = FieldsOnNodes(
      comm, problem.lattice, AtOneFrequency(recorded, static_cast<size_t>(omega_number)), nodes);
  const io::FieldFrame frame = FrameOnNodes(problem.lattice, nodes, block.box);
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  const bool electric =
      std::any_of(block.components.begin(), block.components.end(), domain::IsElectric);
  std::vector<io::FieldArray> arrays;
  std::vector<float> modulus(count, 0.0F);
  for (size_t c = 0; c < block.components.size(); ++c) {
    std::vector<float> re(count), im(count);
    const Complex* values = block.values.data() + c * count;
    const bool counts = domain::IsElectric(block.components[c]) == electric;
    for (size_t k = 0; k < count; ++k) {
      re[k] = static_cast<float>(values[k].real());
      im[k] = static_cast<float>(values[k].imag());
      if (counts) modulus[k] += static_cast<float>(std::norm(values[k]));
    }
    const std::string name = domain::NameOf(block.components[c]);
    arrays.push_back({name + "_re", "1", std::move(re)});
    arrays.push_back({name + "_im", "1", std::move(im)});
  }
  for (float& value : modulus) value = std::sqrt(value);
  arrays.push_back({"abs", "1", std::move(modulus)});
  arrays.push_back({"index", "1", IndexOnNodes(problem, block.box, block.omegas.front())});
  io::WriteFieldBox(comm, stem, frame.coordinates, frame.part, arrays);
}

WorkTotals TotalWork(MPI_Comm comm, const std::vector<solvers::fdtd::EngineStatistics>& work,
                     long cells) {
  double sums[4] = {0, 0, 0, 0};  // cell steps, bytes, bytes of monitors, seconds at work
  double slowest[2] = {0, 0};     // seconds in all and in halos
  for (const auto& run : work) {
    sums[0] += run.cell_steps;
    sums[1] = std::max(sums[1], run.field_bytes + run.medium_bytes);
    sums[2] = std::max(sums[2], run.monitor_bytes);
    slowest[0] += run.seconds_update + run.seconds_halo + run.seconds_monitors;
    slowest[1] += run.seconds_halo;
    sums[3] += run.seconds_update + run.seconds_monitors;
  }
  struct {
    double seconds;
    int rank;
  } busiest{sums[3], base::Communicator::RankIn(comm)};
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, &busiest, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums, 4, MPI_DOUBLE, MPI_SUM, comm));
  base::Mpi(MPI_Allreduce(MPI_IN_PLACE, slowest, 2, MPI_DOUBLE, MPI_MAX, comm));
  WorkTotals totals;
  totals.cell_steps = sums[0];
  totals.bytes_per_cell = sums[1] / static_cast<double>(cells);
  totals.monitor_bytes = sums[2];
  totals.seconds = slowest[0];
  totals.halo_share = slowest[0] > 0 ? slowest[1] / slowest[0] : 0;
  totals.slowest_rank = busiest.rank;
  if (sums[3] > 0) {
    totals.slowest_over_mean = busiest.seconds * base::Communicator::SizeOf(comm) / sums[3];
  }
  // Small differences are the rounding of blocks to layers, short runs have no time to even out.
  if (totals.slowest_over_mean > 1.4 && busiest.seconds > 5) {
    base::Info(
        "rank {} worked {:.1f} times as long as the ranks on average, which waited for it: another "
        "program may share its core, or there are more ranks than cores",
        totals.slowest_rank, totals.slowest_over_mean);
  }
  return totals;
}

}  // namespace symwave::jobs::simulate::time
