// Which elements share a command, and which commands are mirror images of each other.
#include "domain/elements.hpp"

#include <gtest/gtest.h>

namespace symwave::domain {
namespace {

Element Box(double x, double y, const std::string& group) {
  Element element;
  element.name = "of " + std::to_string(x);
  element.group = group;
  element.outline = {{{x - 1, y - 1}, {x + 1, y - 1}, {x + 1, y + 1}, {x - 1, y + 1}}};
  return element;
}

std::vector<int> ImagesOf(const std::vector<Element>& elements) {
  return MirrorImages(elements, CommandsOf(elements));
}

using Numbers = std::vector<int>;

TEST(Commands, StandInTheOrderOfTheirFirstElements) {
  std::vector<Element> elements{Box(0, 0, ""), Box(0, 3, "g"), Box(0, 6, ""), Box(0, 9, "g")};
  elements[1].attenuates = elements[3].attenuates = true;
  EXPECT_EQ(CommandNumbers(elements), (Numbers{0, 1, 2, 1}));
  const std::vector<Command> commands = CommandsOf(elements);
  ASSERT_EQ(commands.size(), 3u);
  EXPECT_EQ(commands[0].name, elements[0].name);
  EXPECT_EQ(commands[1].name, "g");
  EXPECT_EQ(commands[1].elements, (Numbers{1, 3}));
  EXPECT_TRUE(commands[1].attenuates);
  EXPECT_FALSE(commands[2].attenuates);
}

TEST(Commands, AreImagesWhenAllTheirElementsAre) {
  EXPECT_EQ(ImagesOf({Box(-3, 0, "g"), Box(3, 0, "g"), Box(0, 5, "")}), (Numbers{0, 1}));
  EXPECT_EQ(ImagesOf({Box(-3, 0, "l"), Box(3, 0, "r"), Box(-3, 5, "l"), Box(3, 5, "r")}),
            (Numbers{1, 0}));
  // Two of three, and one of another group.
  EXPECT_EQ(ImagesOf({Box(-3, 0, "l"), Box(3, 0, "r"), Box(-3, 5, "l")}), (Numbers{-1, -1}));
  EXPECT_EQ(ImagesOf({Box(-3, 0, "l"), Box(3, 0, "r"), Box(-3, 5, "l"), Box(3, 5, "")}),
            (Numbers{-1, -1, -1}));
}

// Of two that lie on each other, each has an image of its own.
TEST(Commands, ImagesArePairs) {
  EXPECT_EQ(ImagesOf({Box(-3, 0, ""), Box(3, 0, ""), Box(-3, 0, ""), Box(3, 0, "")}),
            (Numbers{1, 0, 3, 2}));
  EXPECT_EQ(ImagesOf({Box(0, 0, ""), Box(0, 0, "")}), (Numbers{0, 1}));
}

}  // namespace
}  // namespace symwave::domain
