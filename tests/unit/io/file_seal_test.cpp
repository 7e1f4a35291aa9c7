// A sealed file: any changed bit outside of its values is found without the HDF5 library.
#include "io/file_seal.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/io/test_files.hpp"

namespace symwave::io {
namespace {

using testing_files::Content;
using testing_files::TestFolder;

TEST(FileSeal, EveryBitOutsideOfTheValuesCounts) {
  const TestFolder folder;
  const std::string body(200, 'x'), path = folder.Write("file.h5", body);
  EXPECT_FALSE(IsSealed(path));
  EXPECT_EQ(SealFault(path), "");
  WriteSeal(path, {{150, 160}, {20, 50}});
  const std::string sealed = Content(path);
  ASSERT_EQ(sealed.substr(0, body.size()), body);
  WriteSeal(path, {});
  EXPECT_EQ(Content(path), sealed);
  for (std::size_t byte = 0; byte < sealed.size(); ++byte) {
    std::string damaged = sealed;
    damaged[byte] = static_cast<char>(damaged[byte] ^ 4);
    folder.Write("file.h5", damaged);
    const bool value = (byte >= 20 && byte < 50) || (byte >= 150 && byte < 160);
    EXPECT_EQ(IsSealed(path), byte < body.size()) << byte;
    const bool magic = byte >= sealed.size() - 8;  // without it there is no seal
    EXPECT_EQ(SealFault(path).empty(), value || magic) << byte;
  }
  folder.Write("file.h5", sealed.substr(10));
  EXPECT_NE(SealFault(path), "");
  folder.Write("file.h5", sealed.substr(0, sealed.size() - 1));
  EXPECT_FALSE(IsSealed(path));
}

}  // namespace
}  // namespace symwave::io
