import { customResourceDefinitions } from "#core/crd/index.ts";
import { installManifests } from "#core/install/index.ts";
import type { KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { stringify } from "yaml";

const header = "# Written by npm run gen; change src/core/crd or src/core/install instead.\n";
const image = "ghcr.io/mooring/mooring:latest";

/** The files below `manifests/`, by path from there. The default project is left out: it needs the CRDs to be served. */
export function manifestFiles(): ReadonlyMap<string, string> {
  const crds = customResourceDefinitions().map((definition) => {
    const path = `crds/${viewString(definition, "spec", "names", "singular")}.yaml`;
    return [path, formatFile([definition])] as const;
  });
  const controller = installManifests({ image, skipCrds: true }).filter(({ kind }) => kind !== "AppProject");
  const resources = [...crds.map(([path]) => path), "controller.yaml"];
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
  return new Map([
    ...crds,
    ["controller.yaml", formatFile(controller)],
    ["kustomization.yaml", header + stringify(kustomization)],
  ]);
}

function formatFile(objects: readonly KubeObject[]): string {
  const documents = objects.map((object) =>
    stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }),
  );
  return header + documents.join("---\n");
}
