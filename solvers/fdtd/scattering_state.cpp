#include "solvers/fdtd/scattering_state.hpp"

#include "domain/base/error.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::solvers::fdtd {

using base::StateArchive;

namespace {

/// Column `input` of the matrices of all wavelengths, one after the other.
void SaveOrRestoreColumns(StateArchive& archive, const std::string& name, int input,
                          std::vector<Eigen::MatrixXcd>& matrices) {
  std::vector<Complex> values;
  for (const Eigen::MatrixXcd& m : matrices) {
    for (Eigen::Index row = 0; row < m.rows(); ++row) values.push_back(m(row, input));
  }
  const size_t count = values.size();
  archive.Values(name, values);
  if (values.size() != count) base::Fail("the saved S-matrix has another size");
  size_t n = 0;
  for (Eigen::MatrixXcd& m : matrices) {
    for (Eigen::Index row = 0; row < m.rows(); ++row) m(row, input) = values[n++];
  }
}

void SaveOrRestorePower(StateArchive& archive, const std::string& name, int input,
                        std::vector<std::vector<PowerShares>>& power) {
  std::vector<double> values;
  for (const auto& of_wavelength : power) {
    const PowerShares& shares = of_wavelength[input];
    values.insert(values.end(),
                  {shares.transmitted, shares.reflected, shares.radiated, shares.absorbed});
  }
  archive.Values(name, values);
  if (values.size() != 4 * power.size()) base::Fail("the saved power shares have another size");
  const double* of = values.data();
  for (auto& of_wavelength : power) {
    of_wavelength[input] = {of[0], of[1], of[2], of[3], {}};
    of += 4;
  }
}

}  // namespace

void SaveOrRestoreInput(StateArchive& archive, const std::string& name, int input,
                        ScatteringSpectrum& spectrum, ScatteringRun& run,
                        std::vector<DftBlock>& fields) {
  archive.Value(name + "/launch_error", spectrum.modes[input].launch_error);
  SaveOrRestoreColumns(archive, name + "/s", input, spectrum.s);
  SaveOrRestoreColumns(archive, name + "/incoming", input, spectrum.incoming);
  SaveOrRestorePower(archive, name + "/power", input, spectrum.power);
  SaveOrRestore(archive, name + "/end", run.end);
  SaveOrRestore(archive, name + "/work", run.work);
  for (size_t box = 0; box < fields.size(); ++box) {
    SaveOrRestore(archive, name + "/fields/" + std::to_string(box), fields[box]);
  }
}

}  // namespace symwave::solvers::fdtd
