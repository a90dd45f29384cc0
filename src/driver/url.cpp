#include "driver/url.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace trueup {
namespace {
enum class Shape { network, file };
struct Scheme {
  std::string_view name;
  std::string_view engine;
  Shape shape;
};
constexpr std::array schemes{
    Scheme{"postgres", "postgres", Shape::network}, Scheme{"postgresql", "postgres", Shape::network},
    Scheme{"sqlite", "sqlite", Shape::file},        Scheme{"mysql", "mysql", Shape::network},
    Scheme{"mariadb", "mysql", Shape::network},     Scheme{"clickhouse", "clickhouse", Shape::network},
};

constexpr std::string_view in_memory = ":memory:";

const Scheme* scheme_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return nullptr;
  const std::string name = lower(text.substr(0, colon));
  for (const auto& scheme : schemes)
    if (scheme.name == name) return &scheme;
  return nullptr;
}

std::string known_schemes() {
  std::string out;
  for (const auto& scheme : schemes) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{}:{}", scheme.name, scheme.shape == Shape::file ? "" : "//");
  }
  return out;
}

/// No part of a malformed URL is quoted: what we took for a port may be half of a password.
[[noreturn]] void malformed(std::string_view scheme, std::string_view what) {
  throw InputError(fmt::format("malformed {} URL: {}", scheme, what),
                   fmt::format("write {}://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETER=VALUE; percent-encode "
                               "`@ : / ? # %` inside a name or password (`@` is %40)",
                               scheme));
}

std::optional<unsigned char> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned char>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned char>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned char>(c - 'A' + 10);
  return std::nullopt;
}

std::string decode(std::string_view text, std::string_view scheme) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto high = i + 1 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
    if (!high || !low) malformed(scheme, "a `%` is not followed by two hexadecimal digits");
    const auto byte = static_cast<unsigned char>(*high * 16 + *low);
    if (byte == 0) malformed(scheme, "%00 cannot be part of it");
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

/// For showing: what would be read as syntax is written as %XX.
std::string encode(std::string_view text, std::string_view plain) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || byte >= 0x80;
    if (word || plain.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", byte);
  }
  return out;
}

bool is_secret(std::string_view parameter) {
  const std::string name = lower(parameter);
  if (name == "sslkey" || name == "ssl_key") return false;  // a file name
  for (const std::string_view part : {"pass", "pwd", "secret", "token", "key", "credential", "auth"})
    if (name.find(part) != std::string::npos && name != "passfile" && name != "require_auth") return true;
  return !nearest(name, {"password", "passwd"}).empty();  // misspelt, it is no less secret
}

void parse_parameters(std::string_view query, std::string_view scheme, Url& url) {
  for (const auto& pair : split(query, '&')) {
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      malformed(scheme, "a parameter after `?` is not of the form NAME=VALUE");
    url.parameters[decode(std::string_view(pair).substr(0, equals), scheme)] =
        decode(std::string_view(pair).substr(equals + 1), scheme);
  }
}

std::uint16_t parse_port(std::string_view text, std::string_view scheme) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value == 0 || value > 65535)
    malformed(scheme,
              "the port is not a number from 1 to 65535 (or the password holds an unencoded character)");
  return static_cast<std::uint16_t>(value);
}

void parse_host(std::string_view text, std::string_view scheme, Url& url) {
  if (text.find(',') != std::string_view::npos) {  // several hosts to try: for the driver to take apart
    url.host = decode(text, scheme);
    return;
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) malformed(scheme, "`[` of an IPv6 address is not closed");
    url.host = decode(text.substr(1, close - 1), scheme);
    if (url.host.empty()) malformed(scheme, "the IPv6 address is empty");
    const auto rest = text.substr(close + 1);
    if (rest.empty()) return;
    if (!rest.starts_with(':')) malformed(scheme, "only `:PORT` can follow an IPv6 address");
    port = rest.substr(1);
  } else {
    const auto colon = text.find(':');
    url.host = decode(text.substr(0, colon), scheme);
    if (colon == std::string_view::npos) return;
    port = text.substr(colon + 1);
    if (port.find(':') != std::string_view::npos)
      malformed(scheme, "the host holds several colons; an IPv6 address goes into brackets: [::1]");
  }
  if (!port.empty()) url.port = parse_port(port, scheme);
}

