#include "domain/base/dealt_sentences.hpp"

#include "domain/base/agreement.hpp"
#include "domain/base/communicator.hpp"
#include "domain/base/packing.hpp"

namespace symwave::base {

std::vector<Sentences> DealSentencesByItem(MPI_Comm comm, std::size_t items,
                                           const std::function<Sentences(std::size_t item)>& of) {
  const auto ranks = static_cast<std::size_t>(Communicator::SizeOf(comm));
  Packer packer;
  AgreeOnFailure(comm, [&] {
    for (auto n = static_cast<std::size_t>(Communicator::RankIn(comm)); n < items; n += ranks) {
      const Sentences mine = of(n);
      packer.Add(mine.size());
      for (const std::string& sentence : mine) packer.Add(sentence);
    }
  });
  const std::vector<std::vector<char>> all = GatherFromAll(comm, packer.Bytes());
  std::vector<Unpacker> packed(all.begin(), all.end());
  std::vector<Sentences> found(items);
  for (std::size_t n = 0; n < items; ++n) {
    std::size_t count = 0;
    packed[n % ranks].Take(count);
    found[n].resize(count);
    for (std::string& sentence : found[n]) packed[n % ranks].Take(sentence);
  }
  return found;
}

Sentences DealSentences(MPI_Comm comm, std::size_t items,
                        const std::function<Sentences(std::size_t item)>& of) {
  Sentences all;
  for (const Sentences& sentences : DealSentencesByItem(comm, items, of)) {
    all.insert(all.end(), sentences.begin(), sentences.end());
  }
  return all;
}

}  // namespace symwave::base
