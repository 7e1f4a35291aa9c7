#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

namespace {

using namespace symwave::io;
using base::Unit;
using domain::Component;

Type<Component> ComponentChoice() {
  std::vector<std::pair<std::string, Component>> names;
  for (int c = 0; c < 6; ++c) {
    const auto component = static_cast<Component>(c);
    names.emplace_back(domain::NameOf(component), component);
  }
  return Choice<Component>(names);
}

Type<std::vector<double>> Direction() {
  return ListOf(Real(Unit::One), 2, 3);
}
/// Extents of a box; 0 makes it flat along that axis.
Type<std::vector<double>> Extents() {
  return ListOf(Length(AtLeast(0)), 2, 3);
}

Section<WaveformOptions> WaveformSection() {
  return Section<WaveformOptions>("Course of a source in time.")
      .Key("kind", &WaveformOptions::kind,
           Choice<WaveformKind>({{"pulse", WaveformKind::Pulse}, {"cw", WaveformKind::Continuous}}),
           "Gaussian pulse, or a continuous wave that is switched on smoothly.")
      .Key("wavelength", &WaveformOptions::wavelength, Maybe(Wavelength()),
           "Vacuum wavelength of the carrier; left out: of the middle of the deck's frequencies, "
           "cw: "
           "of its wavelengths.")
      .Key("bandwidth", &WaveformOptions::bandwidth, Maybe(Real(Unit::One, {0, 2, true, true})),
           "Pulse: width of the spectrum over the carrier frequency; left out: the deck's "
           "wavelengths, at least 0.1.");
}

template <class G>
void AddSource(Variants<SourceOptions>& sources, const std::string& name, const Section<G>& own) {
  auto section =
      Section<SourceOptions>(own.Info()->sentence)
          .Embed(
              [](auto& source) -> auto& { return std::get<G>(source.what); }, own)
          .Key("amplitude", &SourceOptions::amplitude, ComplexNumber("[re, im]"),
               "Amplitude, |amplitude| from 1e-12 to 1e12.")
          .Key("waveform", &SourceOptions::waveform, WaveformSection().AsType(), "Course in time.")
          .Where(&SourceOptions::where);
  sources.Add(
      name, section, [](SourceOptions& source) { source.what = G{}; },
      [](const SourceOptions& source) { return std::holds_alternative<G>(source.what); });
}

template <class G>
void AddMonitor(Variants<MonitorOptions>& monitors, const std::string& name,
                const Section<G>& own) {
  auto section =
      Section<MonitorOptions>(own.Info()->sentence)
          .Key("name", &MonitorOptions::name, Text(), "Its name in the results.", Need::Required)
          .Embed(
              [](auto& monitor) -> auto& { return std::get<G>(monitor.what); }, own)
          .Where(&MonitorOptions::where);
  monitors.Add(
      name, section, [](MonitorOptions& monitor) { monitor.what = G{}; },
      [](const MonitorOptions& monitor) { return std::holds_alternative<G>(monitor.what); });
}

/// `centre` and `size` of a box.
template <class G>
Section<G> BoxOf(const std::string& sentence) {
  return Section<G>(sentence)
      .Key("centre", &G::centre, Position(), "Centre of the box.", Need::Required)
      .Key("size", &G::size, Extents(), "Its extent along the axes; 0 makes it flat.",
           Need::Required);
}

Section<LorentzOptions> LorentzSection() {
  return Section<LorentzOptions>("strength w0^2 / (w0^2 - w^2 - i damping w).")
      .Key("strength", &LorentzOptions::strength, Real(Unit::One),
           "Share of the static permittivity.", Need::Required)
      .Key("wavelength", &LorentzOptions::wavelength, Real(Unit::Wavelength, Positive()),
           "Vacuum wavelength of the resonance, w0 = 2 pi / wavelength.", Need::Required)
      .Key("damping", &LorentzOptions::damping, Real(Unit::InverseMicrometre), "Damping rate.");
}

Section<DrudeOptions> DrudeSection() {
  return Section<DrudeOptions>("-plasma^2 / (w^2 + i damping w).")
      .Key("plasma", &DrudeOptions::plasma, Real(Unit::InverseMicrometre, Positive()),
           "Plasma frequency.", Need::Required)
      .Key("damping", &DrudeOptions::damping, Real(Unit::InverseMicrometre), "Damping rate.");
}

Section<StopOptions> StopSection() {
  return Section<StopOptions>("When a run ends.")
      .Key("decay", &StopOptions::decay, Maybe(Real(Unit::One, {0, 1, true, true})),
           "Field energy left, over its largest value; left out: 1e-7, in a training 1e-14, whose "
           "gradients follow from it to the square root.")
      .Key(
          "max_time", &StopOptions::max_time, Real(Unit::Time, AtLeast(0)),
          "Latest end, way of light in vacuum; a continuous wave ends there. 0: when the energy no "
          "longer falls (by 0.1 dB over 10 times the pulse and two ways of light through the "
          "grid), at the latest after 1000 times these.");
}

Section<TimeDomainOptions> TimeDomainKeys() {
  return Section<TimeDomainOptions>("The leapfrog.")
      .Key("precision", &TimeDomainOptions::float64,
           Choice<bool>({{"float32", false}, {"float64", true}}),
           "Time domain: of the fields; steps of a training always take float64, the launch that "
           "compares a composed device with the whole float32.")
      .Key("courant", &TimeDomainOptions::courant, Maybe(Real(Unit::One, {0, 1, true, false})),
           "Time domain: step over the largest stable one in vacuum; left out: 0.95, less where a "
           "medium needs it.")
      .Key("block", &TimeDomainOptions::block, Integer<int>(0, 64),
           "Time domain: steps taken in one pass over the memory; 0: chosen by the program.")
      .Key("threads", &TimeDomainOptions::threads, Integer<int>(1, 1024),
           "Time domain: threads of each rank.")
      .Key("stop", &TimeDomainOptions::stop, StopSection().AsType(),
           "Time domain: when a run ends.");
}

Section<SolverOptions> SolverSection() {
  return Section<SolverOptions>("How Maxwell's equations are solved.")
      .Key("method", &SolverOptions::method,
           Choice<SolverMethod>({{"frequency_domain", SolverMethod::FrequencyDomain},
                                 {"time_domain", SolverMethod::TimeDomain}}),
           "Direct solution wavelength by wavelength (2D), or leapfrog in time.")
      .Key("factorization", &SolverOptions::factorization,
           Choice<Factorization>({{"ldlt", Factorization::Ldlt}, {"lu", Factorization::Lu}}),
           "Frequency domain: ldlt uses the symmetry and needs half the memory.")
      .Key("condensation", &SolverOptions::condensation, Bool(),
           "Eliminate the parts of a chip that training does not change once, exactly.")
      .Key("compose", &SolverOptions::compose, Bool(),
           "Solve the parts between the elements of a trained device once, and take a step from "
           "their S-matrices: what guides do not carry across is left out, and measured at start "
           "and end.")
      .Key("cuts", &SolverOptions::cuts, ListOf(Real(Unit::Micrometre)),
           "With compose: places along x, beside the middle of the elements, where all guides run "
           "straight along x and parts end: more and smaller parts take less time.")
      .Key("workspace", &SolverOptions::workspace, Integer<int>(0, 1000),
           "Frequency domain: memory above the solver's estimate, percent.")
      .Embed(&SolverOptions::time_domain, TimeDomainKeys())
      .Where(&SolverOptions::where);
}

}  // namespace

