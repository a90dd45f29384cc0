#include "engine/mysql/part_handler.hpp"

#include "engine/mysql/alter.hpp"
#include "engine/mysql/definition.hpp"
#include "engine/mysql/flavor.hpp"
#include "engine/mysql/lexer.hpp"
#include "engine/mysql/show_create.hpp"

namespace trueup::mysql {

void PartHandler::render(const Step& step, std::span<const Step>, const RenderContext& context,
                         SqlWriter& w) const {
  const ObjectKey& key = step.key;
  standard_mode_for(table_key(key.owner), context, w);
  switch (step.verb) {
    case Verb::create:
      w.raw(alter_statement(key.owner,
                            {key.kind == Kind::column ? "ADD COLUMN " + column_definition(context.to, key)
                                                      : "ADD " + part_definition(context.to, key)}));
      w.end(TxMode::inside, flavor_notes(context, {key}));
      if (const auto again = key.kind == Kind::column ? column_afterthought(context.to, key) : "";
          !again.empty())
        w.raw(alter_statement(key.owner, {again})).end();
      return;
    case Verb::drop:
      w.raw(alter_statement(key.owner, {key.kind == Kind::column ? "DROP COLUMN " + backquoted(key.name)
                                                                 : drop_clause(context.from, key)}));
      w.end();
      return;
    case Verb::rename: {
      const auto clauses = rename_clauses(step, context);
      const bool stored = std::any_of(clauses.begin(), clauses.end(), [](const std::string& c) {
        return c.starts_with("MODIFY ") && c.find(") STORED") != std::string::npos;
      });
      std::vector<Hazard> hazards;
      if (stored)
        hazards.push_back({HazardKind::rewrites_table, "copies " + key.owner + " and blocks writes"});
      w.raw(alter_statement(key.owner, clauses)).end(TxMode::inside, std::move(hazards));
      return;
    }
    case Verb::alter:
    case Verb::rebuild:
      break;
  }
  throw std::logic_error(to_string(key) + " changes with its table");
}

RenameMeans index_rename(const ObjectKey& new_key, const Catalog& from) {
  for (const Kind kind : {Kind::unique, Kind::index, Kind::check}) {
    ObjectKey other = new_key;
    other.kind = kind;
    if (other != new_key && from.contains(other)) return RenameMeans::unsupported;
  }
  return RenameMeans::in_place;
}

std::vector<std::string> PartHandler::rename_clauses(const Step& step, const RenderContext&) const {
  return {"RENAME INDEX " + backquoted(step.old_key->name) + " TO " + backquoted(step.key.name)};
}

}  // namespace trueup::mysql
