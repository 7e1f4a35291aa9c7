// Commands whose standard output is a text of its own, such as a script.
#pragma once

namespace symwave::base {

/// While it lives, Info says nothing; warnings go on. One at a time.
class Silence {
 public:
  Silence();
  ~Silence();
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
};

}  // namespace symwave::base