Section<PoleMaterial> PoleMaterialSection() {
  return Section<PoleMaterial>("epsilon + i conductivity / w + the sum of the poles.")
      .Key("epsilon", &PoleMaterial::epsilon, Real(Unit::One, Positive()),
           "Permittivity far above all resonances.")
      .Key("conductivity", &PoleMaterial::conductivity, Real(Unit::InverseMicrometre),
           "Conductivity over eps0 c.")
      .Key("lorentz", &PoleMaterial::lorentz, ListOf(LorentzSection().AsType()), "Resonances.")
      .Key("drude", &PoleMaterial::drude, ListOf(DrudeSection().AsType()), "Free charges.");
}

Variants<SourceOptions> SourceVariants() {
  Variants<SourceOptions> sources("type", "What drives the fields, beside the ports.");
  AddSource(sources, "dipole",
            Section<DipoleOptions>("Point current.")
                .Key("at", &DipoleOptions::at, Position(), "Where it is.", Need::Required)
                .Key("component", &DipoleOptions::component, ComponentChoice(),
                     "Component that it drives.", Need::Required));
  AddSource(sources, "plane_wave",
            BoxOf<PlaneWaveOptions>(
                "Plane wave in a box; outside is the scattered field alone. |E| is the amplitude, "
                "without phase at centre, at all wavelengths. Size 0 along the direction: launched "
                "in a plane across a periodic grid, oblique with grid.bloch.")
                .Key("direction", kSelf, AxisDirection<PlaneWaveOptions>(),
                     "Axis and sense of propagation.", Need::Required)
                .Key("polarization", &PlaneWaveOptions::polarization, OptionalList(Direction()),
                     "3D: direction of E, across the propagation; oblique waves turn it along."));
  AddSource(sources, "gaussian_beam",
            BoxOf<BeamOptions>("Gaussian beam, launched in a plane (one size is 0).")
                .Key("direction", &BeamOptions::direction, Direction(), "Direction of propagation.",
                     Need::Required)
                .Key("polarization", &BeamOptions::polarization, OptionalList(Direction()),
                     "3D: direction of E, across the propagation.")
                .Key("focus", &BeamOptions::focus, OptionalList(Position()),
                     "Where the waist is; left out: in the middle of the plane.")
                .Key("waist", &BeamOptions::waist, Length(Positive()),
                     "Radius of the waist, where the field is 1/e.", Need::Required));
  return sources;
}

