// What a command line asks for.
#pragma once

#include <string>
#include <vector>

#include "jobs/plan/deck_plan.hpp"
#include "jobs/submit/submit_options.hpp"
#include "jobs/throughput/throughput.hpp"

namespace symwave::jobs::cli {

/// The values of all commands, of which each uses its own.
struct Command {
  std::string deck;
  std::vector<std::string> overrides;
  std::string directory;
  bool resume = false, requeue = false;
  bool no_report = false, keep_going = false;
  std::string sweep;
  int groups = 1;
  long member = 0;
  std::string section;
  bool json_schema = false, json = false;
  std::string path;
  bool verify = false;
  std::string benchmark, machine;
  throughput::ThroughputOptions bench;
  submit::SubmitOptions batch;
  plan::PlanOptions plan;
};

}  // namespace symwave::jobs::cli
