#include "domain/mode_choice.hpp"

#include "domain/base/error.hpp"

namespace symwave::domain {

std::string ModeChoice::Text() const {
  const char* const kinds[] = {"", "TE", "TM"};
  return kinds[static_cast<int>(kind)] + std::to_string(order);
}

bool ParseModeChoice(const std::string& text, ModeChoice& choice) {
  ModeChoice read;
  if (text.compare(0, 2, "TE") == 0) read.kind = ModeChoice::Kind::TE;
  if (text.compare(0, 2, "TM") == 0) read.kind = ModeChoice::Kind::TM;
  const std::string digits = text.substr(read.Named() ? 2 : 0);
  if (digits.empty() || digits.size() > 2) return false;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
  read.order = std::stoi(digits);
  choice = read;
  return true;
}

std::string ModeName(const std::string& port, const ModeChoice& choice) {
  return choice == ModeChoice() ? port : port + "#" + choice.Text();
}

void RequirePossible(const Lattice& lattice, const std::vector<ModeChoice>& choices,
                     const std::string& who) {
  if (!lattice.TwoDimensional()) return;
  const bool along_z = lattice.Has(Component::Ez);
  for (const ModeChoice& choice : choices) {
    if (choice.Takes(along_z ? 0 : 1)) continue;
    base::Fail(
        "{} asks for mode {}, but E of grid.polarization: {} lies {} the plane, and modes of that "
        "are {}0, {}1 ... alone: write {}{} or {}, or grid.polarization: {}",
        who, choice.Text(), along_z ? "Ez" : "Hz", along_z ? "across" : "in", along_z ? "TM" : "TE",
        along_z ? "TM" : "TE", along_z ? "TM" : "TE", choice.order, choice.order,
        along_z ? "Hz" : "Ez");
  }
}

}  // namespace symwave::domain
