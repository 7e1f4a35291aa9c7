#include "jobs/simulate/time/monitors.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/checks/diffraction_check.hpp"
#include "jobs/checks/far_field_check.hpp"
#include "jobs/device/places.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/time/diffraction_results.hpp"
#include "jobs/simulate/time/far_field_results.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/power_balance.hpp"
#include "jobs/simulate/time/resonances.hpp"
#include "jobs/simulate/time/results.hpp"
#include "jobs/simulate/time/views.hpp"
#include "solvers/fdtd/resonance.hpp"
#include "solvers/fdtd/saved_state.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;
using solvers::fdtd::DftBlock;
using solvers::fdtd::Resonance;

std::vector<Component> AllComponents(const domain::Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

std::vector<double> OmegasOf(const std::vector<double>& wavelengths) {
  std::vector<double> omegas;
  for (const double wavelength : wavelengths) omegas.push_back(2 * M_PI / wavelength);
  return omegas;
}

/// Spectra over wavelength and angle (none for beams), at most eleven rows.
void PrintSpectra(const std::string& title, const std::vector<double>& wavelengths,
                  const std::vector<double>& angles, const NamedSpectra& shares) {
  if (shares.empty()) return;
  std::string names;
  for (const auto& [name, values] : shares) names += fmt::format(" {:>12}", name);
  base::Info("{}:", title);
  const std::string angle = angles.empty() ? "" : fmt::format(" {:>10}", "angle deg");
  base::Info("  {:>13}{}{}", "wavelength um", angle, names);
  const size_t stride = (wavelengths.size() + 10) / 11;
  for (size_t w = 0; w < wavelengths.size(); w += stride) {
    std::string row = angles.empty() ? "" : fmt::format(" {:>10.3f}", angles[w]);
    for (const auto& [name, values] : shares) row += fmt::format(" {:>12.5f}", values[w]);
    base::Info("  {:>13.4f}{}", wavelengths[w], row);
  }
}

std::vector<double> Over(std::vector<double> values, const std::vector<double>& by) {
  for (size_t w = 0; w < values.size(); ++w) values[w] /= by[w];
  return values;
}

/// Sums of |a - b|^2 and |b|^2 where both are numbers.
std::array<double, 2> Difference(const DftBlock& a, const DftBlock& b) {
  std::array<double, 2> sums{0, 0};
  for (size_t k = 0; k < b.values.size(); ++k) {
    if (!std::isfinite(std::norm(b.values[k]))) continue;
    sums[0] += std::norm(a.values[k] - b.values[k]);
    sums[1] += std::norm(b.values[k]);
  }
  return sums;
}

}  // namespace

/// Places one monitor on the engine.
struct Monitors::Placing {
  Monitors& self;
  const deck::MonitorOptions& monitor;
  const std::string& name = monitor.name;

  void operator()(const deck::DftMonitorOptions& given) const {
    const auto& lattice = self.problem_.lattice;
    Dft dft;
    dft.name = name;
    dft.box = device::NodesOf(lattice, device::ExtentOf(self.options_, given.centre, given.size));
    dft.wavelengths = given.wavelengths.empty()
                          ? std::vector<double>{self.options_.MiddleWavelength()}
                          : given.wavelengths;
    const std::vector<Component> components =
        given.components.empty() ? AllComponents(lattice) : given.components;
    dft.parts = self.PartsOf(dft.box, components);
    for (const domain::IndexBox& part : dft.parts) {
      dft.numbers.push_back(self.engine_.AddDft(
          {part, components, OmegasOf(dft.wavelengths), self.window_.every, self.window_.first}));
    }
    self.transforms_.push_back(std::move(dft));
  }

  void operator()(const deck::FluxMonitorOptions& given) const {
    const auto& lattice = self.problem_.lattice;
    const device::Extent extent = device::PowerExtentOf(self.options_, given.centre, given.size);
    const auto flat = std::find(given.size.begin(), given.size.end(), 0.0);
    const std::vector<solvers::fdtd::Face> faces =
        flat == given.size.end()
            ? solvers::fdtd::BoxFacesThrough(lattice, extent.centre, extent.size)
            : solvers::fdtd::FacesThrough(lattice, static_cast<int>(flat - given.size.begin()),
                                          extent.centre, extent.size);
    self.fluxes_.push_back({name, extent.mirror_copies, flat == given.size.end(),
                            solvers::fdtd::FluxMonitor(self.engine_, faces, self.omegas_,
                                                       self.window_.every, self.window_.first)});
  }

