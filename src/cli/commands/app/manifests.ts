import type { ApiClient } from "#api/contract/api-client.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import { createSnapshotStore } from "#engine/snapshot-store.ts";
import type { Invocation } from "../../command.ts";
import { appNamespaceFlag, defineCommand, oneApp } from "../../command.ts";
import { readConfig } from "../../config.ts";
import { redactedObjects, renderDesired } from "../../desired.ts";
import { appRef, openHub, readApplication } from "../../hub.ts";
import type { Application } from "#core/app/index.ts";
import { hasSources, inventoryOf } from "#core/app/index.ts";
import { openTarget } from "../../open-target.ts";
import { printDocuments, withoutManagedFields } from "../../output/print-value.ts";
import type { CliPorts } from "../../ports.ts";
import type { AppReferences } from "#core/hub/index.ts";
import { askLive } from "../../server/ask-diffs.ts";
import { parseAnswer } from "../../server/parse-answer.ts";
import { resolveApp } from "../../resolve.ts";
import { revisionFlags, revisionsFor } from "../../revision-flags.ts";
import type { Cluster } from "#ports/cluster.ts";

const flags = {
  ...appNamespaceFlag,
  source: {
    type: "string",
    choices: ["git", "live"],
    description: "What Git wants, or what lives; git by default",
  },
  ...revisionFlags,
} as const;

export const command = defineCommand({
  name: "app manifests",
  summary: "Print an application's objects",
  details: "As YAML documents. Values of Secrets are replaced by hashes.",
  args: oneApp,
  flags,
  run: async (invocation, ports) => {
    await using hub = await openHub(invocation, ports);
    const ref = appRef(hub, invocation.args[0] ?? "", invocation.flags["app-namespace"]);
    const app = await readApplication(hub, ref, ports.signal);
    if (hub.api !== undefined) {
      const shown = await askObjects(hub.api, app, { invocation, ports });
      printDocuments(ports.stdout, shown as readonly JsonValue[]);
      return 0;
    }
    const config = await readConfig(hub, ports);
    const resolved = await resolveApp(app, { hub, config, signal: ports.signal });
    await using target = await openTarget(resolved.target, hub, ports);
    const objects = await readObjects(resolved, target.cluster, { invocation, ports });
    printDocuments(ports.stdout, objects as readonly JsonValue[]);
    return 0;
  },
});

interface Request {
  readonly invocation: Invocation<typeof flags>;
  readonly ports: CliPorts;
}

/** The objects as a server may show them. */
async function askObjects(
  api: ApiClient,
  app: Application,
  { invocation, ports: { signal } }: Request,
): Promise<readonly KubeObject[]> {
  if (invocation.flags.source === "live") return await askLive(api, app, signal);
  const { name, namespace: appNamespace = "" } = app.metadata;
  const revisions = revisionsFor(app, invocation.flags);
  const asked = hasSources(app)
    ? { revisions, sourcePositions: revisions.map((_, index) => index + 1) }
    : { revision: revisions[0] ?? "" };
  const query = { name, appNamespace, project: app.spec.project, ...asked };
  const { manifests = [] } = await api.ask.application.getManifests(query, signal);
  return manifests.flatMap((text) => parseAnswer(text, api.address) ?? []);
}

/** The objects as they may be shown. */
async function readObjects(
  resolved: AppReferences,
  target: Cluster,
  { invocation, ports }: Request,
): Promise<readonly KubeObject[]> {
  if (invocation.flags.source !== "live") {
    const revisions = revisionsFor(resolved.app, invocation.flags);
    const desired = await renderDesired(resolved, { target, revisions, ports });
    return redactedObjects(desired, resolved, ports.hashSecret);
  }
  const keys = inventoryOf(resolved.app);
  const { sensitiveAnnotations } = resolved.settings;
  const live = createSnapshotStore(target);
  await live.claim("cli", new Set(keys), ports.signal);
  return keys.flatMap((key) => {
    const object = live.get(key);
    if (object === undefined) return [];
    const shown = withoutManagedFields(object);
    return [redactSecrets(shown, { hash: ports.hashSecret, sensitiveAnnotations })];
  });
}
