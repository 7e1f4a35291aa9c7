#include "io/deck.hpp"

#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

#include "domain/base/error.hpp"
#include "domain/base/messages.hpp"
#include "io/byte_stream.hpp"

namespace symwave::io {

namespace {

using base::Fail;

constexpr int kMaxDepth = 64;
constexpr long kMaxNodes = 1'000'000;

/// Makes DeckNodes of YAML nodes. `place` gives "file:line" of a mark.
class Converter {
 public:
  explicit Converter(std::function<std::string(const YAML::Mark&)> place)
      : place_(std::move(place)) {}

  DeckNode Convert(const YAML::Node& yaml, const std::string& where, int depth = 0) {
    if (depth > kMaxDepth) Fail("{}: nested deeper than {} levels", where, kMaxDepth);
    if (++count_ > kMaxNodes) Fail("{}: more than {} values", where, kMaxNodes);
    DeckNode node;
    node.where = where;
    if (yaml.IsScalar()) {
      node.kind = DeckNode::Kind::Scalar;
      node.text = yaml.Scalar();
      node.quoted = yaml.Tag() == "!";
    } else if (yaml.IsSequence()) {
      node.kind = DeckNode::Kind::List;
      for (const auto& item : yaml) {
        node.items.push_back(Convert(item, place_(item.Mark()), depth + 1));
      }
    } else if (yaml.IsMap()) {
      node.kind = DeckNode::Kind::Section;
      ConvertEntries(yaml, node, depth);
    }
    return node;
  }

 private:
  void ConvertEntries(const YAML::Node& yaml, DeckNode& node, int depth) {
    for (const auto& entry : yaml) {
      const std::string where = place_(entry.first.Mark());
      if (!entry.first.IsScalar()) Fail("{}: a key must be a word, not a list or a section", where);
      const std::string key = entry.first.Scalar();
      if (key == "<<") {
        Fail("{}: decks do not have the merge key << of YAML; write the keys that it stands for",
             where);
      }
      if (const DeckNode* earlier = node.Find(key)) {
        Fail("{}: the key {} stands twice, first at {}; remove one", where, key, earlier->where);
      }
      node.entries.emplace_back(key, Convert(entry.second, where, depth + 1));
    }
  }

  std::function<std::string(const YAML::Mark&)> place_;
  long count_ = 0;
};

/// Whether a tab is among the blanks and dashes that a line starts with; lines count from 0.
bool TabIndents(const std::string& text, int line) {
  std::istringstream stream(text);
  std::string content;
  for (int k = 0; k <= line; ++k) {
    if (!std::getline(stream, content)) return false;
  }
  return content.substr(0, content.find_first_not_of(" \t-")).find('\t') != std::string::npos;
}

DeckNode ParseYaml(const std::string& text, const std::string& start,
                   const std::function<std::string(const YAML::Mark&)>& place) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.empty()) return DeckNode{{}, "", false, {}, {}, start};
    if (documents.size() > 1) {
      Fail("{}: a deck is one YAML document; remove the line ---", place(documents[1].Mark()));
    }
    return Converter(place).Convert(documents[0], start);
  } catch (const YAML::Exception& e) {
    if (!e.mark.is_null() && TabIndents(text, e.mark.line)) {
      Fail("{}: a tab indents this line; YAML wants spaces: replace every tab by spaces",
           place(e.mark));
    }
    Fail("{}: not valid YAML: {}", e.mark.is_null() ? start : place(e.mark), e.msg);
  }
}

/// The content of a file that is compressed by gzip.
std::string Decompressed(const std::string& path, const std::string& what, long limit) {
  ByteStream stream(path, what);
  std::string text;
  constexpr size_t kPiece = size_t{1} << 20;
  for (size_t got = kPiece; got == kPiece;) {
    const size_t before = text.size();
    text.resize(before + kPiece);
    got = stream.Read(reinterpret_cast<std::uint8_t*>(text.data()) + before, kPiece);
    text.resize(before + got);
    if (static_cast<long>(text.size()) > limit) {
      Fail("{}: the {} has more than the {} bytes that are allowed when decompressed", path, what,
           limit);
    }
  }
  return text;
}

/// The content of a file, which need not know its size (a pipe, /dev/zero).
std::string Content(const std::string& path, const std::string& what, long limit) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) Fail("{}: cannot read the {}: {}", path, what, std::strerror(errno));
  std::string text;
  std::vector<char> piece(size_t{1} << 20);
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())),
         stream.gcount() > 0) {
    text.append(piece.data(), static_cast<size_t>(stream.gcount()));
    if (static_cast<long>(text.size()) > limit) {
      Fail("{}: the {} has more than the {} bytes that are allowed", path, what, limit);
    }
  }
  if (stream.bad()) Fail("{}: cannot read the {}: {}", path, what, std::strerror(errno));
  return text;
}

