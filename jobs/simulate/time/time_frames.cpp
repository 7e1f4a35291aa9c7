#include "jobs/simulate/time/time_frames.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "domain/for_each_point.hpp"
#include "jobs/simulate/time/node_fields.hpp"
#include "jobs/simulate/time/views.hpp"
#include "jobs/simulate/time/work.hpp"

namespace symwave::jobs::simulate::time {

namespace {

using domain::Complex;
using domain::Component;
using solvers::fdtd::DftBlock;
using solvers::fdtd::Engine;

std::vector<Component> ComponentsOf(const domain::Lattice& lattice) {
  std::vector<Component> components;
  for (int c = 0; c < 6; ++c) {
    if (lattice.Has(static_cast<Component>(c))) components.push_back(static_cast<Component>(c));
  }
  return components;
}

/// Of one component: "re", "im", "abs" behind its name.
std::vector<double> PartOf(const DftBlock& block, size_t component, const std::string& part) {
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  std::vector<double> values(count);
  for (size_t k = 0; k < count; ++k) {
    const Complex value = block.values[component * count + k];
    values[k] = part == "re" ? value.real() : part == "im" ? value.imag() : std::abs(value);
  }
  return values;
}

/// |E|, or |H| of a block without E.
std::vector<double> Modulus(const DftBlock& block) {
  const auto count = block.box.Empty() ? 0 : static_cast<size_t>(block.box.Count());
  const bool electric =
      std::any_of(block.components.begin(), block.components.end(), domain::IsElectric);
  std::vector<double> power(count, 0.0);
  for (size_t c = 0; c < block.components.size(); ++c) {
    if (domain::IsElectric(block.components[c]) != electric) continue;
    for (size_t k = 0; k < count; ++k) power[k] += std::norm(block.values[c * count + k]);
  }
  for (double& value : power) value = std::sqrt(value);
  return power;
}

std::string NamesOf(const std::vector<Component>& components) {
  std::string names;
  for (const Component component : components) {
    names += (names.empty() ? "that of " : ", ") + std::string(domain::NameOf(component));
  }
  return names.empty() ? "none" : names + " alone";
}

}  // namespace

TimeFrames::TimeFrames(run::RunContext& context, const deck::SimulateOptions& options,
                       const device::TimeDomainProblem& problem)
    : context_(context),
      options_(options),
      problem_(problem),
      nodes_(problem.lattice.InsidePml()),
      omega_(2 * M_PI / options.MiddleWavelength()) {}

std::string TimeFrames::KeyThatTransforms(Component component) const {
  const std::string name = domain::NameOf(component);
  std::vector<std::string> fields{name + "_re", name + "_im", name + "_abs"};
  if (domain::IsElectric(component)) fields.emplace_back("abs");
  for (const std::string& field : fields) {
    const std::string key = context_.Frames().KeyThatWants(field);
    if (!key.empty()) return key;
  }
  return "";
}

std::vector<Component> TimeFrames::Transformed() const {
  std::vector<Component> components;
  for (const Component component : ComponentsOf(problem_.lattice)) {
    if (!KeyThatTransforms(component).empty()) components.push_back(component);
  }
  return components;
}

void TimeFrames::Begin(Engine& engine, const std::string& mesh, const std::string& of,
                       Spectrum spectrum) {
  transformed_ = restored_ ? *restored_ : Transformed();
  restored_.reset();
  int transform = -1;
  if (!transformed_.empty()) {
    transform = engine.AddDft(
        {RecordedFor(problem_.lattice, nodes_, transformed_), transformed_, {omega_}, 0});
  }
  if (!context_.Frames().Wanted()) return;
  present_.emplace(Present{engine, mesh, of, std::move(spectrum), transform,
                           domain::Intersect(engine.Owned(), nodes_)});
  offer_.emplace(context_.Frames(),
                 run::FieldOffer{[this](long step, const run::FieldRequest& asked) {
                   return Make(step, asked);
                 }});
}

void TimeFrames::End(Complex over) {
  if (!present_) return;
  present_->spectrum = [over](long) { return over; };
  context_.Frames().LastStepDone(present_->engine.Step());
  offer_.reset();
  present_.reset();
}

void TimeFrames::SaveOrRestore(base::StateArchive& archive) {
  const bool any_dft = std::any_of(
      options_.monitors.begin(), options_.monitors.end(), [](const deck::MonitorOptions& monitor) {
        return std::holds_alternative<deck::DftMonitorOptions>(monitor.what);
      });
  const std::int64_t files = any_dft && options_.output.MonitorFiles() ? 1 : 0;
  std::int64_t saved = files;
  archive.Value("frames/monitor_files", saved);
  if (saved != files) {
    base::Fail(
        "output.fields: monitors of type dft keep other points for field files than without, "
        "and the stopped run was {} them: set it as it was, or begin anew without --resume",
        saved != 0 ? "with" : "without");
  }
  std::vector<std::int64_t> numbers;
  for (const Component component : transformed_) {
    numbers.push_back(static_cast<std::int64_t>(component));
  }
  archive.Values("frames/transformed", numbers);
  if (!archive.Restoring()) return;
  restored_.emplace();
  for (const std::int64_t number : numbers) restored_->push_back(static_cast<Component>(number));
  for (const Component component : Transformed()) {
    if (std::find(restored_->begin(), restored_->end(), component) != restored_->end()) continue;
    base::Fail(
        "{} asks for the transform of {} over all steps, and the stopped run has taken {}: ask "
        "for {} at the moment, leave it out, or begin anew without --resume",
        KeyThatTransforms(component), domain::NameOf(component), NamesOf(*restored_),
        domain::NameOf(component));
  }
}

void TimeFrames::Join(solvers::fdtd::RunControl& control) {
  if (!context_.Frames().Wanted()) return;
  control.next_pause = [this](long step) { return context_.Frames().Next(step); };
  control.pause = [this](long step) { context_.Frames().StepDone(step); };
}

void TimeFrames::Join(solvers::fdtd::ScatteringOptions& options) {
  if (!context_.Frames().Wanted() && !context_.Resume()) return;
  Join(options.run);
  const size_t middle = options_.wavelengths.size() / 2;
  const int runs = RunsOf(options_, problem_);
  options.before_run = [this, middle, runs, before = options.before_run](
                           const solvers::fdtd::ScatteringInput& input, Engine& engine) {
    if (before) before(input, engine);
    std::string mesh = "field_" + input.name;
    std::replace(mesh.begin(), mesh.end(), '#', '_');
    Begin(engine, mesh, fmt::format("run {} of {}, input {}", input.number + 1, runs, input.name),
          [launched = input.incident[middle]](long) { return launched; });
  };
  options.after_run = [this, middle, after = options.after_run](
                          const solvers::fdtd::ScatteringInput& input, const Engine& engine) {
    End(input.incident[middle]);
    if (after) after(input, engine);
  };
}

std::vector<io::FieldFrame> TimeFrames::Make(long step, const run::FieldRequest& asked) {
  io::FieldFrame frame = FrameOnNodes(problem_.lattice, nodes_, present_->mine);
  frame.mesh = present_->mesh;
  frame.number = step;
  frame.time = static_cast<double>(step) * present_->engine.TimeStep();
  frame.time_unit = "um/c";
  frame.of =
      fmt::format("{}, step {}, t = {:.5g} {}", present_->of, step, frame.time, frame.time_unit);
  DftBlock transforms;
  if (present_->transform >= 0) {
    DftBlock recorded = present_->engine.Dft(present_->transform);
    const Complex over = present_->spectrum(step);
    for (Complex& value : recorded.values) value /= over;
    transforms = FieldsOnNodes(context_.Comm(), problem_.lattice, std::move(recorded), nodes_);
  }
  for (const std::string& name : asked.names) {
    frame.arrays.push_back(
        io::MakeFieldArray(name, "1", ValuesOf(name, transforms), asked.float64));
  }
  return {std::move(frame)};
}

std::vector<double> TimeFrames::ValuesOf(const std::string& name, const DftBlock& transforms) {
  if (name == "abs") return Modulus(transforms);
  if (name == "index" || name == "permittivity") {
    const std::vector<float>& medium = Medium(name);
    return {medium.begin(), medium.end()};
  }
  if (name == "ports") return PortNumbers();
  const std::string part = name.size() > 3 ? name.substr(3) : "";
  for (const Component component : ComponentsOf(problem_.lattice)) {
    if (name.substr(0, 2) != domain::NameOf(component)) continue;
    if (part.empty()) return MomentOnNodes(present_->engine, component, nodes_);
    const auto& held = transforms.components;
    const auto place = std::find(held.begin(), held.end(), component) - held.begin();
    return PartOf(transforms, static_cast<size_t>(place), part);
  }
  base::Require(false, "the deck's names of fields are those of the lattice");
  return {};
}

std::vector<double> TimeFrames::PortNumbers() const {
  const domain::IndexBox& mine = present_->mine;
  std::vector<double> numbers(mine.Empty() ? 0 : static_cast<size_t>(mine.Count()), 0.0);
  double number = 0;
  for (const domain::PlanePort& port : problem_.ports) {
    ++number;
    const domain::PortPlane plane = domain::LocatePort(problem_.lattice, port);
    domain::ForEachPoint(domain::Intersect(plane.box, mine), [&](const std::array<int, 3>& p) {
      numbers[static_cast<size_t>(mine.Offset(p[0], p[1], p[2]))] = number;
    });
  }
  return numbers;
}

const std::vector<float>& TimeFrames::Medium(const std::string& name) {
  std::vector<float>& values = name == "index" ? index_ : permittivity_;
  if (values.empty()) {
    const auto of = name == "index" ? IndexOnNodes : PermittivityOnNodes;
    values = of(problem_, present_->mine, omega_);
  }
  return values;
}

}  // namespace symwave::jobs::simulate::time
