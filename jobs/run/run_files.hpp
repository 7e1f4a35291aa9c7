// Which files in a folder are those of a run. Of one process, not collective.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace symwave::jobs::run {

/// Names of checkpoints, and of the files that a resumed run goes on writing.
extern const char* const kCheckpoints;
extern const char* const kRecords;
/// The folder of pictures in situ, whose files have names of scripts, and a file in it by which it
/// is known to be of a run.
inline constexpr const char* kPictures = "insitu";
inline constexpr const char* kPicturesMark = ".symwave";

/// In the folder of a member of a sweep that has failed: the sentence it failed with.
inline constexpr const char* kMemberFailure = "failure.txt";

/// All that a run writes, the folder of pictures among it. A field of unequal cells is a plain .h5,
/// a common ending: one without the .xmf that belongs to it may be the user's.
std::vector<std::string> FilesOfRun(const std::string& directory);

bool HasCheckpoint(const std::string& directory);
/// Whether a run has come to its end here: one that ends leaves results.
bool HasEnded(const std::string& directory);

/// UserErrors name the file and what to do.
void Remove(const std::filesystem::path& path);
void Move(const std::filesystem::path& from, const std::filesystem::path& to);
void Copy(const std::filesystem::path& from, const std::filesystem::path& to);
void MakeFolder(const std::filesystem::path& path);

}  // namespace symwave::jobs::run
