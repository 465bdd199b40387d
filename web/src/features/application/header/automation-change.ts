import { isAutomated } from "../../applications/describe-application.ts";
import type { Application } from "../application-query.ts";

export type Switch = "automated" | "prune" | "selfHeal";

export function isOn(app: Application, which: Switch): boolean {
  return which === "automated" ? isAutomated(app) : app.spec?.syncPolicy?.automated?.[which] === true;
}

/** The merge patch that turns a switch; automation that is turned off keeps its settings. */
export function automationPatch(app: Application, which: Switch, on: boolean) {
  const { automated } = app.spec?.syncPolicy ?? {};
  const change =
    which !== "automated"
      ? { [which]: on }
      : on
        ? // Another value than true would be false; none is true.
          automated === undefined
          ? {}
          : { enabled: null }
        : { enabled: false };
  return { spec: { syncPolicy: { automated: change } } };
}

interface Explained {
  readonly title: string;
  readonly effect: string;
}

/** What a change means, for whoever is about to make it. */
export function explainSwitch(app: Application, which: Switch): Explained {
  const on = !isOn(app, which);
  const differs = app.status?.sync?.status === "OutOfSync";
  switch (which) {
    case "automated":
      return on
        ? {
            title: "Turn automated sync on",
            effect: `Commits are deployed without anybody's doing from now on.${differs ? " What differs now is deployed at once." : ""}`,
          }
        : {
            title: "Turn automated sync off",
            effect:
              "Commits wait until somebody syncs them, and changes in the cluster are not undone. The other settings stay.",
          };
    case "prune":
      return on
        ? {
            title: "Turn automated prune on",
            effect: `What is removed from Git is deleted from the cluster by itself.${pruneNow(app)}`,
          }
        : {
            title: "Turn automated prune off",
            effect: "What is removed from Git stays in the cluster until somebody syncs with prune.",
          };
    case "selfHeal":
      return on
        ? {
            title: "Turn self-heal on",
            effect: `What somebody changes in the cluster is changed back.${differs ? " What differs now is changed back at once." : ""}`,
          }
        : {
            title: "Turn self-heal off",
            effect: "What somebody changes in the cluster stays so until the next commit or sync.",
          };
    default:
      throw new Error(`unhandled switch: ${String(which satisfies never)}`);
  }
}

function pruneNow({ status }: Application): string {
  const count = (status?.resources ?? []).filter(({ requiresPruning }) => requiresPruning === true).length;
  if (count === 0) return "";
  return count === 1 ? " One object is deleted at once." : ` ${count} objects are deleted at once.`;
}
