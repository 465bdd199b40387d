import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { viewArray, viewNumber, viewObject, viewString } from "#core/object/index.ts";

/** What is odd about the pods of a template. */
export function templateWarnings(object: KubeObject, ...path: readonly string[]): readonly string[] {
  const spec = viewObject(object, ...path, "spec");
  const at = `${path.join(".")}.spec`;
  return [
    ...spreadWarnings(spec, at),
    ...pullSecretWarnings(spec, at),
    ...containerWarnings(spec, at),
    ...graceWarnings(spec, at),
    ...portWarnings(spec, at),
    ...affinityWarnings(spec, at),
  ];
}

function spreadWarnings(spec: JsonObject, path: string): readonly string[] {
  return viewArray(spec, "topologySpreadConstraints").flatMap((constraint, i) =>
    viewObject(constraint)["labelSelector"] === undefined
      ? [
          `${path}.topologySpreadConstraints[${i}].labelSelector: a null labelSelector results in matching no pod`,
        ]
      : [],
  );
}

function pullSecretWarnings(spec: JsonObject, path: string): readonly string[] {
  const names = viewArray(spec, "imagePullSecrets").map((secret) => viewString(secret, "name") ?? "");
  return names.flatMap((name, i) =>
    names.indexOf(name) === i
      ? []
      : [`${path}.imagePullSecrets[${i}].name: duplicate name ${JSON.stringify(name)}`],
  );
}

const [required, preferred] = [
  "requiredDuringSchedulingIgnoredDuringExecution",
  "preferredDuringSchedulingIgnoredDuringExecution",
];

function affinityWarnings(spec: JsonObject, path: string): readonly string[] {
  return ["podAffinity", "podAntiAffinity"].flatMap((field) => {
    const at = `${path}.affinity.${field}`;
    const affinity = viewObject(spec, "affinity", field);
    const terms = [
      ...viewArray(affinity, required).map(
        (term, i) => [`${at}.${required}[${i}]`, viewObject(term)] as const,
      ),
      ...viewArray(affinity, preferred).map(
        (term, i) =>
          [`${at}.${preferred}[${i}].podAffinityTerm`, viewObject(term, "podAffinityTerm")] as const,
      ),
    ];
    return terms.flatMap(([where, term]) =>
      term["labelSelector"] === undefined
        ? [`${where}.labelSelector: a null labelSelector results in matching no pod`]
        : [],
    );
  });
}

function containerWarnings(spec: JsonObject, path: string): readonly string[] {
  return ["initContainers", "containers"].flatMap((field) =>
    viewArray(spec, field).flatMap((container, i) => {
      const at = `${path}.${field}[${i}]`;
      const resources = (list: string): readonly string[] =>
        fractionWarnings(viewObject(container, "resources", list), `${at}.resources.${list}`);
      return [
        ...hiddenVariables(viewArray(container, "env"), at),
        ...["limits", "requests"].flatMap(resources),
      ];
    }),
  );
}

function hiddenVariables(variables: readonly JsonValue[], path: string): readonly string[] {
  const names = variables.map((variable) => viewString(variable, "name") ?? "");
  return names.flatMap((name, i) =>
    name === "" || names.indexOf(name) === i
      ? []
      : [
          `${path}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ],
  );
}

interface PortPlace {
  readonly path: string;
  readonly port: JsonObject;
}

/** Ports that several containers have, or one twice. */
function portWarnings(spec: JsonObject, path: string): readonly string[] {
  const known: PortPlace[] = [];
  const places = ["initContainers", "containers"].flatMap((field) =>
    viewArray(spec, field).flatMap((container, i) =>
      viewArray(container, "ports").map((port, j) => ({
        path: `${path}.${field}[${i}].ports[${j}]`,
        port: viewObject(port),
      })),
    ),
  );
  const repeated = places.flatMap((place) => {
    const told = known.flatMap((other) => portWarning(place, other));
    known.push(place);
    return told;
  });
  return [...repeated, ...portNameWarnings(places)];
}

function portNameWarnings(places: readonly PortPlace[]): readonly string[] {
  const known = new Map<string, string>();
  return places.flatMap(({ path, port }) => {
    const name = viewString(port, "name") ?? "";
    const first = known.get(name);
    if (name !== "" && first === undefined) known.set(name, path);
    if (first === undefined) return [];
    return [
      `${path}: duplicate port name ${JSON.stringify(name)} with ${first}, services and probes that select ports by name will use ${first}`,
    ];
  });
}

function portWarning({ path, port }: PortPlace, other: PortPlace): readonly string[] {
  const isSame = (field: string): boolean => (port[field] ?? 0) === (other.port[field] ?? 0);
  if (!isSame("containerPort") || !isSame("protocol")) return [];
  if (isSame("hostPort") && isSame("hostIP"))
    return [`${path}: duplicate port definition with ${other.path}`];
  const isLoose = (port["hostPort"] ?? 0) === 0 || (other.port["hostPort"] ?? 0) === 0;
  return isLoose ? [`${path}: overlapping port definition with ${other.path}`] : [];
}

/** Milli-units of what is counted in bytes. */
function fractionWarnings(resources: JsonObject, path: string): readonly string[] {
  return ["memory", "ephemeral-storage"].flatMap((name) => {
    const quantity = viewString(resources, name) ?? "";
    if (!quantity.endsWith("m")) return [];
    return [
      `${path}[${name}]: fractional byte value ${JSON.stringify(quantity)} is invalid, must be an integer`,
    ];
  });
}

function graceWarnings(spec: JsonObject, path: string): readonly string[] {
  const isNegative = (viewNumber(spec, "terminationGracePeriodSeconds") ?? 0) < 0;
  return isNegative
    ? [
        `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
      ]
    : [];
}