  void operator()(const deck::ProbeOptions& given) const {
    device::RequireInside(self.problem_.lattice, given.at, "the probe");
    const auto point = device::NearestPoint(self.problem_.lattice, given.component, given.at);
    self.probes_.push_back({name, self.engine_.AddProbe(given.component, point), given.resonances});
  }

  void operator()(const deck::FarFieldOptions& given) const {
    const device::Extent extent = device::ExtentOf(self.options_, given.centre, given.size);
    const auto faces = solvers::fdtd::BoxFacesAt(self.problem_.lattice, extent.centre, extent.size);
    self.far_fields_.push_back(
        {name, given,
         solvers::fdtd::NearToFar(self.engine_, faces, self.omegas_,
                                  checks::OutsideOf(self.options_, self.problem_, monitor),
                                  self.window_.every, self.window_.first)});
  }

  void operator()(const deck::DiffractionOptions& given) const {
    const solvers::fdtd::Face face =
        checks::DiffractionFace(self.options_, self.problem_.lattice, given);
    self.diffraction_.push_back(
        {name, solvers::fdtd::DiffractionOrders(
                   self.engine_, face, given.centre[static_cast<size_t>(face.normal)], self.omegas_,
                   checks::DiffractionMedium(self.options_, self.problem_, monitor),
                   self.window_.every, self.window_.first)});
  }
};

Monitors::Monitors(solvers::fdtd::Engine& engine, const deck::SimulateOptions& options,
                   const device::TimeDomainProblem& problem)
    : engine_(engine),
      options_(options),
      problem_(problem),
      omegas_(OmegasOf(options.wavelengths)),
      window_(device::WindowOf(options, problem)) {
  for (const deck::MonitorOptions& monitor : options.monitors) {
    deck::AtPlace(monitor.where, [&] { std::visit(Placing{*this, monitor}, monitor.what); });
  }
}

std::vector<Monitors::HalfWindow> Monitors::ToCompare() const {
  std::vector<HalfWindow> halves;
  const auto add = [&](const std::string& name, const std::vector<solvers::fdtd::FaceFields>& of) {
    halves.push_back({name, {}, {}});
    for (const auto& face : of) {
      for (const int number : face.Transforms()) halves.back().numbers.push_back(number);
    }
  };
  for (const Flux& flux : fluxes_) add(flux.name, flux.monitor.Faces());
  for (const Far& far : far_fields_) add(far.name, far.transform.Faces());
  for (const Orders& orders : diffraction_) add(orders.name, orders.orders.Faces());
  if (!halves.empty()) return halves;
  for (const Dft& dft : transforms_) halves.push_back({dft.name, dft.numbers, {}});
  return halves;
}

void Monitors::KeepHalf(const std::function<Complex(double)>& spectrum) {
  halves_ = ToCompare();
  for (HalfWindow& half : halves_) {
    for (const int number : half.numbers) half.blocks.push_back(Normalised(number, spectrum));
  }
}

void Monitors::SaveOrRestoreHalves(base::StateArchive& archive) {
  if (archive.Restoring()) halves_ = ToCompare();
  for (HalfWindow& half : halves_) {
    for (size_t n = 0; n < half.numbers.size(); ++n) {
      if (archive.Restoring()) half.blocks.push_back(engine_.Dft(half.numbers[n]));
      SaveOrRestore(archive, fmt::format("half/{}/{}", half.name, half.numbers[n]), half.blocks[n]);
    }
  }
}

