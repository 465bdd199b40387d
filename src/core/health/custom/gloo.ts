import type { HealthCheck } from "../check.ts";
import type { Fields } from "../fields.ts";
import { health } from "../health.ts";

/** By number and by name: the state is an enumeration that either form may stand for. */
const states: ReadonlyMap<string, "Healthy" | "Degraded" | "Progressing"> = new Map([
  ["0", "Progressing"],
  ["pending", "Progressing"],
  ["1", "Healthy"],
  ["accepted", "Healthy"],
  ["2", "Degraded"],
  ["rejected", "Degraded"],
  ["3", "Healthy"],
  ["warning", "Healthy"],
]);

/** A status for each namespace that a Gloo controller runs in, or a single one; the worst of them counts. */
export const glooHealth: HealthCheck = (object) => {
  const namespaced = object.members("status", "statuses");
  const reports = namespaced.length > 0 ? namespaced : [object.member("status")];
  const judged = reports.map((report) => ({ state: stateOf(report), reason: report.words("reason") }));
  const worst =
    judged.find(({ state }) => state === "Degraded") ?? judged.find(({ state }) => state === "Progressing");
  if (worst === undefined) return health("Healthy", judged.map(({ reason }) => reason).find(Boolean));
  return health(
    worst.state,
    worst.reason || (worst.state === "Progressing" ? "Waiting for status.state" : ""),
  );
};

function stateOf(report: Fields): "Healthy" | "Degraded" | "Progressing" {
  return states.get(report.text("state").toLowerCase()) ?? "Progressing";
}
