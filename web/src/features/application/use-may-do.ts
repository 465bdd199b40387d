import { useQuery } from "@tanstack/react-query";
import { settingsQuery, useMay } from "../../lib/session.ts";
import type { Application } from "./application-query.ts";

export interface Permission {
  readonly isDenied: boolean;
  /** Why it is disabled; undefined while it is not. */
  readonly title: string | undefined;
}

/** What policies call an application: with its namespace where that is not the control plane's. */
export function policyNameOf({ metadata, spec }: Application, controllerNamespace: string): string {
  const { name = "", namespace = "" } = metadata ?? {};
  const project = spec?.project === undefined || spec.project === "" ? "default" : spec.project;
  return namespace === controllerNamespace ? `${project}/${name}` : `${project}/${namespace}/${name}`;
}

/** The same, where the settings say which namespace that is. */
export function usePolicyName(app: Application): string {
  const { data: settings } = useQuery(settingsQuery);
  return policyNameOf(app, settings?.controllerNamespace ?? "argocd");
}

/** Whether the policy lets one do something with an application. What is not known yet is not denied: the server decides. */
export function useMayDo(app: Application, action: string): Permission {
  const object = usePolicyName(app);
  const isDenied = useMay("applications", action, object) === false;
  return {
    isDenied,
    title: isDenied ? `You may not: it takes the permission applications, ${action}, ${object}` : undefined,
  };
}