double Monitors::ChangeBetweenHalves(const MonitoredRun& run) const {
  double largest = 0;
  std::string name;
  for (const HalfWindow& half : halves_) {
    std::array<double, 2> sums{0, 0};
    for (size_t n = 0; n < half.numbers.size(); ++n) {
      const auto of = Difference(half.blocks[n], Normalised(half.numbers[n], run.spectrum));
      for (int k = 0; k < 2; ++k) sums[k] += of[k];
    }
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_DOUBLE, MPI_SUM, engine_.Comm()));
    // The whole is the mean of both halves.
    const double change = sums[1] > 0 ? 2 * std::sqrt(sums[0] / sums[1]) : 0;
    if (change <= largest) continue;
    largest = change;
    name = half.name;
  }
  if (largest > kStationary) {
    base::Warn(
        "the continuous wave is not stationary: at monitor {} the fields of the third and the last "
        "quarter of the run differ by {:.1g} of their size; make solver.stop.max_time larger",
        name, largest);
  }
  return largest;
}

std::array<double, 3> Monitors::MiddleOf(const domain::IndexBox& box) const {
  std::array<double, 3> middle{};
  for (int axis = 0; axis < 3; ++axis) {
    middle[axis] = problem_.lattice.Node(axis, (box.lo[axis] + box.hi[axis]) / 2);
  }
  return middle;
}

std::vector<domain::IndexBox> Monitors::PartsOf(const domain::IndexBox& box,
                                                const std::vector<Component>& components) const {
  if (options_.output.fields) return {RecordedFor(problem_.lattice, box, components)};
  // Runs of ports show their own fields.
  if (options_.sources.empty() || !transforms_.empty()) return {};
  return ViewBoxes(problem_.lattice, box, MiddleOf(box));
}

std::vector<double> Monitors::Gains(const MonitoredRun& run) const {
  std::vector<double> gains;
  for (const double omega : omegas_) gains.push_back(1 / std::norm(run.spectrum(omega)));
  return gains;
}

void Monitors::WriteFluxes(io::Hdf5File& file, const MonitoredRun& run,
                           nlohmann::ordered_json& summary) const {
  base::FaultPoint("monitors/fluxes");
  const std::vector<double> gains = Gains(run);
  const std::string unit = problem_.lattice.TwoDimensional() ? "um" : "um^2";
  NamedSpectra shares, sections;
  for (const Flux& flux : fluxes_) {
    std::vector<double> power = flux.monitor.Spectrum();
    for (size_t w = 0; w < power.size(); ++w)
      power[w] *= flux.mirror_copies / run.mirror_copies * gains[w];
    const size_t middle = power.size() / 2;
    const std::string group = run.group + "/flux/" + flux.name;
    file.Write(group + "/power", power, {}, {"1", "per wavelength, over " + run.unit});
    summary["flux"][flux.name] = power[middle];
    base::Info("flux {:<16} {:.6g} at {:.4f} um", flux.name, power[middle],
               options_.MiddleWavelength());
    if (!run.incidence.power.empty()) {
      const std::vector<double> share = Over(power, run.incidence.power);
      file.Write(group + "/share", share, {}, {"1", "per wavelength, over /source/power"});
      summary["share"][flux.name] = share[middle];
      shares.emplace_back(flux.name, share);
    } else if (flux.box && options_.sources.size() == 1 && !run.incidence.intensity.empty()) {
      const std::vector<double> section = Over(power, run.incidence.intensity);
      file.Write(group + "/cross_section", section, {},
                 {unit, "per wavelength, power out of the box over /source/intensity"});
      summary["cross_section"][flux.name] = section[middle];
      sections.emplace_back(flux.name, section);
    }
  }
  const std::vector<double>& angles = run.incidence.angle;
  PrintSpectra("share of the incident power", options_.wavelengths, angles, shares);
  PrintSpectra("cross-section in " + unit, options_.wavelengths, angles, sections);
  WritePowerBalance(file, options_, problem_, shares, summary);
}

void Monitors::WriteProbe(io::Hdf5File& file, const MonitoredRun& run, const Probe& probe) const {
  base::FaultPoint("monitors/probe");
  const std::string group = run.group + "/probe/" + probe.name;
  file.Write(group + "/value", engine_.Probe(probe.number), {}, {"1", "after every step"});
  file.WriteAttribute(group, "time_step", engine_.TimeStep());
}

