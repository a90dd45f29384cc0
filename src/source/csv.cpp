#include "source/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace trueup {
namespace {
class CsvReader {
 public:
  explicit CsvReader(const YamlSource& source) : source_(source), text_(source.text) {}

  /// The fields of the next record; empty at the end of the file.
  std::vector<YamlNode> record() {
    std::vector<YamlNode> out;
    if (at_ >= text_.size()) return out;
    while (true) {
      out.push_back(field());
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (at_ < text_.size() && text_[at_] == '\r') ++at_;
      if (at_ < text_.size() && text_[at_] != '\n') fail(line_, "text after a quoted field");
      if (at_ < text_.size()) ++at_, ++line_;
      return out;
    }
  }
  [[noreturn]] void fail(int line, std::string message) const {
    throw InputError(std::move(message), "see RFC 4180 for the syntax of CSV", {source_.name, line, 1});
  }

 private:
  YamlNode field() {
    YamlNode out;
    out.source = &source_;
    out.line = line_;
    out.column = 1;
    if (at_ < text_.size() && text_[at_] == '"') {
      out.type = YamlNode::Type::scalar;
      const int first = line_;
      for (++at_;; ++at_) {
        if (at_ >= text_.size()) fail(first, "a quote is never closed");
        if (text_[at_] == '"') {
          if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
          ++at_;
        }
        if (text_[at_] == '\n') ++line_;
        out.text += text_[at_];
      }
      ++at_;
      return out;
    }
    while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n') out.text += text_[at_++];
    if (out.text.ends_with('\r')) out.text.pop_back();
    if (!out.text.empty()) out.type = YamlNode::Type::scalar;
    return out;
  }

  const YamlSource& source_;
  const std::string& text_;
  std::size_t at_ = 0;
  int line_ = 1;
};
}  // namespace

YamlNode parse_csv(const YamlSource& source) {
  CsvReader reader(source);
  if (!is_utf8(source.text)) reader.fail(1, "not UTF-8 text");
  YamlNode out;
  out.type = YamlNode::Type::sequence;
  out.source = &source;
  out.line = out.column = 1;
  const std::vector<YamlNode> header = reader.record();
  if (header.empty()) reader.fail(1, "the file is empty; its first line names the columns");
  for (const auto& name : header) {
    if (!name.is_scalar()) reader.fail(1, "the header has an empty column name");
    const auto same = [&](const YamlNode& other) { return other.text == name.text; };
    if (std::count_if(header.begin(), header.end(), same) > 1)
      reader.fail(1, fmt::format("the header names '{}' twice", one_line(name.text)));
  }
  while (true) {
    std::vector<YamlNode> fields = reader.record();
    if (fields.empty()) return out;
    if (fields.size() == 1 && fields.front().is_null()) continue;  // an empty line
    if (fields.size() != header.size())
      reader.fail(fields.front().line,
                  fmt::format("{} fields under a header of {}", fields.size(), header.size()));
    YamlNode& row = out.items.emplace_back();
    row.type = YamlNode::Type::mapping;
    row.source = &source;
    row.line = fields.front().line;
    row.column = 1;
    for (std::size_t i = 0; i < fields.size(); ++i) row.entries.push_back({header[i], std::move(fields[i])});
  }
}

}  // namespace trueup
