#include "jobs/run/evaluation.hpp"

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"

namespace symwave::jobs::run {

void Evaluation::Try(const std::string& what, const std::function<void()>& work) {
  try {
    work();
  } catch (const base::UserError& error) {
    failed_.insert(what);
    base::Warn("{} failed: {}", what, error.what());
  }
}

}  // namespace symwave::jobs::run