void Monitors::WriteResonances(io::Hdf5File& file, const MonitoredRun& run, const Probe& probe,
                               nlohmann::ordered_json& summary) const {
  summary["resonances"][probe.name] = nlohmann::ordered_json::array();
  const std::vector<double> record = engine_.Probe(probe.number);
  const auto begin = std::min<size_t>(std::max(0L, run.source_end), record.size());
  const std::vector<double> ringing(record.begin() + static_cast<long>(begin), record.end());
  const auto [shortest, longest] =
      std::minmax_element(options_.wavelengths.begin(), options_.wavelengths.end());
  std::vector<Resonance> resonances;
  base::AgreeOnFailure(engine_.Comm(), [&] {
    resonances =
        solvers::fdtd::FindResonances(ringing, engine_.TimeStep(), 1 / *longest, 1 / *shortest);
  });
  summary["resonances"][probe.name] = ResonanceTable(resonances);
  WarnOfResonances(probe.name, ringing, resonances);
  time::WriteResonances(file, run.group + "/resonances/" + probe.name, probe.name, resonances);
}

DftBlock Monitors::Normalised(int number, const std::function<Complex(double)>& spectrum) const {
  DftBlock block = engine_.Dft(number);
  const auto count = static_cast<size_t>(block.box.Count());
  for (size_t row = 0; row < block.components.size() * block.omegas.size(); ++row) {
    const Complex over = spectrum(block.omegas[row % block.omegas.size()]);
    for (size_t k = 0; k < count; ++k) block.values[row * count + k] /= over;
  }
  return block;
}

void Monitors::WriteSpectra(io::Hdf5File& file, const MonitoredRun& run,
                            nlohmann::ordered_json& summary, run::Evaluation& evaluation) const {
  evaluation.Try("evaluating the fluxes", [&] { WriteFluxes(file, run, summary); });
  for (const Probe& probe : probes_) {
    const std::string name = "probe " + probe.name;
    evaluation.Try(name, [&] { WriteProbe(file, run, probe); });
    if (!probe.resonances) continue;
    evaluation.Try(name + ": resonances", [&] { WriteResonances(file, run, probe, summary); });
  }
  for (const Far& far : far_fields_) {
    evaluation.Try("far field " + far.name, [&] {
      WriteFarField(file, run.group + "/far_field/" + far.name, far.name, far.options,
                    far.transform, problem_.lattice, run.spectrum, summary["far_field"][far.name]);
    });
  }
  for (const Orders& of : diffraction_) {
    evaluation.Try("diffraction orders " + of.name, [&] {
      WriteDiffraction(file, run.group + "/diffraction/" + of.name, of.name, of.orders,
                       problem_.lattice.TwoDimensional(), run.spectrum, run.incidence,
                       summary["diffraction"][of.name]);
    });
  }
}

void Monitors::WriteFields(io::Hdf5File& file, const std::string& directory,
                           const MonitoredRun& run, run::Evaluation& evaluation) const {
  bool shown = !run.views;
  for (const Dft& dft : transforms_) {
    std::vector<DftBlock> blocks;
    for (const int number : dft.numbers) blocks.push_back(Normalised(number, run.spectrum));
    if (!shown) {
      const auto number = static_cast<int>(dft.wavelengths.size() / 2);
      std::vector<DftBlock> seen;
      for (const DftBlock& block : blocks) seen.push_back(Cropped(block, dft.box));
      evaluation.Try("the pictures of monitor " + dft.name,
                     [&] { WriteViews(file, problem_, {seen}, number, MiddleOf(dft.box)); });
      shown = true;
    }
    for (size_t w = 0; w < dft.wavelengths.size() && options_.output.fields; ++w) {
      const std::string suffix =
          dft.wavelengths.size() == 1 ? "" : fmt::format("_{:.4f}um", dft.wavelengths[w]);
      evaluation.Try("the field file of monitor " + dft.name, [&] {
        WriteFieldBlock(engine_.Comm(), directory + "/field_" + run.prefix + dft.name + suffix,
                        problem_, dft.box, blocks.front(), static_cast<int>(w));
      });
    }
  }
}

}  // namespace symwave::jobs::simulate::time
