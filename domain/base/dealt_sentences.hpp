// Checks of many things, each by one rank.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>
#include <vector>

namespace symwave::base {

using Sentences = std::vector<std::string>;

/// Collective on `comm`: rank r asks `of`, which must not communicate, for the sentences on the
/// items r, r + size ... of a list; those of all items, in their order, on every rank. What `of`
/// throws on any rank is thrown on all.
Sentences DealSentences(MPI_Comm comm, std::size_t items,
                        const std::function<Sentences(std::size_t item)>& of);

/// The same item by item.
std::vector<Sentences> DealSentencesByItem(MPI_Comm comm, std::size_t items,
                                           const std::function<Sentences(std::size_t item)>& of);

}  // namespace symwave::base
