import { mooringVersion } from "#cli/commands/version.ts";
import { customResourceDefinitions } from "#core/crd/index.ts";
import { installManifests } from "#core/install/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { stringify } from "yaml";
import { chartFiles } from "./chart-files.ts";

const header = "# Written by npm run gen; change src/core/crd or src/core/install instead.\n";
const image = `ghcr.io/mooring/mooring:${mooringVersion}`;

/**
 * The files below `manifests/`, by path from there: everything in one file, for the whole cluster and for one namespace; the parts for a
 * kustomization; the chart. The default project is left out where the definitions come along: it needs them to be served.
 */
export function manifestFiles(): ReadonlyMap<string, string> {
  const definitions = customResourceDefinitions();
  const crds = definitions.map((definition) => {
    const path = `crds/${viewString(definition, "spec", "names", "singular")}.yaml`;
    return [path, formatFile([definition])] as const;
  });
  const parts = (clusterWide: boolean): readonly KubeObject[] =>
    installManifests({ image, skipCrds: true, clusterWide }).filter(({ kind }) => kind !== "AppProject");
  const resources = [...crds.map(([path]) => path), "mooring.yaml"];
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
  return new Map([
    ...crds,
    ["mooring.yaml", formatFile(parts(true))],
    ["install.yaml", formatFile([...definitions, ...parts(true)])],
    ["namespace-install.yaml", formatFile(parts(false))],
    ["kustomization.yaml", header + stringify(kustomization)],
    ...[...chartFiles()].map(([path, text]) => [`chart/${path}`, text] as const),
    ...crds.map(([path, text]) => [`chart/${path}`, text] as const),
  ]);
}

function formatFile(objects: readonly KubeObject[]): string {
  const documents = objects.map((object) =>
    stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }),
  );
  return header + documents.join("---\n");
}
