#include "jobs/deck/network_ports.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/base/error.hpp"
#include "domain/base/joined.hpp"

namespace symwave::jobs::deck {

namespace {

using base::Fail;

bool Among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Numbers of the named ports, or of those that face forward or not and are not named on the other
/// side.
std::vector<size_t> PortsOf(const DeviceOptions& options, const std::vector<std::string>& named,
                            const std::vector<std::string>& others, bool forward) {
  std::vector<size_t> numbers;
  for (const std::string& name : named) {
    for (size_t p = 0; p < options.ports.size(); ++p) {
      if (options.ports[p].name == name) numbers.push_back(p);
    }
  }
  if (!named.empty()) return numbers;
  for (size_t p = 0; p < options.ports.size(); ++p) {
    if (options.ports[p].forward == forward && !Among(others, options.ports[p].name)) {
      numbers.push_back(p);
    }
  }
  return numbers;
}

}  // namespace

std::vector<size_t> InputPorts(const DeviceOptions& options) {
  return PortsOf(options, options.inputs, options.outputs, true);
}

std::vector<size_t> OutputPorts(const DeviceOptions& options) {
  return PortsOf(options, options.outputs, options.inputs, false);
}

/// Names exist, once, and there are some on both sides.
void CheckNetworkPorts(const DeviceOptions& options, const std::string& where) {
  std::vector<std::string> names;
  for (const PortOptions& port : options.ports) names.push_back(port.name);
  std::set<std::string> used;
  for (const auto& [key, list] :
       {std::pair("inputs", &options.inputs), std::pair("outputs", &options.outputs)}) {
    for (const std::string& name : *list) {
      if (!Among(names, name)) {
        const std::string nearest = base::Nearest(name, names);
        Fail("{}: network.{} names the port {}, which the device does not have{}; ports: {}", where,
             key, name, nearest.empty() ? "" : fmt::format(" (did you mean {}?)", nearest),
             names.empty() ? "none" : base::Joined(names));
      }
      if (!used.insert(name).second) {
        Fail("{}: network names the port {} twice among inputs and outputs", where, name);
      }
    }
  }
  const std::vector<size_t> inputs = InputPorts(options), outputs = OutputPorts(options);
  for (const auto& side : {inputs, outputs}) {
    for (const size_t p : side) {
      const PortOptions& port = options.ports[p];
      if (port.modes.size() == 1) continue;
      Fail("{}: port {} has {} modes, but a network takes one of each port", port.where, port.name,
           port.modes.size());
    }
  }
  if (inputs.empty() || outputs.empty()) {
    Fail(
        "{}: job: train needs ports to launch into and ports to detect; name them by "
        "network.inputs and network.outputs; ports: {}",
        where, names.empty() ? "none" : base::Joined(names));
  }
}

}  // namespace symwave::jobs::deck
