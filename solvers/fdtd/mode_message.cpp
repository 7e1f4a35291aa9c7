#include "solvers/fdtd/mode_message.hpp"

namespace symwave::solvers::fdtd {

using modes::WaveguideMode;

namespace {

/// `visit` of every part of a mode but its fields, and `visit_field` of those, in the order of the
/// message.
template <class Mode, class Visit, class VisitField>
void ForEachPart(Mode& mode, Visit&& visit, VisitField&& visit_field) {
  visit(mode.plane);
  visit(mode.cell);
  visit(mode.beta);
  visit(mode.n_eff);
  visit(mode.guided);
  visit(mode.edge_index);
  visit(mode.edge);
  visit(mode.group_index);
  visit(mode.te_fraction);
  visit(mode.effective_area);
  for (auto* field : {&mode.e_u, &mode.e_v, &mode.e_n, &mode.h_u, &mode.h_v, &mode.h_n}) {
    visit_field(*field);
  }
}

}  // namespace

void Pack(const WaveguideMode& mode, bool fields, base::Packer& packer) {
  ForEachPart(
      mode, [&](const auto& part) { packer.Add(part); },
      [&](const auto& field) { packer.Add(fields ? field : std::vector<modes::Complex>()); });
}

WaveguideMode UnpackMode(base::Unpacker& packed) {
  WaveguideMode mode;
  const auto take = [&](auto& part) { packed.Take(part); };
  ForEachPart(mode, take, take);
  return mode;
}

void Pack(const ModeSpectrum::Solution& solution, bool fields, base::Packer& packer) {
  packer.Add(solution.interpolated);
  packer.Add(solution.interpolation_error);
  packer.Add(solution.at);
  for (const auto* doubts : {&solution.chosen_doubts, &solution.followed_doubts}) {
    packer.Add(doubts->size());
    for (const std::string& sentence : *doubts) packer.Add(sentence);
  }
  for (const auto& modes : solution.modes) {
    packer.Add(modes.size());
    for (const WaveguideMode& mode : modes) Pack(mode, fields, packer);
  }
}

ModeSpectrum::Solution UnpackSolution(base::Unpacker& packed) {
  ModeSpectrum::Solution solution;
  packed.Take(solution.interpolated);
  packed.Take(solution.interpolation_error);
  packed.Take(solution.at);
  for (auto* doubts : {&solution.chosen_doubts, &solution.followed_doubts}) {
    size_t count = 0;
    packed.Take(count);
    doubts->resize(count);
    for (std::string& sentence : *doubts) packed.Take(sentence);
  }
  solution.modes.resize(solution.at.size());
  for (auto& modes : solution.modes) {
    size_t count = 0;
    packed.Take(count);
    for (size_t m = 0; m < count; ++m) modes.push_back(UnpackMode(packed));
  }
  return solution;
}

}  // namespace symwave::solvers::fdtd
