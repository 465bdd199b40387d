import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application } from "#core/app/index.ts";
import { isMooringError } from "#core/errors/index.ts";
import type { CliPorts } from "../ports.ts";

interface Creation {
  readonly api: ApiClient;
  readonly upsert: boolean;
  readonly validate: boolean;
  readonly ports: CliPorts;
}

/** Has a server create an Application, or bring it to this spec. Throws APP_EXISTS when that needs --upsert, and API_FORBIDDEN. */
export async function createOverServer(
  app: Application,
  { api, upsert, validate, ports: { signal } }: Creation,
): Promise<"created" | "updated" | "unchanged"> {
  const { name, namespace = "" } = app.metadata;
  const project = app.spec.project;
  const before = await api.ask.application
    .get({ name, appNamespace: namespace, project: [project] }, signal)
    .catch((error: unknown) => {
      // Who may create need not be allowed to look.
      if (isMooringError(error, "API_NOT_FOUND") || isMooringError(error, "API_FORBIDDEN")) return undefined;
      throw error;
    });
  const request = { application: app, upsert, validate } as Parameters<typeof api.ask.application.create>[0];
  const after = await api.ask.application.create(request, signal);
  if (before === undefined) return "created";
  return before.metadata?.resourceVersion === after.metadata?.resourceVersion ? "unchanged" : "updated";
}
