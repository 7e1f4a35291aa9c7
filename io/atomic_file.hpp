// Files that are complete or absent, never half written.
#pragma once

#include <mpi.h>

#include <functional>
#include <string>

namespace symwave::io {

/// Collective. Calls write("<path>.tmp") on every rank, flushes the file to disk and renames it to
/// `path`. When write throws the old file is untouched. UserError when the file cannot be flushed
/// or renamed.
void ReplaceAtomically(MPI_Comm comm, const std::string& path,
                       const std::function<void(const std::string& temporary)>& write);

/// Collective: what any rank has written to the file is on the disk afterwards. Every rank flushes,
/// because on a shared file system each node holds pages of its own.
void FlushFile(MPI_Comm comm, const std::string& path);

/// By this rank alone: the entries of a folder to the disk. UserError.
void FlushEntries(const std::string& folder);

/// Collective: gives a flushed file its name and brings the change of the folder to the disk. On
/// failure `temporary` is removed and the file of that name stays what it was.
void MoveIntoPlace(MPI_Comm comm, const std::string& temporary, const std::string& path);

/// By this rank alone and without MPI, so that any thread may call it. UserError; the file of that
/// name stays what it was.
void ReplaceText(const std::string& path, const std::string& text);

/// Collective; rank 0 writes its `text`.
void WriteTextAtomically(MPI_Comm comm, const std::string& path, const std::string& text);

}  // namespace symwave::io
