// The language of a deck as data: every key is declared once with the member it sets, its type,
// unit, range, default and a sentence. From that one declaration come the reader with its messages,
// the table of keys, the JSON Schema and the resolved deck.
//
//   Section<GridOptions> grid("The lattice.");
//   grid.Key("cell", &GridOptions::cell, Real(Unit::Micrometre, Positive()), "Size of a cell.");
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/error.hpp"
#include "io/deck.hpp"

namespace symwave::io {

using Json = nlohmann::ordered_json;

struct SectionInfo;

/// A JSON Schema that is made when it is asked for: runs have no use for it.
class LazySchema {
 public:
  LazySchema() = default;
  explicit LazySchema(std::function<Json()> make)
      : make_(std::make_shared<const std::function<Json()>>(std::move(make))) {}

  Json operator()() const { return make_ ? (*make_)() : Json(); }

 private:
  std::shared_ptr<const std::function<Json()>> make_;
};

/// What one of them allows is allowed.
LazySchema AnyOf(std::vector<LazySchema> schemas);

/// What is known about a type without its values.
struct TypeInfo {
  std::string text;                            ///< "real", "one of ldlt, lu", "list of integer"
  std::string unit;                            ///< symbol, "" without one
  std::string range;                           ///< "> 0", "" without one
  LazySchema json;                             ///< its JSON Schema
  std::shared_ptr<const SectionInfo> section;  ///< of sections, lists and maps of sections
};

struct KeyInfo {
  std::string name;
  TypeInfo type;
  bool required = false;
  std::string default_text;  ///< "" where there is none
  std::string sentence;
};

struct SectionInfo {
  std::string sentence;
  std::vector<KeyInfo> keys;
  std::vector<std::string> one_of;  ///< exactly one of these keys is given; empty: no such rule
  std::string tag;                  ///< the key whose value chooses a variant; "" without variants
  std::vector<std::pair<std::string, std::shared_ptr<const SectionInfo>>> variants;
  /// Keys of older decks, each with what to write today.
  std::vector<std::pair<std::string, std::string>> removed{};
};

/// Where the reader stands: the dotted path in the deck, and the folder that paths are relative to.
struct Context {
  std::string path;
  std::string folder;
  std::string whole = "the deck";  ///< what is read, for messages
  Context At(const std::string& key) const {
    return {path.empty() ? key : path + "." + key, folder, whole};
  }
  /// An entry of a list, counted from 0: "shapes[2]".
  Context At(std::size_t entry) const {
    return {path + "[" + std::to_string(entry) + "]", folder, whole};
  }
};

/// How values of one type are read, written and described. `read` changes the value in place, so
/// that what the deck leaves out keeps its default. `write` gives null for "not given".
template <class V>
struct Type {
  TypeInfo info;
  std::function<void(const DeckNode&, const Context&, V&)> read;
  std::function<Json(const V&)> write;
};

enum class Need { Optional, Required };

// The parts of a section that do not depend on the struct it fills.
void RequireSection(const DeckNode& node, const Context& context);
/// Removed keys, unknown ones (with the nearest and all known ones), missing keys, one_of.
/// `ignored` is the tag of a variant.
void CheckKeys(const DeckNode& node, const Context& context, const SectionInfo& info,
               const std::string& ignored = "");
std::string DefaultText(const Json& value);
Json SectionSchema(const SectionInfo& info);

template <class T>
class Section {
 public:
  explicit Section(std::string sentence)
      : info_(std::make_shared<SectionInfo>()),
        bindings_(std::make_shared<std::vector<Binding>>()) {
    info_->sentence = std::move(sentence);
  }

  /// `access` is a member pointer or a callable T& -> V& that also takes a const T&.
  template <class Access, class V>
  Section& Key(const std::string& name, Access access, Type<V> type, const std::string& sentence,
               Need need = Need::Optional) {
    const bool required = need == Need::Required;
    const T defaults{};
    const std::string text =
        required ? "" : DefaultText(type.write(std::as_const(std::invoke(access, defaults))));
    info_->keys.push_back({name, type.info, required, text, sentence});
    bindings_->push_back(
        {name,
         [access, type](const DeckNode& node, const Context& context, T& value) {
           type.read(node, context, std::invoke(access, value));
         },
         [access, type](const T& value) { return type.write(std::invoke(access, value)); }});
    return *this;
  }

  /// A deck that still has the key `name` is refused with what to write today: "write ...".
  Section& Removed(const std::string& name, const std::string& today) {
    info_->removed.emplace_back(name, today);
    return *this;
  }

