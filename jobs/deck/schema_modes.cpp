// Modes of ports: numbers and names such as TE0.
#include "io/schema.hpp"
#include "jobs/deck/schema_sections.hpp"

namespace symwave::jobs::deck {

using domain::ModeChoice;
using io::Context;
using io::DeckNode;
using io::Json;

io::Type<std::vector<ModeChoice>> ModeChoices() {
  const io::LazySchema schema([] {
    const Json number{{"type", "integer"}, {"minimum", 0}, {"maximum", 99}};
    const Json name{{"type", "string"}, {"pattern", "^T[EM][0-9][0-9]?$"}};
    return Json{{"anyOf", Json::array({number, name})}};
  });
  const io::TypeInfo info{"mode", "0 .. 99, TE0 .. TE99 or TM0 .. TM99", "", schema, nullptr};
  const io::Type<ModeChoice> entry{
      info,
      [](const DeckNode& node, const Context& context, ModeChoice& choice) {
        RequireScalar(node, context, "a mode such as 0 or TE0");
        if (domain::ParseModeChoice(node.text, choice)) return;
        FailAt(node, context,
               fmt::format("\"{}\" is not a mode; write a number from 0 (the largest effective "
                           "index) to 99, or TE0, TE1 ... or TM0, TM1 ...",
                           node.text));
      },
      [](const ModeChoice& choice) {
        return choice.Named() ? Json(choice.Text()) : Json(choice.order);
      }};
  return io::ListOf(entry, 1);
}

}  // namespace symwave::jobs::deck
