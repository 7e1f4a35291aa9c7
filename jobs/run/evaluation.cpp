#include "jobs/run/evaluation.hpp"

#include "domain/base/error.hpp"
#include "domain/base/log.hpp"
#include "domain/base/try_on_all.hpp"

namespace symwave::jobs::run {

void Evaluation::Try(const std::string& what, const std::function<void()>& work) {
  if (at_start_) at_start_(what);
  const std::string error = base::TryOnAll(comm_, work);
  if (error.empty()) return;
  failed_.insert(what);
  base::Warn("{} failed: {}", what, error);
}

}  // namespace symwave::jobs::run