  /// All keys of the section of a part of T.
  template <class G, class Access>
  Section& Embed(Access access, const Section<G>& part) {
    info_->removed.insert(info_->removed.end(), part.info_->removed.begin(),
                          part.info_->removed.end());
    for (size_t k = 0; k < part.bindings_->size(); ++k) {
      const auto binding = (*part.bindings_)[k];
      info_->keys.push_back(part.info_->keys[k]);
      bindings_->push_back(
          {binding.name,
           [access, binding](const DeckNode& node, const Context& context, T& value) {
             binding.read(node, context, std::invoke(access, value));
           },
           [access, binding](const T& value) {
             return binding.write(std::invoke(access, value));
           }});
    }
    return *this;
  }

  /// Sets a string member to the section's place in the deck, "file:line".
  template <class Access>
  Section& Where(Access access) {
    where_ = [access](T& value, const std::string& where) { std::invoke(access, value) = where; };
    return *this;
  }

  /// Exactly one of these keys is given.
  Section& ExactlyOneOf(std::vector<std::string> keys) {
    info_->one_of = std::move(keys);
    return *this;
  }

  /// `ignored`: a key that somebody else has read.
  void Read(const DeckNode& node, const Context& context, T& value,
            const std::string& ignored = "") const {
    RequireSection(node, context);
    CheckKeys(node, context, *info_, ignored);
    for (const Binding& binding : *bindings_) {
      if (const DeckNode* child = node.Find(binding.name)) {
        binding.read(*child, context.At(binding.name), value);
      }
    }
    if (where_) where_(value, node.where);
  }

  Json Write(const T& value) const {
    Json section = Json::object();
    for (const Binding& binding : *bindings_) {
      Json entry = binding.write(value);
      if (!entry.is_null()) section[binding.name] = std::move(entry);
    }
    return section;
  }

  std::shared_ptr<const SectionInfo> Info() const { return info_; }

  /// The section as the type of a key.
  Type<T> AsType() const {
    const LazySchema schema([info = info_] { return SectionSchema(*info); });
    TypeInfo info{"section", "", "", schema, info_};
    return {info,
            [self = *this](const DeckNode& node, const Context& context, T& value) {
              self.Read(node, context, value);
            },
            [self = *this](const T& value) { return self.Write(value); }};
  }

 private:
  template <class>
  friend class Section;

  struct Binding {
    std::string name;
    std::function<void(const DeckNode&, const Context&, T&)> read;
    std::function<Json(const T&)> write;
  };

  // Copies, of which the types of keys make many, share them.
  std::shared_ptr<SectionInfo> info_;
  std::shared_ptr<std::vector<Binding>> bindings_;
  std::function<void(T&, const std::string&)> where_;
};

/// Sections that come in variants, told apart by the value of one key (`type: ring`).
template <class T>
class Variants {
 public:
  Variants(std::string tag, std::string sentence)
      : info_(std::make_shared<SectionInfo>()),
        alternatives_(std::make_shared<std::vector<Alternative>>()) {
    info_->tag = std::move(tag);
    info_->sentence = std::move(sentence);
  }

  /// `start` makes the value one of this variant, `is` tells whether it is.
  Variants& Add(const std::string& name, Section<T> section, std::function<void(T&)> start,
                std::function<bool(const T&)> is) {
    info_->variants.emplace_back(name, section.Info());
    alternatives_->push_back({name, std::move(section), std::move(start), std::move(is)});
    return *this;
  }

  Type<T> AsType() const {
    const LazySchema schema([info = info_] { return SectionSchema(*info); });
    TypeInfo info{"section", "", "", schema, info_};
    return {info,
            [self = *this](const DeckNode& node, const Context& context, T& value) {
              self.Read(node, context, value);
            },
            [self = *this](const T& value) { return self.Write(value); }};
  }

 private:
  struct Alternative {
    std::string name;
    Section<T> section;
    std::function<void(T&)> start;
    std::function<bool(const T&)> is;
  };

  void Read(const DeckNode& node, const Context& context, T& value) const;
  Json Write(const T& value) const {
    Json written = Json::object();
    for (const Alternative& a : *alternatives_) {
      if (!a.is(value)) continue;
      written[info_->tag] = a.name;
      written.update(a.section.Write(value));
    }
    return written;
  }

  std::shared_ptr<SectionInfo> info_;
  std::shared_ptr<std::vector<Alternative>> alternatives_;
};

/// Index of the variant that the node's tag names.
size_t ChooseVariant(const DeckNode& node, const Context& context, const SectionInfo& info);

template <class T>
void Variants<T>::Read(const DeckNode& node, const Context& context, T& value) const {
  const Alternative& chosen = (*alternatives_)[ChooseVariant(node, context, *info_)];
  chosen.start(value);
  chosen.section.Read(node, context, value, info_->tag);
}

}  // namespace symwave::io