void parse_network(std::string_view rest, std::string_view scheme, Url& url) {
  if (!rest.starts_with("//")) malformed(scheme, "`//` is missing after the scheme");
  rest.remove_prefix(2);
  const auto question = rest.find('?');
  if (question != std::string_view::npos) {
    // An unencoded `?` in a password would otherwise put half of it into the parameters.
    if (rest.substr(question).find('@') != std::string_view::npos &&
        rest.substr(0, question).find('@') == std::string_view::npos)
      malformed(scheme, "an `@` follows the `?`");
    parse_parameters(rest.substr(question + 1), scheme, url);
    rest = rest.substr(0, question);
  }
  if (rest.find('#') != std::string_view::npos) malformed(scheme, "it holds an unencoded `#`");
  const auto slash = rest.find('/');
  auto authority = rest.substr(0, slash);
  if (slash != std::string_view::npos) {
    const auto path = rest.substr(slash + 1);
    if (path.find('@') != std::string_view::npos) malformed(scheme, "an unencoded `@` follows the `/`");
    url.database = decode(path, scheme);
  }
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const auto info = authority.substr(0, at);
    const auto colon = info.find(':');
    url.user = decode(info.substr(0, colon), scheme);
    if (colon != std::string_view::npos) url.password = decode(info.substr(colon + 1), scheme);
    authority = authority.substr(at + 1);
  }
  parse_host(authority, scheme, url);
}

void parse_file(std::string_view rest, std::string_view scheme, Url& url) {
  if (rest.starts_with("//")) rest.remove_prefix(2);  // sqlite:///abs/path and sqlite://relative
  const auto question = rest.find('?');
  if (question != std::string_view::npos) {
    parse_parameters(rest.substr(question + 1), scheme, url);
    rest = rest.substr(0, question);
  }
  url.database = decode(rest, scheme);
  if (url.database.empty())
    throw InputError(fmt::format("the {} URL names no file", scheme),
                     fmt::format("write {0}:FILE, or {0}::memory: for a database in memory", scheme));
}
}  // namespace

std::string Url::text() const {
  const Scheme* entry = scheme_of(scheme + ":");
  std::string out = scheme + ":";
  if (entry != nullptr && entry->shape == Shape::file) {
    out += encode(database, " /.:-_~+,@()[]=\\&;!$'*#");
  } else {
    out += "//";
    if (!user.empty()) out += encode(user, "-._~+") + "@";
    const bool ipv6 = host.find(':') != std::string::npos && host.find(',') == std::string::npos;
    out += ipv6 ? fmt::format("[{}]", host) : encode(host, "-._~:,[]");
    if (port != 0) out += fmt::format(":{}", port);
    if (!database.empty()) out += "/" + encode(database, "-._~+$");
  }
  char separator = '?';
  for (const auto& [name, value] : parameters) {
    if (is_secret(name)) continue;
    out += fmt::format("{}{}={}", separator, encode(name, "-._~"), encode(value, "-._~:/, ="));
    separator = '&';
  }
  return out;
}

std::string Url::file() const {
  const Scheme* entry = scheme_of(scheme + ":");
  if (entry == nullptr || entry->shape != Shape::file || database == in_memory) return {};
  const auto mode = parameters.find("mode");
  return mode != parameters.end() && mode->second == "memory" ? std::string{} : database;
}

bool looks_like_url(std::string_view text) {
  return scheme_of(text) != nullptr;
}

Url parse_url(std::string_view text) {
  const Scheme* entry = scheme_of(text);
  if (entry == nullptr) {
    // The text may hold a password anywhere: only a plain scheme is shown.
    const auto colon = text.find("://");
    std::string shown;
    if (colon != std::string_view::npos && colon <= 20 &&
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") == colon)
      shown = fmt::format(" `{}`", text.substr(0, colon));
    throw InputError(shown.empty() ? "not a connection URL" : fmt::format("unknown URL scheme{}", shown),
                     "known are " + known_schemes());
  }
  if (text.find('\0') != std::string_view::npos) malformed(entry->name, "it holds a NUL byte");
  Url url;
  url.engine = entry->engine;
  url.scheme = entry->name;
  url.raw = text;
  const auto rest = text.substr(text.find(':') + 1);
  if (entry->shape == Shape::file)
    parse_file(rest, entry->name, url);
  else
    parse_network(rest, entry->name, url);
  return url;
}

std::optional<Url> memory_url(std::string_view engine) {
  for (const auto& scheme : schemes)
    if (scheme.engine == engine && scheme.shape == Shape::file)
      return parse_url(fmt::format("{}:{}", scheme.name, in_memory));
  return std::nullopt;
}

std::string example_url(std::string_view engine) {
  for (const auto& scheme : schemes) {
    if (scheme.engine != engine) continue;
    return scheme.shape == Shape::file ? fmt::format("{}:app.db", scheme.name)
                                       : fmt::format("{}://me@localhost/app", scheme.name);
  }
  return {};
}

}  // namespace trueup
