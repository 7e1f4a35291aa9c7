#include "io/insitu/catalyst_loader.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "domain/base/error.hpp"

namespace symwave::io::insitu {

namespace {

namespace fs = std::filesystem;
using base::Fail;

fs::path ProgramFolder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path PluginPath() {
  const char* given = std::getenv("SYMWAVE_CATALYST_PLUGIN");
  if (given != nullptr && given[0] != '\0') {
    if (!fs::exists(given)) Fail("SYMWAVE_CATALYST_PLUGIN: there is no file {}", given);
    return given;
  }
  const fs::path name = "libsymwave_catalyst.so";
  for (const fs::path& path :
       {ProgramFolder() / name, ProgramFolder().parent_path() / "lib/symwave" / name}) {
    if (fs::exists(path)) return path;
  }
  Fail(
      "symwave was built without the plug-in for ParaView Catalyst ({} is neither beside the "
      "program nor in ../lib/symwave): install ParaView 5.11 (jobs/install-deps --insitu) and "
      "build "
      "again, or take insitu.png",
      name.string());
}

template <class Call>
Call Find(void* library, const char* name, const fs::path& path) {
  void* symbol = dlsym(library, name);
  if (symbol == nullptr) Fail("{} is no plug-in of symwave: it lacks {}", path.string(), name);
  return reinterpret_cast<Call>(symbol);
}

/// A function of a library, or nullptr.
template <class Call>
Call Optional(void* library, const char* name) {
  return reinterpret_cast<Call>(dlsym(library, name));
}

}  // namespace

CatalystPlugin LoadCatalystPlugin() {
  const fs::path path = PluginPath();
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    Fail(
        "the plug-in for ParaView Catalyst cannot be loaded (is ParaView 5.11 installed here?): {}",
        dlerror());
  }
  const auto version = Find<SymwaveCatalystVersionCall>(library, "SymwaveCatalystVersion", path);
  if (version() != kSymwaveCatalystVersion) {
    Fail("{} belongs to another version of symwave ({} instead of {}): build both together",
         path.string(), version(), static_cast<int>(kSymwaveCatalystVersion));
  }
  return {Find<SymwaveCatalystStartCall>(library, "SymwaveCatalystStartUp", path),
          Find<SymwaveCatalystShowCall>(library, "SymwaveCatalystShow", path),
          Find<SymwaveCatalystEndCall>(library, "SymwaveCatalystEnd", path)};
}

std::string DisplayProblem() {
  const char* remedy = "start the job under xvfb-run (package xvfb)";
  const char* name = std::getenv("DISPLAY");
  if (name == nullptr || name[0] == '\0') return fmt::format("DISPLAY is not set; {}", remedy);
  void* library = dlopen("libX11.so.6", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return "libX11.so.6 is not installed";
  const auto open = Optional<void* (*)(const char*)>(library, "XOpenDisplay");
  const auto query =
      Optional<int (*)(void*, const char*, int*, int*, int*)>(library, "XQueryExtension");
  if (open == nullptr || query == nullptr) return "libX11.so.6 is not usable";
  // Stays open: an X server whose last client goes starts anew, and ParaView would find it dead.
  static void* display = open(nullptr);
  if (display == nullptr)
    return fmt::format("no X display answers at DISPLAY={}; {}", name, remedy);
  int ignored = 0;
  const bool can_render = query(display, "GLX", &ignored, &ignored, &ignored) != 0;
  if (!can_render) return fmt::format("the X display {} knows no OpenGL (GLX); {}", name, remedy);
  return "";
}

}  // namespace symwave::io::insitu
