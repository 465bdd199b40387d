import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/index.ts";
import { settingsQuery } from "../../lib/session.ts";
import { tell, tellError } from "../common/toast.tsx";
import type { Wanted } from "../settings/parts/guarded-button.tsx";
import type { Automation } from "./automation.ts";
import { automationObject, readAutomation } from "./automation.ts";
import { automationsQuery, put } from "./queries.ts";

type Action = "scan" | "suspend" | "resume";

const done: Readonly<Record<Action, string>> = {
  scan: "is asked to look for new images.",
  suspend: "is suspended.",
  resume: "goes on.",
};

interface Actions {
  readonly act: (action: Action) => void;
  /** What is being asked for. */
  readonly busy: Action | undefined;
  /** How the policy is asked about any of them. */
  readonly wants: Wanted;
}

/** What can be done with an automation. */
export function useActions(automation: Automation): Actions {
  const queryClient = useQueryClient();
  const { data: settings } = useQuery(settingsQuery);
  const { namespace, name } = automation;
  const { mutate, isPending, variables } = useMutation({
    mutationFn: async (action: Action) => {
      // An answer that is on its way is older than what is asked for now.
      await queryClient.cancelQueries({ queryKey: automationsQuery.queryKey });
      return readAutomation(await call(`imageAutomation.${action}`, { namespace, name }));
    },
    onSuccess: (told, action) => {
      put(queryClient, told);
      tell(`${name} ${done[action]}`);
    },
    onError: tellError,
  });
  return {
    act: mutate,
    busy: isPending ? variables : undefined,
    wants: [
      "imageautomations",
      "update",
      automationObject(automation, settings?.controllerNamespace ?? "argocd"),
    ],
  };
}

/** Why it cannot be scanned, whoever asks. */
export function scanProblem({ isSuspended }: Automation): string | undefined {
  return isSuspended ? "It is suspended: resume it first." : undefined;
}
