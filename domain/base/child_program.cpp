#include "domain/base/child_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "domain/base/error.hpp"
#include "domain/base/log_file.hpp"

namespace symwave::base {

namespace {

/// The environment of this process when it was started. The kernels of OpenBLAS are chosen for the
/// processor at hand (ChooseBlasKernels), and that of the job may be another.
std::vector<std::string> FirstEnvironment() {
  std::vector<std::string> variables;
  std::ifstream file("/proc/self/environ", std::ios::binary);
  for (std::string variable; std::getline(file, variable, '\0');) {
    if (variable.rfind("OPENBLAS_CORETYPE=", 0) != 0) variables.push_back(variable);
  }
  return variables;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string ReadToEnd(int descriptor) {
  std::string text;
  char part[4096];
  for (;;) {
    const ssize_t count = read(descriptor, part, sizeof part);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(part, static_cast<std::size_t>(count));
  }
}

/// What a child is given at its start: files and signals.
class Beginning {
 public:
  Beginning() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
  }
  ~Beginning() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  void TakeOutput(int descriptor) {
    posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, descriptor, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files_, descriptor, STDERR_FILENO);
  }

  /// To where the messages of this rank go.
  void FollowLog() {
    if (!LogFile::IsOpen()) return;
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, LogFile::Path().c_str(),
                                     O_WRONLY | O_APPEND | O_CREAT, 0666);
    posix_spawn_file_actions_adddup2(&files_, STDOUT_FILENO, STDERR_FILENO);
  }

  void BlockStopSignals() {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&blocked, signal);
    posix_spawnattr_setsigmask(&attributes_, &blocked);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }

  /// 0, or the errno of the failure.
  int Start(const std::vector<std::string>& arguments, pid_t& child) const {
    std::vector<std::string> words = arguments, variables = FirstEnvironment();
    return posix_spawnp(&child, words[0].c_str(), &files_, &attributes_, Pointers(words).data(),
                        Pointers(variables).data());
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

int ExitCode(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void RequireStarted(int error, const std::string& program) {
  if (error != 0) Fail("{} cannot be started: {}", program, std::strerror(error));
}

}  // namespace

bool IsOnPath(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access((folder + "/" + name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Answer RunProgram(const std::vector<std::string>& arguments) {
  int pipe_ends[2] = {-1, -1};
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) RequireStarted(errno, arguments[0]);
  Beginning beginning;
  beginning.TakeOutput(pipe_ends[1]);
  pid_t child = 0;
  const int error = beginning.Start(arguments, child);
  close(pipe_ends[1]);
  Answer answer;
  if (error == 0) answer.said = ReadToEnd(pipe_ends[0]);
  close(pipe_ends[0]);
  RequireStarted(error, arguments[0]);
  answer.code = ExitCode(child);
  return answer;
}

int RunProgramUndisturbed(const std::vector<std::string>& arguments) {
  Beginning beginning;
  beginning.FollowLog();
  beginning.BlockStopSignals();
  pid_t child = 0;
  RequireStarted(beginning.Start(arguments, child), arguments[0]);
  return ExitCode(child);
}

}  // namespace symwave::base
