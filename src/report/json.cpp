#include "base/text.hpp"
#include "report/report.hpp"

namespace trueup {
namespace {
using Json = nlohmann::ordered_json;

std::string_view tx_name(TxMode tx) {
  switch (tx) {
    case TxMode::inside:
      return "inside";
    case TxMode::outside:
      return "outside";
    case TxMode::before:
      return "before";
    case TxMode::after:
      return "after";
  }
  return "";
}

Json change_json(const Change& change) {
  Json out;
  const ObjectKey& key = key_of(change);
  if (std::holds_alternative<Created>(change))
    out["change"] = "created";
  else if (std::holds_alternative<Dropped>(change))
    out["change"] = "dropped";
  else if (std::holds_alternative<Renamed>(change))
    out["change"] = "renamed";
  else
    out["change"] = "altered";
  out["object"] = to_string(key);
  out["kind"] = info(key.kind).name;
  if (const auto* altered = std::get_if<Altered>(&change)) out["fields"] = altered->fields;
  return out;
}

Json place_json(const Place& place) {
  Json out = Json::object();
  if (place.file.empty()) return out;
  out["file"] = place.file;
  if (place.line > 0) out["line"] = place.line;
  if (place.column > 0) out["column"] = place.column;
  return out;
}
}  // namespace

Json statements_json(const std::vector<Statement>& statements) {
  Json out = Json::array();
  for (const auto& statement : statements) {
    Json entry;
    entry["sql"] = statement.sql;
    entry["verb"] = statement.verb;
    entry["object"] = to_string(statement.source);
    entry["transaction"] = tx_name(statement.tx);
    if (!statement.because.empty()) entry["because"] = statement.because;
    entry["hazards"] = Json::array();
    for (const auto& hazard : statement.hazards)
      entry["hazards"].push_back({{"kind", to_string(hazard.kind)}, {"message", hazard.message}});
    out.push_back(std::move(entry));
  }
  return out;
}

Json comparison_json(const Comparison& comparison) {
  const Plan& plan = comparison.plan;
  const Summary summary = summarize(plan);
  Json out;
  out["equal"] = comparison.empty();
  out["summary"] = {{"created", summary.created},
                    {"altered", summary.altered},
                    {"dropped", summary.dropped},
                    {"renamed", summary.renamed}};
  out["changes"] = Json::array();
  for (const auto& renamed : plan.renames) {
    out["changes"].push_back({{"change", "renamed"},
                              {"object", to_string(renamed.to)},
                              {"kind", info(renamed.to.kind).name},
                              {"from", to_string(renamed.from)}});
  }
  for (const auto& change : plan.changes)
    if (!std::holds_alternative<Renamed>(change)) out["changes"].push_back(change_json(change));
  out["statements"] = statements_json(comparison.statements);
  out["losses"] = Json::array();
  for (const auto& loss : plan.losses)
    out["losses"].push_back({{"object", to_string(loss.key)}, {"why", loss.why}});
  out["rename_suspicions"] = Json::array();
  for (const auto& suspicion : plan.suspicions)
    out["rename_suspicions"].push_back(
        {{"dropped", to_string(suspicion.dropped)}, {"created", to_string(suspicion.created)}});
  out["satisfied_hints"] = Json::array();
  for (const auto& key : plan.satisfied_hints) out["satisfied_hints"].push_back(to_string(key));
  out["notices"] = plan.notices;
  out["unsettled"] = Json::array();
  for (const auto& key : comparison.unsettled) out["unsettled"].push_back(to_string(key));
  return out;
}

Json inventory_json(const std::vector<InventoryItem>& inventory) {
  Json out = Json::array();
  for (const auto& item : inventory) {
    Json entry{{"object", item.object}, {"standing", to_string(item.standing)}};
    if (!item.detail.empty()) entry["detail"] = item.detail;
    out.push_back(std::move(entry));
  }
  return out;
}

Json error_json(const std::exception& error) {
  Json out;
  out["sort"] = "internal";
  out["message"] = error.what();
  if (const auto* input = dynamic_cast<const InputError*>(&error)) {
    out["sort"] = "input";
    out["findings"] = Json::array();
    for (const auto& found : input->diagnostics()) {
      Json entry = place_json(found.place);
      entry["message"] = found.message;
      if (!found.remedy.empty()) entry["remedy"] = found.remedy;
      out["findings"].push_back(std::move(entry));
    }
  } else if (const auto* refused = dynamic_cast<const RefusedError*>(&error)) {
    out["sort"] = "refused";
    out["findings"] = Json::array();
    for (const auto& reason : refused->reasons()) {
      Json entry{{"object", reason.object}, {"message", reason.message}};
      if (!reason.remedy.empty()) entry["remedy"] = reason.remedy;
      out["findings"].push_back(std::move(entry));
    }
  } else if (const auto* world = dynamic_cast<const WorldError*>(&error)) {
    out["sort"] = "world";
    const auto& facts = world->facts();
    for (const auto& [name, value] :
         {std::pair<const char*, const std::string&>{"statement", facts.statement},
          {"object", facts.object},
          {"code", facts.code},
          {"remedy", facts.remedy}})
      if (!value.empty()) out[name] = value;
    if (const Json place = place_json(facts.place); !place.empty()) out["place"] = place;
  }
  return out;
}

}  // namespace trueup
