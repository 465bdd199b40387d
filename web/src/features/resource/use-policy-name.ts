import { useQuery } from "@tanstack/react-query";
import { settingsQuery, useMay } from "../../lib/session.ts";
import type { Application } from "../application/application-query.ts";

/** How policies name an application: with its namespace only where that is not the server's own. */
export function usePolicyName({ metadata, spec }: Application): string {
  const { data } = useQuery(settingsQuery);
  const { name = "", namespace = "" } = metadata ?? {};
  const project = spec?.project === undefined || spec.project === "" ? "default" : spec.project;
  return namespace === (data?.controllerNamespace ?? "argocd")
    ? `${project}/${name}`
    : `${project}/${namespace}/${name}`;
}

/** Whether somebody may do something with a resource, or with all of the application; undefined until it is known. */
export function useMayOn(
  app: Application,
  verb: "update" | "delete",
  { group, kind, namespace, name }: { group: string; kind: string; namespace: string; name: string },
): boolean | undefined {
  return useMay("applications", `${verb}/${group}/${kind}/${namespace}/${name}`, usePolicyName(app));
}
