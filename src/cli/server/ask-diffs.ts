import type { ApiClient } from "#api/contract/api-client.ts";
import type { Application } from "#core/app/index.ts";
import { diffObjects } from "#core/diff/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { objectKey } from "#core/object/index.ts";
import type { ObjectDiff } from "../diff-application.ts";
import { parseAnswer } from "./parse-answer.ts";

/** What a sync would do to the objects that differ, as a server compared them. Values of Secrets are hidden by it. */
export async function askDiffs(
  api: ApiClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly ObjectDiff[]> {
  const items = await askManaged(api, app, signal);
  const diffs = items
    .filter(({ modified = false, hook = false }) => modified && !hook)
    .map(({ group = "", kind = "", namespace = "", name = "", ...states }) => {
      const { targetState = "", normalizedLiveState = "", predictedLiveState = "" } = states;
      const before = parseAnswer(normalizedLiveState, api.address);
      const isPruned = parseAnswer(targetState, api.address) === undefined;
      const after = isPruned ? undefined : parseAnswer(predictedLiveState, api.address);
      const note = isPruned ? "left Git: a sync with --prune deletes it" : undefined;
      const key = objectKey({ group, kind, namespace, name });
      return { key, lines: isPruned ? [] : diffObjects(before, after), note };
    });
  return diffs.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

type Managed = Awaited<ReturnType<ApiClient["ask"]["application"]["managedResources"]>>;

async function askManaged(
  api: ApiClient,
  app: Application,
  signal: AbortSignal,
): Promise<NonNullable<Managed["items"]>> {
  const { name, namespace = "" } = app.metadata;
  const query = { applicationName: name, appNamespace: namespace, project: app.spec.project };
  const { items = [] } = await api.ask.application.managedResources(query, signal);
  return items;
}

/** What lives of an Application, as a server may show it. */
export async function askLive(
  api: ApiClient,
  app: Application,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const items = await askManaged(api, app, signal);
  return items.flatMap(({ liveState = "" }) => parseAnswer(liveState, api.address) ?? []);
}
