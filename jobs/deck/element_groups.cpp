#include "jobs/deck/element_groups.hpp"

#include <map>
#include <string>

#include "domain/base/error.hpp"

namespace symwave::jobs::deck {

void CheckElementGroups(const std::vector<ElementOptions>& elements) {
  const auto kind = [](const ElementOptions& element) {
    return element.attenuates ? "loss" : "phase";
  };
  std::map<std::string, const ElementOptions*> first;
  for (const ElementOptions& element : elements) {
    if (element.group.empty()) continue;
    const ElementOptions& before = *first.emplace(element.group, &element).first->second;
    if (before.attenuates == element.attenuates) continue;
    base::Fail(
        "{}: element {} changes the {}, but {} of the same group {} ({}) the {}; elements of a "
        "group share one command: give them one kind, or two groups",
        element.where, element.name, kind(element), before.name, element.group, before.where,
        kind(before));
  }
}

}  // namespace symwave::jobs::deck
