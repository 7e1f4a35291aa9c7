#include "solvers/yee/scattering_judgement.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace symwave::solvers::yee {

namespace {

/// Power that may arrive at a port that is not driven: -40 dB, 1 % of amplitude in S.
constexpr double kArrival = 1e-4;
/// Difference from 1 of the amplitude that a driven port launches.
constexpr double kLaunch = 1e-2;
/// Error of a launched profile, in amplitude.
constexpr double kProfile = 1e-4;
/// Effective index below which a mode is called close to cut-off.
constexpr double kCutOff = 0.5;

/// What light still inside excuses.
double LeftOf(const ScatteringEvidence& evidence) {
  return std::min(evidence.left, kLargestLeft);
}

/// The largest value seen, and where.
struct Worst {
  double value = 0;
  size_t wavelength = 0;
  long in = 0, out = 0;

  void Consider(double candidate, size_t w, long input, long output = 0) {
    if (!(candidate > value)) return;
    value = candidate;
    wavelength = w;
    in = input;
    out = output;
  }
};

class Judge {
 public:
  explicit Judge(const ScatteringEvidence& evidence)
      : evidence_(evidence),
        limits_(LimitsOf(evidence)),
        modes_(static_cast<long>(evidence.modes.size())) {}

  std::vector<std::string> Sentences() {
    Sum();
    Radiation();
    Balance();
    Reciprocity();
    Profiles();
    for (long port = 0; port < modes_; ++port) Arrival(port);
    Launch();
    return std::move(found_);
  }

 private:
  std::string Name(long mode) const { return evidence_.modes[mode].name; }
  std::string Place(long mode) const {
    const std::string& where = evidence_.modes[mode].where;
    return where.empty() ? "" : where + ": ";
  }
  /// The cause that is known already: a sentence on one of these ports, or light still inside.
  std::string KnownCause(std::initializer_list<long> modes) const {
    for (const long mode : modes) {
      if (!evidence_.modes[mode].named) continue;
      return fmt::format("the cause to mend first is what was said of port '{}' before the run",
                         Name(mode));
    }
    if (evidence_.left <= kLargestLeft) return "";
    return fmt::format("{:.2g} of the amplitude was still inside when the run ended",
                       evidence_.left);
  }
  /// The cause to name: one that is known, what the run began with, a mode close to cut-off,
  /// another port that was named, or that of a sound run.
  std::string Cause(const Worst& worst, const std::string& otherwise) const {
    const std::string known = KnownCause({worst.in});
    const bool near_cut_off = !CutOff(worst.wavelength, worst.in).empty();
    if (!known.empty() && !near_cut_off) return known;  // else that was most likely what was said
    if (!evidence_.suspect.empty()) return evidence_.suspect;
    for (long mode = 0; mode < modes_; ++mode) {
      const std::string cut_off = CutOff(worst.wavelength, mode);
      if (!cut_off.empty()) return fmt::format("the mode of port '{}' {}", Name(mode), cut_off);
    }
    for (long mode = 0; mode < modes_; ++mode) {
      if (evidence_.modes[mode].named) return KnownCause({mode});
    }
    return otherwise;
  }
  std::string CutOff(size_t wavelength, long mode) const {
    const double n_eff = evidence_.n_eff[wavelength][mode].real();
    if (n_eff >= kCutOff) return "";
    return fmt::format(
        "is close to cut-off (effective index {:.2g}), which the PML hardly absorbs: end the band "
        "before it",
        n_eff);
  }
  double Wavelength(const Worst& worst) const { return evidence_.wavelengths[worst.wavelength]; }

  /// The largest `value(w, in)` over `wavelengths` and inputs.
  template <class Value>
  Worst WorstInput(size_t wavelengths, Value value) const {
    Worst worst;
    for (size_t w = 0; w < wavelengths; ++w) {
      for (long in = 0; in < modes_; ++in) worst.Consider(value(w, in), w, in);
    }
    return worst;
  }

