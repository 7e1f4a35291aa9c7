// What a failed factorization says, in words for a user.
#pragma once

#include <string>

namespace symwave::solvers::fdfd {

/// The cause and the remedy of INFOG(1) = `code` < 0 with INFOG(2) = `detail` (MUMPS 5.5 users'
/// guide, section 8), with both numbers.
std::string MumpsSentence(int code, int detail);

/// Whether a larger ICNTL(14) may help: workspace and buffers that were estimated too small.
bool IsWorkspaceShort(int code);

}  // namespace symwave::solvers::fdfd
