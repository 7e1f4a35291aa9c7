#include "solvers/modes/cross_section.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "domain/base/count.hpp"
#include "domain/base/random.hpp"
#include "solvers/modes/profile_sign.hpp"
#include "solvers/petsc_handle.hpp"

namespace symwave::solvers::modes {

namespace {

using base::Petsc;

/// Largest real beta / alpha of the line: no mode has a larger n_eff^2.
double LargestIndexSquared(const CrossSection& line) {
  double largest = 0;
  for (size_t j = 0; j < line.beta.size(); ++j) {
    largest = std::max(largest, (line.beta[j] / line.alpha_along[j]).real());
  }
  return largest;
}

/// D^-1/2 L D^-1/2 with D = alpha s w and L = d_t alpha d_t + w^2 beta, both integrated over cells.
MatHandle SymmetricPencil(const CrossSection& line, double omega,
                          const std::vector<Complex>& sqrt_weight) {
  const PetscInt m = base::CheckedCast<PetscInt>(line.width.size(), "cells of a port");
  MatHandle matrix;
  Petsc(MatCreateSeqAIJ(PETSC_COMM_SELF, m, m, 3, nullptr, matrix.Out()));
  const auto flux = [&](PetscInt f) {
    const double wall = f == 0 ? line.wall_begin : f == m ? line.wall_end : 1.0;
    return wall * line.alpha_across[f] / (line.stretch_face[f] * line.spacing[f]);
  };
  for (PetscInt j = 0; j < m; ++j) {
    const Complex mass = omega * omega * line.beta[j] * line.stretch_centre[j] * line.width[j];
    const Complex diagonal = mass - flux(j) - flux(j + 1);
    Petsc(MatSetValue(matrix, j, j, diagonal / (sqrt_weight[j] * sqrt_weight[j]), INSERT_VALUES));
    if (j + 1 == m) continue;
    const Complex off = flux(j + 1) / (sqrt_weight[j] * sqrt_weight[j + 1]);
    Petsc(MatSetValue(matrix, j, j + 1, off, INSERT_VALUES));
    Petsc(MatSetValue(matrix, j + 1, j, off, INSERT_VALUES));
  }
  Petsc(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  Petsc(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
  return matrix;
}

struct EigenPair {
  Complex value;
  std::vector<Complex> vector;
};

std::vector<EigenPair> NearestEigenPairs(Mat matrix, Complex target, int count) {
  EpsHandle eps;
  Petsc(EPSCreate(PETSC_COMM_SELF, eps.Out()));
  Petsc(EPSSetOperators(eps, matrix, nullptr));
  Petsc(EPSSetProblemType(eps, EPS_NHEP));
  PetscInt m = 0;
  Petsc(MatGetSize(matrix, &m, nullptr));
  const PetscInt wanted = std::min<PetscInt>(count, m);
  Petsc(EPSSetDimensions(eps, wanted, std::min<PetscInt>(m, 2 * wanted + 20), PETSC_DEFAULT));
  Petsc(EPSSetTarget(eps, target));
  Petsc(EPSSetWhichEigenpairs(eps, EPS_TARGET_MAGNITUDE));
  Petsc(EPSSetTolerances(eps, 1e-13, 500));
  ST st = nullptr;
  Petsc(EPSGetST(eps, &st));
  Petsc(STSetType(st, STSINVERT));
  // A fixed start vector: the same answer on every rank and in every run.
  VecHandle start, vector;
  Petsc(MatCreateVecs(matrix, start.Out(), vector.Out()));
  for (PetscInt j = 0; j < m; ++j) {
    Petsc(VecSetValue(start, j, 1.0 + 0.37 * std::cos(2.1 * j) + 0.11 * j / m, INSERT_VALUES));
  }
  Vec initial = start;
  Petsc(EPSSetInitialSpace(eps, 1, &initial));
  Petsc(EPSSolve(eps));

  PetscInt converged = 0;
  Petsc(EPSGetConverged(eps, &converged));
  std::vector<EigenPair> pairs;
  for (PetscInt k = 0; k < std::min(converged, wanted); ++k) {
    EigenPair pair;
    PetscScalar value = 0;
    Petsc(EPSGetEigenpair(eps, k, &value, nullptr, vector, nullptr));
    pair.value = value;
    const PetscScalar* entries = nullptr;
    Petsc(VecGetArrayRead(vector, &entries));
    pair.vector.assign(entries, entries + m);
    Petsc(VecRestoreArrayRead(vector, &entries));
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

/// Share of |u|^2 inside the PML across.
double ShareInPml(const CrossSection& line, const std::vector<Complex>& vector) {
  double inside = 0;
  double all = 0;
  for (size_t j = 0; j < vector.size(); ++j) {
    all += std::norm(vector[j]);
    if (line.stretch_centre[j] != Complex(1.0)) inside += std::norm(vector[j]);
  }
  return inside / all;
}

bool HasPml(const CrossSection& line) {
  return std::any_of(line.stretch_centre.begin(), line.stretch_centre.end(),
                     [](Complex s) { return s != Complex(1.0); });
}

/// Guided: held by walls, or evanescent in the medium at every open end.
bool IsGuided(const CrossSection& line, Complex kappa2, double omega) {
  const auto held = [&](bool open, size_t j) {
    if (!open) return kappa2.real() > 0;
    const double edge = (line.beta[j] / line.alpha_along[j]).real();
    return kappa2.real() > omega * omega * edge;
  };
  return held(line.open_begin, 0) && held(line.open_end, line.beta.size() - 1);
}

Mode MakeMode(const CrossSection& line, const EigenPair& pair, double omega, double h,
              const std::vector<Complex>& sqrt_weight) {
  Mode mode;
  Complex kappa = std::sqrt(pair.value);
  // Of a wave without loss the sign of the imaginary part is rounding.
  if (kappa.imag() < 0 && -kappa.imag() > kappa.real()) kappa = -kappa;
  mode.wave_number = 2.0 / h * std::asin(0.5 * h * kappa);
  mode.n_eff = mode.wave_number / omega;
  mode.flux_factor = std::sin(mode.wave_number * h) / h;
  mode.core_index = std::sqrt(LargestIndexSquared(line));
  mode.guided = IsGuided(line, pair.value, omega);

  Complex norm = 0;
  for (const Complex& v : pair.vector) norm += v * v;
  const Complex scale = 1.0 / std::sqrt(norm * mode.flux_factor / (2.0 * omega));
  for (size_t j = 0; j < pair.vector.size(); ++j) {
    mode.profile.push_back(scale * pair.vector[j] / sqrt_weight[j]);
  }
  const double sign = SignOfProfile(mode.profile);
  for (Complex& value : mode.profile) value *= sign;
  return mode;
}

}  // namespace

std::vector<Mode> SolveCrossSection(const CrossSection& line, double omega, double h, int count) {
  std::vector<Complex> sqrt_weight;
  for (size_t j = 0; j < line.width.size(); ++j) {
    sqrt_weight.push_back(std::sqrt(line.alpha_along[j] * line.stretch_centre[j] * line.width[j]));
  }
  const MatHandle matrix = SymmetricPencil(line, omega, sqrt_weight);
  const double target = omega * omega * LargestIndexSquared(line) * 1.001 + 1e-6;
  // A PML has modes of its own; they are found among the others and left out.
  const int searched = HasPml(line) ? 6 * count + 40 : count;
  std::vector<EigenPair> pairs = NearestEigenPairs(matrix, target, searched);
  pairs.erase(
      std::remove_if(pairs.begin(), pairs.end(),
                     [&](const EigenPair& pair) { return ShareInPml(line, pair.vector) > 0.5; }),
      pairs.end());
  std::sort(pairs.begin(), pairs.end(),
            [](const EigenPair& a, const EigenPair& b) { return a.value.real() > b.value.real(); });
  std::vector<Mode> modes;
  for (const EigenPair& pair : pairs) {
    if (static_cast<int>(modes.size()) == count) break;
    modes.push_back(MakeMode(line, pair, omega, h, sqrt_weight));
  }
  return modes;
}

CrossSectionModes::Key CrossSectionModes::KeyOf(const CrossSection& line, double omega, double h,
                                                int count) {
  Key key{1, 2};
  const auto add = [&key](double value) {
    std::uint64_t bits = 0;
    value += 0.0;  // one zero
    std::memcpy(&bits, &value, sizeof(bits));
    for (std::uint64_t k = 0; k < 2; ++k) key[k] = base::MixSeed(key[k] ^ bits, k + 1);
  };
  for (const double number : {omega, h, double(count), line.wall_begin, line.wall_end,
                              double(line.open_begin), double(line.open_end)}) {
    add(number);
  }
  const auto add_all = [&add](const auto& values) {
    add(static_cast<double>(values.size()));
    for (const Complex value : values) {
      add(value.real());
      add(value.imag());
    }
  };
  add_all(line.width);
  add_all(line.spacing);
  add_all(line.stretch_centre);
  add_all(line.stretch_face);
  add_all(line.beta);
  add_all(line.alpha_along);
  add_all(line.alpha_across);
  return key;
}

void CrossSectionModes::Add(const Key& key, std::vector<Mode> modes) {
  for (const Mode& mode : modes) values_ += mode.profile.size();
  known_[key] = std::move(modes);
}

void CrossSectionModes::Trim() {
  constexpr size_t kMostValues = 1 << 23;  // 128 MB, more than a band of many ports takes
  if (values_ <= kMostValues) return;
  known_.clear();
  values_ = 0;
}

const std::vector<Mode>& CrossSectionModes::Solve(const CrossSection& line, double omega, double h,
                                                  int count) {
  const Key key = KeyOf(line, omega, h, count);
  if (!Has(key)) {
    Add(key, SolveCrossSection(line, omega, h, count));
    ++solved_;
  }
  return known_.at(key);
}

}  // namespace symwave::solvers::modes