  void Sum() {
    if (!evidence_.passive) return;
    const Worst worst = WorstInput(evidence_.s.size(), [&](size_t w, long in) {
      return evidence_.s[w].col(in).squaredNorm();
    });
    if (worst.value <= 1 + limits_.balance) return;
    found_.push_back(fmt::format(
        "{}S gives out {:.4f} times the power launched at '{}' (sum of |S|^2 at {:.4g} um), which "
        "no passive device does: {}",
        Place(worst.in), worst.value, Name(worst.in), Wavelength(worst),
        Cause(worst,
              "some of that light is counted twice or comes back from behind a port; do not use "
              "this S before the guides at its ports are uniform through the PML")));
  }

  void Radiation() {
    if (!evidence_.passive) return;
    const Worst worst = WorstInput(evidence_.power.size(), [&](size_t w, long in) {
      return -evidence_.power[w][in].radiated;
    });
    if (worst.value <= limits_.balance) return;
    found_.push_back(fmt::format(
        "{}negative radiation: {:.2g} of the power launched at '{}' flows into the device besides "
        "the port modes (at {:.4g} um): {}",
        Place(worst.in), worst.value, Name(worst.in), Wavelength(worst),
        Cause(worst,
              "light comes back from the PML or through a window that its mode does not describe; "
              "move the ports to where their guides are uniform, or the PML further away "
              "(grid.size)")));
  }

  /// Power that came in at ports that are not driven explains as much of a wrong balance.
  double Arrived(size_t w, long in) const {
    if (evidence_.incoming.empty()) return 0;
    return evidence_.incoming[w].col(in).squaredNorm() - std::norm(evidence_.incoming[w](in, in));
  }

  void Balance() {
    const Worst worst = WorstInput(evidence_.power.size(), [&](size_t w, long in) {
      const double error = evidence_.power[w][in].balance_error;
      return error - Arrived(w, in) > limits_.balance ? error : 0;
    });
    if (worst.value == 0) return;
    found_.push_back(fmt::format(
        "{}the energy balance is off by {:.2g} for light launched at '{}' (at {:.4g} um): S, "
        "radiated and absorbed power do not add up to 1: {}",
        Place(worst.in), worst.value, Name(worst.in), Wavelength(worst),
        Cause(worst,
              "the fields in the windows of the ports are not those of their modes; compare them "
              "in the field of this input (output.fields: true) and move the ports along their "
              "guides")));
  }

  void Reciprocity() {
    Worst defect, pair;
    for (size_t w = 0; w < evidence_.s.size(); ++w) {
      const Eigen::MatrixXcd& s = evidence_.s[w];
      defect.Consider((s - s.transpose()).norm() / s.norm(), w, 0);
    }
    if (defect.value <= limits_.reciprocity) return;
    const Eigen::MatrixXcd& s = evidence_.s[defect.wavelength];
    for (long in = 0; in < modes_; ++in) {
      for (long out = in + 1; out < modes_; ++out) {
        pair.Consider(std::abs(s(out, in) - s(in, out)), defect.wavelength, in, out);
      }
    }
    found_.push_back(fmt::format(
        "S is not reciprocal: |S - S^T| / |S| is {:.1e} at {:.4g} um, most between '{}' and '{}', "
        "where {:.0e} is allowed: {}",
        defect.value, Wavelength(defect), Name(pair.in), Name(pair.out), limits_.reciprocity,
        CauseOfDefect(defect, pair)));
  }

  /// Of the two causes that lie with the ports: light from behind one of them, which is measured,
  /// or a mode that is not the one of its guide.
  std::string CauseOfDefect(const Worst& defect, const Worst& pair) const {
    const std::string known = KnownCause({pair.in, pair.out});
    if (!known.empty()) return known;
    Worst back;
    if (!evidence_.incoming.empty()) {
      for (const long port : {pair.in, pair.out}) {
        for (long in = 0; in < modes_; ++in) {
          if (in == port) continue;
          back.Consider(std::abs(evidence_.incoming[defect.wavelength](port, in)),
                        defect.wavelength, in, port);
        }
      }
    }
    if (back.value > 0.5 * defect.value) {
      return fmt::format(
          "{:.1e} of the amplitude launched at '{}' comes back into the device from behind '{}'; "
          "let its guide run unchanged and straight through the PML, or make grid.pml thicker",
          back.value, Name(back.in), Name(back.out));
    }
    return "the window of one of them cuts its mode off or takes in a neighbour, or its guide "
           "changes between the port and the PML; make its span larger, move it to where its guide "
           "is uniform, or other guides further away";
  }

