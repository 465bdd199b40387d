import { stringify } from "yaml";
import type { Role } from "#core/install/index.ts";
import { installManifests, nameOf } from "#core/install/index.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewObject, viewString } from "#core/object/index.ts";
import { auditClaim, helpers, ingress, note } from "./chart-templates.ts";
import { values, valuesSchema } from "./chart-values.ts";
import { mooringVersion } from "#cli/commands/version.ts";

/**
 * The files of the Helm chart but its definitions, by path: templates are the manifests of the installation, with values in the places that people
 * change.
 */
export function chartFiles(): ReadonlyMap<string, string> {
  const objects = manifests(true);
  const within = (kinds: readonly string[], from = objects) =>
    from.filter(({ kind }) => kinds.includes(kind)).map((object) => formatTemplate(object));
  const access = ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"];
  return new Map([
    ["Chart.yaml", stringify(description)],
    ["values.yaml", values],
    ["values.schema.json", `${JSON.stringify(valuesSchema, undefined, 2)}\n`],
    ["templates/_helpers.tpl", helpers],
    [
      "templates/access.yaml",
      template(
        `{{- if .Values.clusterWide }}\n${within(access).join("---\n")}{{- else }}\n${within(access, manifests(false)).join("---\n")}{{- end }}\n`,
      ),
    ],
    ["templates/settings.yaml", template(within(["ConfigMap"]).join("---\n"))],
    [
      "templates/default-project.yaml",
      template(
        `{{- if .Values.defaultProject.create }}\n${within(["AppProject"]).join("---\n")}{{- end }}\n`,
      ),
    ],
    ["templates/workloads.yaml", template(within(["Deployment", "Service"]).join("---\n"))],
    [
      "templates/network-policies.yaml",
      template(
        `{{- if .Values.networkPolicies.enabled }}\n${within(["NetworkPolicy"]).join("---\n")}{{- end }}\n`,
      ),
    ],
    ["templates/audit-claim.yaml", template(auditClaim)],
    ["templates/ingress.yaml", template(ingress)],
  ]);
}

const description = {
  apiVersion: "v2",
  name: "mooring",
  description: "GitOps for Kubernetes: what should run is in Git, and runs",
  type: "application",
  version: mooringVersion,
  appVersion: mooringVersion,
  kubeVersion: ">=1.28.0-0",
};

function template(text: string): string {
  return `{{- /* ${note} */ -}}\n${text}`;
}

function manifests(clusterWide: boolean): readonly KubeObject[] {
  return installManifests({
    image: mark("value", 'include "mooring.image" .'),
    namespace: mark("value", ".Release.Namespace"),
    skipCrds: true,
    clusterWide,
  }).map((object) => withValues(object));
}

/** A place that a value is put into: `value` in line, `block` and `with` below the field (the latter with the field, or not at all), `items` of a list. */
type Place = "value" | "block" | "with" | "items";

function mark(place: Place, expression: string): string {
  return `@@${place} ${expression}@@`;
}

function withValues(object: KubeObject): KubeObject {
  if (object.kind === "ConfigMap") return withSettings(object);
  if (object.kind === "AppProject") return { ...object, metadata: { ...object.metadata, ...keep } };
  if (object.kind === "Service") return withServiceValues(object);
  if (object.kind.startsWith("ClusterRole")) return withClusterName(object);
  if (object.kind !== "Deployment") return object;
  const filled = withWorkloadValues(object);
  return roleOf(object) === "server" ? withDataVolume(filled) : filled;
}

/** The manifests' name for whatever namespace the release is in. */
function withClusterName(object: KubeObject): KubeObject {
  const name = mark(
    "value",
    `include "mooring.clusterName" (list . ${JSON.stringify(nameOf(roleOf(object)))})`,
  );
  const named = { ...object, metadata: { ...object.metadata, name } };
  if (object.kind === "ClusterRole") return named;
  return { ...named, roleRef: { ...viewObject(object, "roleRef"), name } };
}

