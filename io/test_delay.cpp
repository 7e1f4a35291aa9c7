#include "io/test_delay.hpp"

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

namespace symwave::io {

void TestDelay(const std::string& place) {
  const char* asked = std::getenv("SYMWAVE_TEST_DELAY");
  if (!asked) return;
  std::istringstream list(asked);
  for (std::string item; std::getline(list, item, ',');) {
    const std::size_t colon = item.find(':');
    if (colon == std::string::npos) continue;
    const std::string name = item.substr(0, colon);
    if (place != name && place.rfind(name + ".", 0) != 0) continue;
    const double seconds = std::strtod(item.c_str() + colon + 1, nullptr);
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  }
}

}  // namespace symwave::io
