// How much memory a process holds, and can still take on its node.
#pragma once

#include <string>

namespace symwave::base {

/// Bytes of memory that this process holds (VmRSS); 0 where the kernel does not say.
double ResidentMemory(const std::string& proc = "/proc");
/// What of it cannot be used again: the heap gives back what is free.
double MemoryInUse(const std::string& proc = "/proc");
/// The most that it has held at once (VmHWM).
double PeakMemory(const std::string& proc = "/proc");

/// Bytes: the smallest of what the kernel calls available (MemAvailable), and of what the limits
/// (memory.max, cgroup v2) of the control group of this process and of those above it leave beside
/// the memory that their processes hold (anon). All processes of the node or group share it.
/// `proc` and `cgroup` are where these file systems are mounted.
double AvailableMemory(const std::string& proc = "/proc",
                       const std::string& cgroup = "/sys/fs/cgroup");

/// Bytes that all processes of the node or group can hold together, whatever they hold now: the
/// smallest of MemTotal and of the limits above.
double NodeMemory(const std::string& proc = "/proc", const std::string& cgroup = "/sys/fs/cgroup");

}  // namespace symwave::base
