#include "training/chip/composed_chip.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "domain/base/communicator.hpp"
#include "domain/base/error.hpp"
#include "domain/base/fault_point.hpp"
#include "training/chip/chip_scale.hpp"

namespace symwave::training::chip {

using domain::kI;

namespace {

/// Largest phase that a command turns after it is wrapped, with some way to spare.
constexpr double kLargestDrive = 1.05 * M_PI;

/// Of |dn|, of some elements.
double LargestChange(const std::vector<int>& elements,
                     const std::vector<domain::Complex>& index_per_unit) {
  double largest = 0;
  for (const int e : elements) {
    largest = std::max(largest, kLargestDrive * std::abs(index_per_unit[static_cast<size_t>(e)]));
  }
  return largest;
}

/// Numbers of the elements of every cut, which is the nearest of those with elements.
std::vector<std::vector<int>> ElementsAt(const std::vector<Cut>& cuts,
                                         const std::vector<domain::Element>& elements) {
  std::vector<std::vector<int>> of_cut(cuts.size());
  for (size_t e = 0; e < elements.size(); ++e) {
    const auto x = elements[e].Extent(0);
    double least = std::numeric_limits<double>::infinity();
    size_t nearest = 0;
    for (size_t c = 0; c < cuts.size(); ++c) {
      const double off = std::abs(cuts[c].x - 0.5 * (x[0] + x[1]));
      if (!cuts[c].elements || !(off < least)) continue;
      least = off;
      nearest = c;
    }
    of_cut[nearest].push_back(static_cast<int>(e));
  }
  return of_cut;
}

}  // namespace

void RequireGuidedThrough(const solvers::FixedOptics& device, const std::vector<Cut>& cuts,
                          const std::vector<domain::Element>& elements) {
  const std::vector<domain::Complex> index_per_unit = IndexPerUnit(device, elements);
  const std::vector<std::vector<int>> of_cut = ElementsAt(cuts, elements);
  for (size_t c = 0; c < cuts.size(); ++c) {
    RequireGuided(device, cuts[c], elements, of_cut[c], LargestChange(of_cut[c], index_per_unit));
  }
}

ComposedChip::ComposedChip(const ChipOptions& options, const Composition& composition)
    : Chip(options), cuts_(composition.cuts) {
  base::FaultPoint("chip/device");
  for (size_t c = 0; c < cuts_.size(); ++c) {
    if (cuts_[c].elements) driven_.push_back(c);
  }
  mine_ = ElementsAt(cuts_, options_.elements);
  for (size_t c = 0; c < cuts_.size(); ++c) {
    phases_.emplace_back(options_.device, cuts_[c], options_.elements, mine_[c],
                         LargestChange(mine_[c], Chip::IndexPerUnit()));
  }
  const SolvedParts solved = SolveParts(options_, composition);
  effort_ = solved.effort;
  Assemble(composition.parts, solved.s);
}

void ComposedChip::Assemble(const std::vector<Part>& parts,
                            const std::vector<Eigen::MatrixXcd>& s) {
  const auto outer = static_cast<Eigen::Index>(options_.device.ports.size());
  Eigen::Index inner = 0;
  joints_.resize(cuts_.size());
  for (size_t c = 0; c < cuts_.size(); ++c) {
    joints_[c].resize(cuts_[c].guides.size());
    inner += 2 * static_cast<Eigen::Index>(joints_[c].size());
  }
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(outer + inner, outer + inner);
  int next = 0;  // of the internal ports
  for (size_t part = 0; part < s.size(); ++part) {
    const size_t column = parts[part].column;
    std::vector<Eigen::Index> rows(parts[part].ports.begin(), parts[part].ports.end());
    for (const int g : parts[part].left) {
      joints_[column - 1][static_cast<size_t>(g)].right = next;
      rows.push_back(outer + next++);
    }
    for (const int g : parts[part].right) {
      joints_[column][static_cast<size_t>(g)].left = next;
      rows.push_back(outer + next++);
    }
    for (size_t a = 0; a < rows.size(); ++a) {
      for (size_t b = 0; b < rows.size(); ++b) {
        all(rows[a], rows[b]) = s[part](static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
      }
    }
  }
  base::Require(next == inner, "every guide of a cut leads into a part on either side");
  outer_ = all.topLeftCorner(outer, outer);
  outward_ = all.topRightCorner(outer, inner);
  inward_ = all.bottomLeftCorner(inner, outer);
  inner_ = all.bottomRightCorner(inner, inner);
}

void ComposedChip::Program(const Eigen::VectorXd& commands) {
  base::FaultPoint("chip/program");
  base::Require(commands.size() == Elements(), "one value per command");
  const std::vector<Complex> all = IndexChanges(commands);
  Eigen::MatrixXcd lead = Eigen::MatrixXcd::Zero(inner_.rows(), inner_.cols());
  turns_.assign(cuts_.size(), {});
  for (size_t c = 0; c < cuts_.size(); ++c) {
    std::vector<Complex> changes;
    for (const int e : mine_[c]) changes.push_back(all[static_cast<size_t>(e)]);
    for (size_t g = 0; g < joints_[c].size(); ++g) {
      turns_[c].push_back(phases_[c].Of(g, changes));
      const Joint& joint = joints_[c][g];
      lead(joint.left, joint.right) = lead(joint.right, joint.left) = turns_[c][g].factor;
    }
  }
  const Eigen::MatrixXcd loops =
      Eigen::MatrixXcd::Identity(inner_.rows(), inner_.cols()) - inner_ * lead;
  waves_ = loops.partialPivLu().solve(inward_);
  s_ = outer_ + outward_ * lead * waves_;
}

/// A guide's light turns by `slope` of the command; of the K cuts with elements, rows of cut k of a
/// command stand where its mirror image has those of cut K - 1 - k.
Eigen::MatrixXcd ComposedChip::FieldsOf(size_t command, const Eigen::MatrixXcd& waves,
                                        Side side) const {
  if (base::Communicator::RankIn(Comm()) != 0) return Eigen::MatrixXcd(0, waves.cols());
  const Complex side_factor = side == Side::Input ? kI : -kI;
  std::vector<Eigen::MatrixXcd> of_cuts;
  for (const size_t c : driven_) {
    const auto guides = static_cast<Eigen::Index>(joints_[c].size());
    of_cuts.emplace_back(2 * guides, waves.cols());
    for (Eigen::Index g = 0; g < guides; ++g) {
      const Joint& joint = joints_[c][static_cast<size_t>(g)];
      const GuidePhases::Turn& turn = turns_[c][static_cast<size_t>(g)];
      Complex slope = 0;
      for (size_t m = 0; m < mine_[c].size(); ++m) {
        const auto e = static_cast<size_t>(mine_[c][m]);
        if (command_of_[e] == static_cast<int>(command)) slope += turn.slope[m] * IndexPerUnit(e);
      }
      // Odd parts carry the factors i and -i of the two sides (optical_system.hpp).
      const Complex even = std::sqrt(0.5 * kI * turn.factor * slope);
      of_cuts.back().row(2 * g) = even * (waves.row(joint.left) + waves.row(joint.right));
      of_cuts.back().row(2 * g + 1) =
          side_factor * kI * even * (waves.row(joint.left) - waves.row(joint.right));
    }
  }
  if (IsOwnImage(command)) {
    for (size_t c = 0; c < of_cuts.size() / 2; ++c) {
      Eigen::MatrixXcd &low = of_cuts[c], &high = of_cuts[of_cuts.size() - 1 - c];
      const Eigen::MatrixXcd even = M_SQRT1_2 * (low + high);
      high = side_factor * M_SQRT1_2 * (low - high);
      low = even;
    }
  } else if (images_[command] >= 0 && images_[command] < static_cast<int>(command)) {
    std::reverse(of_cuts.begin(), of_cuts.end());
  }
  Eigen::Index count = 0;
  for (const auto& rows : of_cuts) count += rows.rows();
  Eigen::MatrixXcd fields(count, waves.cols());
  count = 0;
  for (const auto& rows : of_cuts) {
    fields.middleRows(count, rows.rows()) = rows;
    count += rows.rows();
  }
  return fields;
}

Transmission ComposedChip::Transmit(const Eigen::MatrixXcd& launched, Side side) {
  base::FaultPoint("chip/transmit");
  const bool input = side == Side::Input;
  Eigen::MatrixXcd all = Eigen::MatrixXcd::Zero(s_.cols(), launched.cols());
  (input ? all.topRows(Inputs()) : all.bottomRows(Outputs())) = launched;
  const Eigen::MatrixXcd outgoing = s_ * all, waves = waves_ * all;
  Transmission result;
  result.outputs = input ? outgoing.bottomRows(Outputs()) : outgoing.topRows(Inputs());
  for (size_t c = 0; c < commands_.size(); ++c) {
    result.fields.push_back(FieldsOf(c, waves, side));
  }
  return result;
}

}  // namespace symwave::training::chip