  /// Of the profiles that a source launches.
  void Profiles() {
    Worst worst;
    for (long mode = 0; mode < modes_; ++mode) {
      worst.Consider(evidence_.modes[mode].launch_error, 0, mode);
    }
    if (worst.value <= kProfile) return;
    found_.push_back(fmt::format(
        "{}the profile of mode '{}' changes more over the band than its launch follows (by {:.1g}, "
        "relative): as much of its amplitude is launched backwards and into other modes, and S is "
        "off by up to as much; run the band in parts",
        Place(worst.in), Name(worst.in), worst.value));
  }

  void Arrival(long port) {
    Worst worst;
    for (size_t w = 0; w < evidence_.incoming.size(); ++w) {
      for (long in = 0; in < modes_; ++in) {
        if (in != port) worst.Consider(std::norm(evidence_.incoming[w](port, in)), w, in);
      }
    }
    if (worst.value <= kArrival + std::pow(LeftOf(evidence_), 2)) return;
    found_.push_back(fmt::format(
        "{}port '{}' is not driven, yet {:.2g} of the power launched at '{}' comes in through it "
        "(at {:.4g} um){}",
        Place(port), Name(port), worst.value, Name(worst.in), Wavelength(worst),
        CauseOfArrival(port, worst)));
  }

  std::string CauseOfArrival(long port, const Worst& worst) const {
    const std::string known = KnownCause({port, worst.in});
    const std::string cut_off = CutOff(worst.wavelength, port);
    if (!known.empty() && cut_off.empty()) return ": " + known;
    if (evidence_.modes[port].side == evidence_.modes[worst.in].side) {
      return ", as its window takes in light of its neighbour: make the spans of both ports so "
             "narrow, or move their guides so far apart, that each window holds one guide";
    }
    const std::string back =
        ", sent back from behind the port and then counted as if the device had reflected it; ";
    if (!cut_off.empty()) return back + "its mode " + cut_off;
    return back + Cause(worst,
                        "let its guide run unchanged and straight to the end of the grid, or make "
                        "grid.pml thicker");
  }

  /// Of a source that radiates both ways what goes backwards must not return.
  void Launch() {
    const Worst worst = WorstInput(evidence_.incoming.size(), [&](size_t w, long in) {
      return std::abs(evidence_.incoming[w](in, in) - 1.0);
    });
    if (worst.value <= kLaunch) return;
    found_.push_back(fmt::format(
        "{}port '{}' launches {:.3g} instead of 1 (at {:.4g} um): what its source sends away from "
        "the device comes back from behind the port, and its column of S is off by as much; {}",
        Place(worst.in), Name(worst.in),
        std::abs(evidence_.incoming[worst.wavelength](worst.in, worst.in)), Wavelength(worst),
        Cause(worst,
              "let its guide run unchanged to the end of the grid, or make grid.pml thicker")));
  }

  const ScatteringEvidence& evidence_;
  ScatteringLimits limits_;
  long modes_;
  std::vector<std::string> found_;
};

}  // namespace

ScatteringLimits LimitsOf(const ScatteringEvidence& evidence) {
  double loss = 0;
  for (const auto& at_wavelength : evidence.n_eff) {
    for (const std::complex<double>& n : at_wavelength) {
      loss = std::max(loss, std::abs(n.imag() / n.real()));
    }
  }
  double reflected = 0;
  for (const Eigen::MatrixXcd& s : evidence.s) {
    reflected = std::max(reflected, s.diagonal().cwiseAbs().maxCoeff());
  }
  double launched = 0;
  for (const JudgedMode& mode : evidence.modes) launched = std::max(launched, mode.launch_error);
  return {1e-3 + 2 * LeftOf(evidence) + (0.2 + 2 * reflected) * loss,
          std::min(evidence.rounding + evidence.left + 2 * launched, 1e-2)};
}

std::vector<std::string> JudgeScattering(const ScatteringEvidence& evidence) {
  return Judge(evidence).Sentences();
}

}  // namespace symwave::solvers::yee