function roleOf({ metadata }: KubeObject): Role {
  return metadata.labels?.["app.kubernetes.io/component"] === "server" ? "server" : "controller";
}

/** What belongs to the user outlives the release. */
const keep = { annotations: { "helm.sh/resource-policy": "keep" } };

function withSettings(object: KubeObject): KubeObject {
  const data = mark("with", `index .Values.configs ${JSON.stringify(object.metadata.name)}`);
  return { ...object, metadata: { ...object.metadata, ...keep }, data };
}

function withServiceValues(object: KubeObject): KubeObject {
  const spec = viewObject(object, "spec");
  return { ...object, spec: { type: mark("value", ".Values.server.service.type"), ...spec } };
}

function withWorkloadValues(object: KubeObject): KubeObject {
  const role = roleOf(object);
  const value = (place: Place, field: string) => mark(place, `.Values.${role}.${field}`);
  const spec = viewObject(object, "spec");
  const pod = viewObject(spec, "template", "spec");
  const [container] = viewArray(pod, "containers") as readonly JsonObject[];
  const { args, env, resources: _default, ...rest } = container ?? {};
  const more = (list: JsonValue | undefined, field: string) => [
    ...(list as readonly JsonValue[]),
    value("items", field),
  ];
  const filled: JsonObject = {
    ...rest,
    imagePullPolicy: mark("value", ".Values.image.pullPolicy"),
    args: more(args, "args"),
    env: more(env, "env"),
    resources: value("block", "resources"),
  };
  const placement = Object.fromEntries(
    ["nodeSelector", "tolerations", "affinity"].map((field) => [field, value("with", field)]),
  );
  const pullSecrets = mark("with", ".Values.imagePullSecrets");
  return {
    ...object,
    spec: {
      ...spec,
      replicas: value("value", "replicas"),
      template: {
        metadata: {
          ...viewObject(spec, "template", "metadata"),
          annotations: value("with", "podAnnotations"),
        },
        spec: { ...pod, imagePullSecrets: pullSecrets, ...placement, containers: [filled] },
      },
    },
  };
}

/** The server's directory on a volume that stays, where one is asked for; only one process may have that open. */
function withDataVolume(object: KubeObject): KubeObject {
  const spec = viewObject(object, "spec");
  const template = viewObject(spec, "template");
  const pod = viewObject(template, "spec");
  const others = viewArray(pod, "volumes").filter((volume) => viewString(volume, "name") !== "data");
  const data = mark("items", '(include "mooring.serverData" . | fromYamlArray)');
  const strategy = mark("block", '(include "mooring.serverStrategy" . | fromYaml)');
  return {
    ...object,
    spec: { ...spec, strategy, template: { ...template, spec: { ...pod, volumes: [data, ...others] } } },
  };
}

function formatTemplate(object: KubeObject): string {
  const text = stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 });
  return text
    .split("\n")
    .map((line) => fill(line))
    .join("\n");
}

/** Puts an expression where a line of YAML has a mark. */
function fill(line: string): string {
  const found = /^( *)(- )?(?:([\w.-]+): )?["']?@@(\w+) (.*?)@@["']?$/u.exec(line);
  if (found === null) return line;
  const [, indent = "", dash = "", name = "", place = "", marked = ""] = found;
  const expression = line.includes(`"@@`) ? marked.replaceAll('\\"', '"') : marked;
  const inner = indent.length + 2;
  switch (place as Place) {
    case "value":
      return `${indent}${dash}${name === "" ? "" : `${name}: `}{{ ${expression} }}`;
    case "block":
      return `${indent}${name}: {{- toYaml ${expression} | nindent ${inner} }}`;
    case "with":
      return `${indent}{{- with ${expression} }}\n${indent}${name}: {{- toYaml . | nindent ${inner} }}\n${indent}{{- end }}`;
    case "items":
      return `${indent}{{- with ${expression} }}{{- toYaml . | nindent ${indent.length} }}{{- end }}`;
    default:
      throw new Error(`no place ${place satisfies string}`);
  }
}
