// The plug-in for ParaView Catalyst, loaded at run time.
#pragma once

#include <string>

#include "io/insitu/catalyst_api.hpp"

namespace symwave::io::insitu {

/// The calls of a plug-in that has been loaded; it stays until the program ends.
struct CatalystPlugin {
  SymwaveCatalystStartCall start = nullptr;
  SymwaveCatalystShowCall show = nullptr;
  SymwaveCatalystEndCall end = nullptr;
};

/// By this rank alone. Loads SYMWAVE_CATALYST_PLUGIN where that variable is set, else
/// libsymwave_catalyst.so beside the program or in ../lib/symwave. UserError when there is none, or
/// ParaView is not here, or it is of another version.
CatalystPlugin LoadCatalystPlugin();

/// By this rank alone: why no window can be opened on the X display, which ParaView would take as a
/// reason to end the program; "" when it can.
std::string DisplayProblem();

}  // namespace symwave::io::insitu
