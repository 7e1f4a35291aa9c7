// Whether trainable elements lie on what guides light.
#pragma once

#include <string>
#include <vector>

#include "jobs/device/device.hpp"

namespace symwave::jobs::checks {

/// A sentence, with its place, for every element under which there is nothing but its layer's own
/// material: its commands do nothing.
std::vector<std::string> ElementWarnings(const device::Device& device);

}  // namespace symwave::jobs::checks
