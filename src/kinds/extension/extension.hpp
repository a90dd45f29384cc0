#pragma once
#include "model/field.hpp"

namespace trueup {

/// An installed extension. An empty version or namespace means: whichever is there.
struct Extension {
  std::string version;       ///< Version; any when absent.
  std::string installed_in;  ///< Namespace it is installed in.
  std::string comment;       ///< Comment.
  static constexpr Kind kind = Kind::extension;
  static constexpr auto fields() {
    return std::tuple{field("version", &Extension::version, "Version; any when absent."),
                      field("namespace", &Extension::installed_in, "Namespace it is installed in."),
                      field("comment", &Extension::comment, "Comment.")};
  }
  bool operator==(const Extension&) const = default;
};
static_assert(ObjectKind<Extension>);

}  // namespace trueup
