import { useMay } from "../../lib/session.ts";
import type { Application } from "../application/application-query.ts";
import { usePolicyName } from "../application/use-may-do.ts";

/** Whether somebody may do something with a resource, or with all of the application; undefined until it is known. */
export function useMayOn(
  app: Application,
  verb: "update" | "delete",
  { group, kind, namespace, name }: { group: string; kind: string; namespace: string; name: string },
): boolean | undefined {
  return useMay("applications", `${verb}/${group}/${kind}/${namespace}/${name}`, usePolicyName(app));
}
