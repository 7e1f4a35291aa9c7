// A sweep that can be run: its members with their decks.
#pragma once

#include <mpi.h>

#include <string>
#include <vector>

#include "jobs/deck/schema.hpp"
#include "jobs/sweep/members.hpp"
#include "jobs/sweep/sweep_file.hpp"

namespace symwave::jobs::sweep {

/// What the command line says; "" and {} leave it to the sweep file.
struct SweepRequest {
  std::string path;                    ///< of the sweep file
  std::string deck;                    ///< instead of the file's
  std::vector<std::string> overrides;  ///< KEY=VALUE of --set, for all members
  std::string directory;               ///< output folder
};

struct Sweep {
  SweepFile file;
  std::string deck_path, deck_text;
  std::vector<std::string> assignments;  ///< KEY=VALUE of --set
  std::string directory;
  std::vector<Member> members;  ///< member k has the number k + 1

  const Member& Of(long number) const { return members[static_cast<std::size_t>(number - 1)]; }
  std::string FolderOf(const Member& member) const {
    return MemberFolder(directory, member.number);
  }
};

/// Collective: reads sweep file and deck, and lists the members, whose decks nobody has checked.
/// Members that the folder has already keep their numbers. UserError on every rank: one sentence
/// with the place in the sweep file; also where the folder holds a sweep of another deck, or of
/// members that are no longer among these.
Sweep ReadSweep(MPI_Comm comm, const SweepRequest& request);

/// Collective on `comm`: the deck of one member. UserError that begins with a place.
deck::Deck DeckOf(MPI_Comm comm, const Sweep& sweep, const Member& member);

/// By one process: writes the list of members into the folder, which exists, unless it is there.
/// UserError.
void SaveMembers(const Sweep& sweep);

/// The text of that list.
std::string MemberListText(const Sweep& sweep);

/// Numbers of the members that have not ended and are not at work, as SLURM writes them: "1-3,7".
std::string OpenMembers(const Sweep& sweep);

/// One line per member: number and values.
std::string ListText(const Sweep& sweep);

}  // namespace symwave::jobs::sweep
