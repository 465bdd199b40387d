import type { ApplicationSource } from "#core/app/index.ts";
import { isOnlyReferred } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { SourceReference } from "#core/hub/index.ts";
import { referToSource } from "#core/hub/index.ts";
import type { JsonValue, KubeObject } from "#core/object/index.ts";
import { isKubeObject } from "#core/object/index.ts";
import { defaultProject } from "#core/project/index.ts";
import { redactSecrets } from "#core/redact/index.ts";
import { defaultSourceSettings } from "#core/source/index.ts";
import type { SourceReach } from "#engine/open-source.ts";
import { fetcherForSource, openSource, resolveRevision } from "#engine/open-source.ts";
import { renderSource } from "#engine/render-source.ts";
import type { Renderer, RenderResult } from "#ports/renderer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { PreviewValues } from "./flags.ts";
import type { Subject } from "./subjects.ts";

/** What renders have in common. */
export interface RenderWorld {
  readonly reach: SourceReach;
  readonly renderer: Renderer;
  readonly flags: PreviewValues;
  readonly hash: (value: string) => string;
  /** Whether a source's files are those of the side that is rendered. */
  readonly follows: (source: ApplicationSource) => boolean;
  readonly isOurs: (source: ApplicationSource) => boolean;
  /** This repository, for its other revisions. */
  readonly url: string;
}

const publicAccess = { repositories: [], templates: [] };

/** Everything a subject renders to, as it may be shown. Throws `GIT_`, `CHART_` and `RENDER_` errors. */
export async function renderSide(
  subject: Subject,
  tree: SourceTree,
  world: RenderWorld,
): Promise<readonly KubeObject[]> {
  const { reach, renderer, flags } = world;
  const { signal } = reach;
  const references = subject.sources.map((source) => referenceOf(source, world));
  const revisions: string[] = [];
  for (const reference of references) {
    const isHere = world.follows(reference.source);
    revisions.push(isHere ? tree.revision : await resolveRevision(reference, "", reach));
  }
  const { name, namespace, project } = subject;
  const objects: KubeObject[] = [];
  for (const [i, { source }] of references.entries()) {
    if (references.length > 1 && isOnlyReferred(source)) continue;
    const result = await renderSource(i, {
      renderer,
      fetcherFor: (reference) => fetcherForSource(reference, reach),
      subject: { name, instance: name, namespace, project },
      settings: { ...defaultSourceSettings, buildOptions: flags["kustomize-build-options"] ?? "" },
      sources: references,
      revisions,
      open: async (index) => {
        const reference = references[index];
        if (reference === undefined) throw new Error(`the application has no source ${index}`);
        return world.follows(reference.source) ? tree : openSource(reference, revisions[index] ?? "", reach);
      },
      facts: () =>
        Promise.resolve({ kubeVersion: flags["kube-version"] ?? "", apiVersions: flags["api-versions"] }),
      signal,
    });
    objects.push(...shownObjects(result, world.hash));
  }
  return objects;
}

/** A repository on this machine is read only when it is the one that is looked at: who proposes a change must not choose another. */
function referenceOf(source: ApplicationSource, { isOurs, url }: RenderWorld): SourceReference {
  if (isOurs(source)) {
    const local = referToSource({ ...source, repoURL: url }, defaultProject(""), publicAccess);
    return { ...local, source };
  }
  if (/^(?:file:|\/|\.)/u.test(source.repoURL))
    throw new MooringError(
      "POLICY_FORBIDDEN",
      `source ${source.repoURL}: it is another repository on this machine; name it with --repo-url when it is this one`,
    );
  return referToSource(source, defaultProject(""), publicAccess);
}

function shownObjects(
  { manifests, secretPaths }: RenderResult,
  hash: RenderWorld["hash"],
): readonly KubeObject[] {
  const values = JSON.parse(new TextDecoder().decode(manifests)) as readonly JsonValue[];
  return values.flatMap((value, i) =>
    isKubeObject(value) ? [redactSecrets(value, { hash, secretPaths: secretPaths?.[i] ?? [] })] : [],
  );
}
