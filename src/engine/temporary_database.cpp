#include "engine/temporary_database.hpp"

#include <fmt/format.h>

#include <random>

namespace trueup {
namespace {
/// Drops the database when it goes. What fails then stays: its name tells what it was.
class Dropped {
 public:
  Dropped(Connection& admin, std::string statement) : admin_(admin), statement_(std::move(statement)) {}
  Dropped(const Dropped&) = delete;
  Dropped& operator=(const Dropped&) = delete;
  ~Dropped() {
    try {
      admin_.execute(statement_);
    } catch (const WorldError&) {  // nothing more can be done from here
    }
  }

 private:
  Connection& admin_;
  std::string statement_;
};

class Temporary final : public ScratchDatabase {
 public:
  Temporary(std::unique_ptr<Connection> admin, std::string drop)
      : admin_(std::move(admin)), dropped_(*admin_, std::move(drop)) {}
  void open(std::unique_ptr<Connection> session) { session_ = std::move(session); }
  Connection& connection() override { return *session_; }

 private:
  // In this order: the session ends, the database is dropped, the other session ends.
  std::unique_ptr<Connection> admin_;
  Dropped dropped_;
  std::unique_ptr<Connection> session_;
};
}  // namespace

std::unique_ptr<ScratchDatabase> temporary_database(
    Connection& beside,
    const std::function<TemporaryDatabase(Connection& session, const std::string& name)>& statements,
    const std::function<std::unique_ptr<Connection>(std::unique_ptr<Connection>, const std::string& name)>&
        opened) {
  auto admin = beside.sibling(beside.url().database);
  std::random_device random;
  const std::string name = fmt::format("{}{:08x}{:08x}", scratch_prefix, random(), random());
  TemporaryDatabase words = statements(*admin, name);
  admin->execute(words.create);
  Connection& server = *admin;
  auto out = std::make_unique<Temporary>(std::move(admin), std::move(words.drop));
  auto session = server.sibling(name);
  out->open(opened ? opened(std::move(session), name) : std::move(session));
  return out;
}

}  // namespace trueup
