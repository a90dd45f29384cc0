#pragma once
#include "model/field.hpp"

namespace trueup {

/// A statement that the server runs by itself, once or again and again.
struct Event {
  std::string schedule;         ///< `every 1 day` or `at '2030-01-01 00:00:00'`.
  std::string starts;           ///< First time; absent: left open.
  std::string ends;             ///< Last time; absent: never.
  bool preserve = false;        ///< It stays when its time is over.
  std::string enabled;          ///< `disabled` or `disabled on replica`; absent: enabled.
  Expr body;                    ///< Body.
  Options options;              ///< Engine settings.
  std::string comment;          ///< Comment.
  std::string renamed_from;     ///< Former name; states that this is a rename.
  std::vector<Ref> depends_on;  ///< Objects that must exist first, where the body does not show it.
  static constexpr Kind kind = Kind::event;
  static constexpr auto fields() {
    return std::tuple{
        field("schedule", &Event::schedule, "`every 1 day` or `at '2030-01-01 00:00:00'`."),
        field("starts", &Event::starts, "First time; absent: left open."),
        field("ends", &Event::ends, "Last time; absent: never."),
        field("preserve", &Event::preserve, "It stays when its time is over."),
        field("enabled", &Event::enabled, "`disabled` or `disabled on replica`; absent: enabled."),
        field("body", &Event::body, "Body."),
        field("options", &Event::options, "Engine settings."),
        field("comment", &Event::comment, "Comment."),
        field("renamed_from", &Event::renamed_from, "Former name; states that this is a rename.",
              Compare::never),
        field("depends_on", &Event::depends_on,
              "Objects that must exist first, where the body does not show it.", Compare::never)};
  }
  bool operator==(const Event&) const = default;
};
static_assert(ObjectKind<Event>);

}  // namespace trueup
