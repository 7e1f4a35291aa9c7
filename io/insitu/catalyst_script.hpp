// What the text of a Catalyst script tells before it runs.
#pragma once

#include <string>
#include <vector>

namespace symwave::io::insitu {

struct ScriptFacts {
  bool renders = true;  ///< it names views, renderings or screenshots
  /// Registration names of its sources: readers, trivial producers and opened files. ParaView gives
  /// the image of the run for a source when the name is that of a channel.
  std::vector<std::string> sources;
};

/// Of the text without its comments.
ScriptFacts FactsOf(const std::string& text);

/// By this rank alone: reads the script. Of a package (folder or .zip) nothing is known: it renders
/// and names no source. UserError when it cannot be read.
ScriptFacts ReadScript(const std::string& path);

}  // namespace symwave::io::insitu