Variants<MonitorOptions> MonitorVariants() {
  Variants<MonitorOptions> monitors("type", "What is recorded, beside the ports.");
  AddMonitor(monitors, "dft",
             BoxOf<DftMonitorOptions>(
                 "Fields at wavelengths, written as field files, on the nodes of the lattice.")
                 .Key("components", &DftMonitorOptions::components,
                      OptionalList(ListOf(ComponentChoice(), 1, 6)), "Left out: all.")
                 .Key("wavelength", &DftMonitorOptions::wavelengths, OptionalList(Wavelengths()),
                      "Left out: the middle one of the deck."));
  AddMonitor(
      monitors, "flux",
      BoxOf<FluxMonitorOptions>("Power spectrum through a plane (one size is 0), towards "
                                "larger coordinates, or out of a box; interpolated to the place "
                                "asked for."));
  AddMonitor(
      monitors, "probe",
      Section<ProbeOptions>("A field component over time.")
          .Key("at", &ProbeOptions::at, Position(),
               "Where; the nearest point of the component records, see the log.", Need::Required)
          .Key("component", &ProbeOptions::component, ComponentChoice(), "Component.",
               Need::Required)
          .Key("resonances", &ProbeOptions::resonances, Bool(),
               "Frequencies and quality factors by harmonic inversion, within the deck's "
               "wavelengths."));
  AddMonitor(monitors, "near_to_far",
             BoxOf<FarFieldOptions>("Far field radiated out of a box; outside may be layers across "
                                    "one axis, walls and mirror planes.")
                 .Key("angles", &FarFieldOptions::angles, Integer<int>(4, 3600),
                      "Directions around the z axis, the first along x.")
                 .Key("polar_angles", &FarFieldOptions::polar_angles, Integer<int>(2, 1801),
                      "3D: angles from the z axis, 0 to 180 degrees."));
  AddMonitor(
      monitors, "diffraction",
      BoxOf<DiffractionOptions>("Orders of a periodic grid on a plane across it (one size is "
                                "0): angle, amplitude and phase of E at the plane, power."));
  return monitors;
}

Type<SolverOptions> SolverType() {
  const Section<SolverOptions> section = SolverSection();
  const auto method = Choice<SolverMethod>({{"frequency_domain", SolverMethod::FrequencyDomain},
                                            {"time_domain", SolverMethod::TimeDomain}});
  TypeInfo info = section.AsType().info;
  info.text = "section, frequency_domain or time_domain";
  info.json = AnyOf({method.info.json, info.json});
  return {info,
          [section, method](const DeckNode& node, const Context& context, SolverOptions& value) {
            if (node.kind != DeckNode::Kind::Scalar) return section.Read(node, context, value);
            method.read(node, context, value.method);
            value.where = node.where;
          },
          [section](const SolverOptions& value) { return section.Write(value); }};
}

}  // namespace symwave::jobs::deck
