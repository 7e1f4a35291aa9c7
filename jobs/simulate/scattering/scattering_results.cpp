#include "jobs/simulate/scattering/scattering_results.hpp"

#include <array>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "domain/base/units.hpp"

namespace symwave::jobs::simulate {

namespace {

using domain::Complex;
using solvers::yee::PowerShares;
using solvers::yee::ScatteringMatrix;
using solvers::yee::ScatteringMode;

/// Lowest and highest corner of the ports, [x0, y0, z0, x1, y1, z1] each.
std::vector<double> PortBoxes(const ScatteringDevice& device,
                              const std::vector<ScatteringMode>& modes) {
  std::vector<double> boxes;
  for (const ScatteringMode& mode : modes) {
    const domain::PlanePort& port = device.ports[static_cast<size_t>(mode.port)];
    const int normal = domain::AxisOf(port.faces);
    std::array<double, 3> half{0, 0, 0};
    for (int k = 0; k < 2; ++k) {
      const int axis = domain::Across(normal)[k];
      if (axis == 2 && device.flat) continue;
      half[axis] = port.span[k] / 2;
    }
    for (int axis = 0; axis < 3; ++axis) boxes.push_back(port.at[axis] - half[axis]);
    for (int axis = 0; axis < 3; ++axis) boxes.push_back(port.at[axis] + half[axis]);
  }
  return boxes;
}

void WritePorts(io::Hdf5File& file, const std::string& group, const ScatteringDevice& device,
                const std::vector<ScatteringMode>& modes) {
  std::vector<std::string> names;
  names.reserve(modes.size());
  for (const ScatteringMode& mode : modes) names.push_back(mode.name);
  const std::vector<double> boxes = PortBoxes(device, modes);
  std::vector<double> lines;
  for (size_t p = 0; p < modes.size(); ++p) {
    for (const int k : {0, 1, 3, 4}) lines.push_back(boxes[6 * p + k]);
  }
  file.WriteTexts(group + "/ports/name", names, {"", "port modes, in the order of the S-matrix"});
  file.Write(group + "/ports/line", lines, {modes.size(), 4}, {"um", "x0, y0, x1, y1"});
  file.Write(group + "/ports/box", boxes, {modes.size(), 6},
             {"um", "x0, y0, z0, x1, y1, z1 of the planes that S refers to"});
}

void WriteModes(io::Hdf5File& file, const std::string& group, const ScatteringMatrix& matrix,
                bool flat) {
  const size_t nw = matrix.wavelengths.size();
  const size_t np = matrix.modes.size();
  std::vector<Complex> n_eff;
  std::vector<double> n_g, te, area;
  const bool all = np > 0 && !matrix.modes.front().group_index.empty();
  for (size_t w = 0; w < nw; ++w) {
    for (const ScatteringMode& mode : matrix.modes) {
      n_eff.push_back(mode.n_eff[w]);
      if (all) n_g.push_back(mode.group_index[w]);
    }
  }
  file.Write(group + "/n_eff", n_eff, {nw, np}, {"1", "effective index of port modes"});
  if (!all) return;
  for (const ScatteringMode& mode : matrix.modes) {
    te.push_back(mode.te_fraction);
    area.push_back(mode.effective_area);
  }
  file.Write(group + "/group_index", n_g, {nw, np}, {"1", "group index of port modes"});
  // In 2D a mode has one component of E across, or two by convention of the polarization alone.
  if (!flat) {
    file.Write(group + "/te_fraction", te, {np},
               {"1", "share of the first axis across in |E|^2 across"});
  }
  file.Write(group + "/effective_area", area, {np},
             {"um^2", "(int |E|^2)^2 / int |E|^4; um in 2D"});
}

void WritePower(io::Hdf5File& file, const std::string& group, const ScatteringMatrix& matrix,
                bool lossless) {
  const std::pair<const char*, double PowerShares::*> parts[] = {
      {"transmitted", &PowerShares::transmitted},
      {"reflected", &PowerShares::reflected},
      {"radiated", &PowerShares::radiated},
      {"absorbed", &PowerShares::absorbed}};
  const io::Shape shape{matrix.power.size(), matrix.power.front().size()};
  for (const auto& [name, member] : parts) {
    std::vector<double> values;
    for (const auto& inputs : matrix.power) {
      for (const PowerShares& power : inputs) values.push_back(power.*member);
    }
    file.Write(group + "/power/" + name, values, shape,
               {"1", "share of the power launched at each input, per wavelength"});
  }
  std::vector<double> errors;
  for (const auto& inputs : matrix.power) {
    for (const PowerShares& power : inputs) errors.push_back(power.BalanceError(lossless));
  }
  file.Write(group + "/power/balance_error", errors, shape,
             {"1", lossless ? "1 - transmitted - reflected - radiated"
                            : "1 - transmitted - reflected - radiated - absorbed"});
}

}  // namespace

void WriteScattering(io::Hdf5File& file, const std::string& group, const ScatteringDevice& device,
                     const ScatteringMatrix& matrix) {
  base::FaultPoint("results/scattering");
  const size_t nw = matrix.wavelengths.size();
  const auto np = static_cast<Eigen::Index>(matrix.modes.size());
  WritePorts(file, group, device, matrix.modes);
  std::vector<Complex> s;
  for (const Eigen::MatrixXcd& at_wavelength : matrix.s) {
    for (Eigen::Index out = 0; out < np; ++out) {
      for (Eigen::Index in = 0; in < np; ++in) s.push_back(at_wavelength(out, in));
    }
  }
  const auto modes = static_cast<hsize_t>(np);
  file.Write(group + "/wavelength", matrix.wavelengths, {}, {"um", "vacuum wavelength"});
  file.Write(group + "/s_matrix", s, {nw, modes, modes},
             {"1", "S[wavelength][out][in], amplitudes of unit-power modes"});
  file.Write(group + "/reciprocity_defect", matrix.reciprocity_defect, {},
             {"1", "norm(S - S^T) / norm(S)"});
  WriteModes(file, group, matrix, device.flat);
  WritePower(file, group, matrix, device.lossless);
}

void PrintScattering(const ScatteringDevice& device, const ScatteringMatrix& matrix) {
  const size_t middle = matrix.wavelengths.size() / 2;
  const bool dispersion = !matrix.modes.front().group_index.empty();
  base::Info("wavelength {:.4f} um", matrix.wavelengths[middle]);
  base::Info("  {:<12} {:>9}{}{} {:>11} {:>9} {:>9} {:>9} {:>9}", "input", "n_eff",
             dispersion ? "      n_g" : "", device.flat ? "" : "     TE", "transmitted",
             "reflected", "radiated", "absorbed", "error");
  for (size_t a = 0; a < matrix.modes.size(); ++a) {
    const ScatteringMode& mode = matrix.modes[a];
    const PowerShares& power = matrix.power[middle][a];
    base::Info("  {:<12} {:>9.5f}{}{} {:>11.5f} {:>9.5f} {:>9.5f} {:>9.1e} {:>9.1e}", mode.name,
               mode.n_eff[middle].real(),
               dispersion ? fmt::format(" {:>8.4f}", mode.group_index[middle]) : "",
               device.flat ? "" : fmt::format(" {:>6.3f}", mode.te_fraction), power.transmitted,
               power.reflected, power.radiated, power.absorbed,
               power.BalanceError(device.lossless));
  }
  const Eigen::MatrixXcd& s = matrix.s[middle];
  for (Eigen::Index out = 0; out < s.rows(); ++out) {
    std::string row = fmt::format("  |S|^2 to {:<10}", matrix.modes[static_cast<size_t>(out)].name);
    for (Eigen::Index in = 0; in < s.cols(); ++in) {
      row += fmt::format(" {:>8.2f}", base::Decibel(std::norm(s(out, in))));
    }
    base::Info("{} dB", row);
  }
}

}  // namespace symwave::jobs::simulate
