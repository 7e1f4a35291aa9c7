#include "jobs/simulate/time/monitors.hpp"

#include <algorithm>
#include <cmath>

#include "domain/base/fault_point.hpp"
#include "domain/base/log.hpp"
#include "jobs/device/waveforms.hpp"
#include "jobs/simulate/time/diffraction_results.hpp"
#include "jobs/simulate/time/far_field_results.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/placed_monitors.hpp"
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

/// Adds what one monitor records to the engine.
struct Monitors::Adding {
  Monitors& self;

  void operator()(const PlacedDft& dft) const {
    std::vector<int> numbers;
    for (const domain::IndexBox& part : dft.parts) {
      numbers.push_back(self.fields_.AddDft({part, dft.components, OmegasOf(dft.wavelengths),
                                             self.window_.every, self.window_.first}));
    }
    self.transforms_.push_back({dft.name, dft.box, numbers, dft.wavelengths});
  }

  void operator()(const PlacedFlux& flux) const {
    self.fluxes_.push_back({flux.name, flux.mirror_copies, flux.box,
                            solvers::fdtd::FluxMonitor(self.fields_, flux.faces, self.omegas_,
                                                       self.window_.every, self.window_.first)});
  }

  void operator()(const PlacedProbe& probe) const {
    const int number = self.engine_->AddProbe(probe.component, probe.point);
    self.probes_.push_back({probe.name, number, probe.resonances});
  }

  void operator()(const PlacedFarField& far) const {
    self.far_fields_.push_back(
        {far.name, far.options,
         solvers::fdtd::NearToFar(self.fields_, far.faces, self.omegas_, far.outside,
                                  self.window_.every, self.window_.first)});
  }

  void operator()(const PlacedDiffraction& of) const {
    self.diffraction_.push_back({of.name, solvers::fdtd::DiffractionOrders(
                                              self.fields_, of.face, of.plane, self.omegas_,
                                              of.medium, self.window_.every, self.window_.first)});
  }
};

Monitors::Monitors(solvers::fdtd::Engine& engine, const deck::SimulateOptions& options,
                   const device::TimeDomainProblem& problem)
    : fields_(engine),
      engine_(&engine),
      options_(options),
      problem_(problem),
      omegas_(OmegasOf(options.wavelengths)),
      window_(device::WindowOf(options, problem)) {
  Add();
}

Monitors::Monitors(solvers::yee::Transforms& fields, const deck::SimulateOptions& options,
                   const device::TimeDomainProblem& problem)
    : fields_(fields),
      engine_(nullptr),
      options_(options),
      problem_(problem),
      omegas_(OmegasOf(options.wavelengths)) {
  Add();
}

void Monitors::Add() {
  for (const PlacedMonitor& placed : PlaceMonitors(options_, problem_)) {
    std::visit(Adding{*this}, placed);
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
      if (archive.Restoring()) half.blocks.push_back(fields_.Dft(half.numbers[n]));
      solvers::fdtd::SaveOrRestore(archive, fmt::format("half/{}/{}", half.name, half.numbers[n]),
                                   half.blocks[n]);
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
    base::Mpi(MPI_Allreduce(MPI_IN_PLACE, sums.data(), 2, MPI_DOUBLE, MPI_SUM, fields_.Comm()));
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
  file.Write(group + "/value", engine_->Probe(probe.number), {}, {"1", "after every step"});
  file.WriteAttribute(group, "time_step", fields_.TimeStep());
}

void Monitors::WriteResonances(io::Hdf5File& file, const MonitoredRun& run, const Probe& probe,
                               nlohmann::ordered_json& summary) const {
  summary["resonances"][probe.name] = nlohmann::ordered_json::array();
  const std::vector<double> record = engine_->Probe(probe.number);
  const auto begin = std::min<size_t>(std::max(0L, run.source_end), record.size());
  const std::vector<double> ringing(record.begin() + static_cast<long>(begin), record.end());
  const auto band = std::minmax_element(options_.wavelengths.begin(), options_.wavelengths.end());
  std::vector<Resonance> resonances;
  base::AgreeOnFailure(fields_.Comm(), [&] {
    resonances = solvers::fdtd::FindResonances(ringing, fields_.TimeStep(), 1 / *band.second,
                                               1 / *band.first);
  });
  summary["resonances"][probe.name] = ResonanceTable(resonances);
  WarnOfResonances(probe.name, ringing, resonances);
  time::WriteResonances(file, run.group + "/resonances/" + probe.name, probe.name, resonances);
}

DftBlock Monitors::Normalised(int number, const std::function<Complex(double)>& spectrum) const {
  DftBlock block = fields_.Dft(number);
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
      evaluation.Try("the pictures of monitor " + dft.name, [&] {
        WriteViews(file, problem_, {seen}, number, MiddleOf(problem_.lattice, dft.box));
      });
      shown = true;
    }
    for (size_t w = 0; w < dft.wavelengths.size() && options_.output.MonitorFiles(); ++w) {
      const std::string suffix =
          dft.wavelengths.size() == 1 ? "" : fmt::format("_{:.4f}um", dft.wavelengths[w]);
      evaluation.Try("the field file of monitor " + dft.name, [&] {
        WriteFieldBlock(fields_.Comm(), directory + "/field_" + run.prefix + dft.name + suffix,
                        problem_, dft.box, blocks.front(), static_cast<int>(w));
      });
    }
  }
}

}  // namespace symwave::jobs::simulate::time
