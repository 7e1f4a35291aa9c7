#include "domain/base/shared_files.hpp"

#include <filesystem>

#include "domain/base/error.hpp"

namespace symwave::base {

namespace fs = std::filesystem;

std::string SharedFile(const std::string& name) {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const fs::path installed = (program.parent_path() / SYMWAVE_SHARED_FROM_PROGRAM / name);
  const fs::path source = fs::path(SYMWAVE_SOURCE_DIR) / name;
  std::error_code unreadable;
  for (const fs::path& path : {installed.lexically_normal(), source}) {
    if (fs::exists(path, unreadable)) return path.string();
  }
  Fail("{}: this file belongs to the program and is missing; move an installation as a whole",
       installed.lexically_normal().string());
}

}  // namespace symwave::base
