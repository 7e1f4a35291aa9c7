// What a run in time domain shows of its fields while it goes on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jobs/device/time_domain_problem.hpp"
#include "jobs/run/run_context.hpp"
#include "solvers/fdtd/scattering.hpp"

namespace symwave::jobs::simulate::time {

/// Fields on the nodes inside the PML: E at the step and H half a step before, as Ez, Hx ...; the
/// running transforms at the middle wavelength over the spectrum of what is launched, as Ez_re,
/// Ez_im, Ez_abs and abs (|E|, of H without E), which in runs of ports have the phase of the field
/// files only with the last frame; index and permittivity at this wavelength; ports. Nothing
/// is added to a run of which nobody takes fields. References must outlive the object; all members
/// are collective.
class TimeFrames {
 public:
  TimeFrames(run::RunContext& context, const deck::SimulateOptions& options,
             const device::TimeDomainProblem& problem);

  /// Spectrum of what is launched until a step, at the middle wavelength.
  using Spectrum = std::function<solvers::fdtd::Complex(long step)>;
  /// Before the steps of a run, with all else on the engine: from now on until End its fields are
  /// offered, on a mesh of this name.
  void Begin(solvers::fdtd::Engine& engine, const std::string& mesh, const std::string& of,
             Spectrum spectrum);
  /// After the last step; `over` as Spectrum gives it, exactly where it is known by now.
  void End(solvers::fdtd::Complex over);

  /// The components whose transforms the run at work takes for frames. After restoring they are
  /// taken on in the run that goes on, the first that begins, whoever wants them. UserError on
  /// every rank that names the key where the deck asks for another one, whose first steps are gone.
  void SaveOrRestore(base::StateArchive& archive);

  /// Lets a run pause where a frame is due.
  void Join(solvers::fdtd::RunControl& control);
  /// Begins and ends with the run of every input.
  void Join(solvers::fdtd::ScatteringOptions& options);

 private:
  struct Present {
    solvers::fdtd::Engine& engine;
    std::string mesh, of;
    Spectrum spectrum;
    int transform;  ///< its number, -1 without one
    domain::IndexBox mine;
  };
  std::string KeyThatTransforms(domain::Component component) const;
  std::vector<domain::Component> Transformed() const;
  std::vector<io::FieldFrame> Make(long step, const run::FieldRequest& asked);
  std::vector<double> ValuesOf(const std::string& name, const solvers::fdtd::DftBlock& transforms);
  /// 1 on the plane of the first port, 2 on that of the second ..., 0 elsewhere.
  std::vector<double> PortNumbers() const;
  const std::vector<float>& Medium(const std::string& name);

  run::RunContext& context_;
  const deck::SimulateOptions& options_;
  const device::TimeDomainProblem& problem_;
  domain::IndexBox nodes_;
  double omega_;
  std::optional<Present> present_;
  std::vector<domain::Component> transformed_;              ///< of the run at work
  std::optional<std::vector<domain::Component>> restored_;  ///< of the run that goes on
  std::optional<run::Frames::Scope> offer_;
  std::vector<float> index_, permittivity_;  ///< once somebody has asked for it
};

}  // namespace symwave::jobs::simulate::time