bool IsNumber(const std::string& text) {
  return !text.empty() && text.size() < 9 &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

/// One step of an override's path: a key, or the number of an entry in brackets.
struct Part {
  std::string name;
  bool bracketed = false;
};

/// "shapes[2].width" -> shapes, [2], width.
std::vector<Part> SplitPath(const std::string& path, const std::string& where) {
  std::vector<Part> parts;
  std::istringstream stream(path);
  for (std::string word; std::getline(stream, word, '.');) {
    const size_t bracket = word.find('[');
    const std::string name = word.substr(0, bracket);
    if (name.empty()) Fail("{}: the key {} has an empty part", where, path);
    parts.push_back({name, false});
    std::string rest = bracket == std::string::npos ? "" : word.substr(bracket);
    while (!rest.empty()) {
      const size_t end = rest.find(']');
      const std::string number = end == std::string::npos ? "" : rest.substr(1, end - 1);
      if (rest[0] != '[' || !IsNumber(number)) {
        Fail(
            "{}: the key {} is not written as a key is; an entry of a list goes by its number, as "
            "in {}[0]",
            where, path, name);
      }
      parts.push_back({number, true});
      rest.erase(0, end + 1);
    }
  }
  return parts;
}

/// The child of `node` for one part of an override's path, made where the deck leaves it out.
DeckNode& Child(DeckNode& node, const Part& part, const std::string& path,
                const std::string& where) {
  if (node.kind == DeckNode::Kind::List) {
    if (!IsNumber(part.name))
      Fail("{}: {} is a list; write the number of an entry, from 0", where, path);
    const size_t index = std::stoul(part.name);
    if (index >= node.items.size()) {
      Fail("{}: {} has only {} entries, numbered from 0", where, path, node.items.size());
    }
    return node.items[index];
  }
  if (node.kind == DeckNode::Kind::Scalar) {
    Fail("{}: {} is the value \"{}\", not a {}", where, path, node.text,
         part.bracketed ? "list" : "section");
  }
  if (part.bracketed) {
    Fail("{}: {} is {}", where, path,
         node.kind == DeckNode::Kind::Section
             ? "a section, not a list; its keys follow a dot"
             : fmt::format("not in the deck, which has no entry {} of it", part.name));
  }
  node.kind = DeckNode::Kind::Section;
  for (auto& [key, value] : node.entries) {
    if (key == part.name) return value;
  }
  DeckNode made;
  made.where = where;
  node.entries.emplace_back(part.name, made);
  return node.entries.back().second;
}

/// A word that YAML reads back as it is.
std::string FlowWord(const std::string& text, bool quoted) {
  const bool plain = !quoted && !text.empty() &&
                     text.find_first_of(",[]{}#\n\"'&*!|>%@`") == std::string::npos &&
                     text.find(": ") == std::string::npos && text.back() != ':' &&
                     text.rfind("- ", 0) != 0 && text.rfind("? ", 0) != 0 && text != "-";
  if (plain) return text;
  std::string word = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') word += '\\';
    word += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return word + "\"";
}

}  // namespace

const DeckNode* DeckNode::Find(const std::string& key) const {
  for (const auto& [name, value] : entries) {
    if (name == key) return &value;
  }
  return nullptr;
}

DeckNode ParseDeck(const std::string& text, const std::string& path) {
  if (text.find('\0') != std::string::npos) Fail("{}: not a text file; a deck is YAML text", path);
  const std::string start = path + ":1";
  DeckNode root = ParseYaml(text, start, [&path](const YAML::Mark& mark) {
    return fmt::format("{}:{}", path, mark.line + 1);
  });
  if (root.kind == DeckNode::Kind::Null) Fail("{}: the file is empty", path);
  if (root.kind != DeckNode::Kind::Section) {
    Fail("{}: a deck is a list of lines `key: value`", root.where);
  }
  return root;
}

Override ParseOverride(const std::string& assignment) {
  const std::string where = "--set " + assignment;
  const size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) Fail("{}: write --set key.sub=value", where);
  return {assignment.substr(0, equals),
          ParseYaml(assignment.substr(equals + 1), where,
                    [&where](const YAML::Mark&) { return where; }),
          where};
}

void ApplyOverride(DeckNode& root, const Override& value) {
  DeckNode* node = &root;
  std::string walked;
  for (const Part& part : SplitPath(value.key, value.where)) {
    const bool entry = part.bracketed || node->kind == DeckNode::Kind::List;
    node = &Child(*node, part, walked, value.where);
    walked += entry ? "[" + part.name + "]" : (walked.empty() ? "" : ".") + part.name;
  }
  *node = value.value;
}

void ApplyOverride(DeckNode& root, const std::string& assignment) {
  ApplyOverride(root, ParseOverride(assignment));
}

std::string FlowText(const DeckNode& node) {
  std::string text;
  const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  switch (node.kind) {
    case DeckNode::Kind::Scalar:
      return FlowWord(node.text, node.quoted);
    case DeckNode::Kind::List:
      for (const DeckNode& item : node.items) add(FlowText(item));
      return "[" + text + "]";
    case DeckNode::Kind::Section:
      for (const auto& [key, value] : node.entries) {
        add(FlowWord(key, false) + ": " + FlowText(value));
      }
      return "{" + text + "}";
    default:
      return "~";
  }
}

DeckFile ReadDeckFile(MPI_Comm comm, const std::string& path,
                      const std::vector<std::string>& overrides) {
  DeckFile file{path, ReadTextFile(comm, path, "deck", 64L << 20), {}};
  file.root = ParseDeck(file.text, path);
  for (const std::string& assignment : overrides) ApplyOverride(file.root, assignment);
  return file;
}

std::string ReadTextFile(MPI_Comm comm, const std::string& path, const std::string& what,
                         long limit) {
  int rank = 0;
  base::Mpi(MPI_Comm_rank(comm, &rank));
  std::string text;
  base::AgreeOnFailure(comm, [&] {
    if (rank != 0) return;
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) {
      Fail("{}: cannot read the {}: {}", path, what, std::strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) Fail("{}: is a folder, not a {}", path, what);
    if (info.st_size > limit) {
      Fail("{}: the {} has {} bytes, more than the {} that are allowed", path, what, info.st_size,
           limit);
    }
    text = Content(path, what, limit);
    if (text.compare(0, 2, "\x1f\x8b") == 0) text = Decompressed(path, what, limit);
  });
  base::Broadcast(comm, text);
  return text;
}

}  // namespace symwave::io
