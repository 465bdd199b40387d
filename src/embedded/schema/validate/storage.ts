import { parseQuantity } from "#core/merge/quantity.ts";
import type { JsonObject } from "#core/object/index.ts";
import { isJsonObject, jsonEqual, viewArray, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type At, fieldAt, type KindCheck, named, present, supported, text } from "./checks.ts";
import { accessModes as modes, checkClaimSpec, volumeModes } from "./claim-spec.ts";
import { forbidden, invalid, notSupported, required } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isSubdomain } from "./names.ts";
import { checkHostPath } from "./pods/volumes.ts";
import { specOf } from "./workloads.ts";
import { textOf } from "../text-of.ts";

export const checkClaim: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  return live === undefined
    ? checkClaimSpec(spec)
    : [
        ...checkClaimSpec(spec),
        ...checkClaimUpdate(spec.value, live),
        ...immutable("volumeMode", spec.value["volumeMode"], viewObject(live, "spec")["volumeMode"]),
      ];
};

/** Once made, a claim may only be bound, and when it is bound, ask for more. */
function checkClaimUpdate(next: JsonObject, live: JsonObject): readonly FieldError[] {
  const before = viewObject(live, "spec");
  const isBound = viewString(live, "status", "phase") === "Bound";
  const fixed = (spec: JsonObject): JsonObject => {
    const { volumeName, volumeAttributesClassName, resources, storageClassName, ...rest } = spec;
    return {
      ...rest,
      ...(before["storageClassName"] === undefined ? {} : { storageClassName }),
      ...((viewString(before, "volumeName") ?? "") === "" ? {} : { volumeName }),
      ...(isBound ? {} : { resources, volumeAttributesClassName }),
    };
  };
  const errors: FieldError[] = [];
  if (!jsonEqual(fixed(next), fixed(before))) {
    const detail =
      "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
    errors.push(forbidden("spec", detail));
  }
  const [after, earlier] = [next, before].map((spec) =>
    amountOf(viewString(spec, "resources", "requests", "storage")),
  );
  const capacity = amountOf(viewString(live, "status", "capacity", "storage"));
  if ((after ?? 0n) < (earlier ?? 0n) && (after ?? 0n) <= capacity)
    errors.push(forbidden("spec.resources.requests.storage", "field can not be less than status.capacity"));
  return errors;
}

function amountOf(quantity: string | undefined): bigint {
  return parseQuantity(quantity ?? "0") ?? 0n;
}

const otherThanSources: ReadonlySet<string> = new Set(["capacity", "claimRef", "nodeAffinity"]);

export const checkVolume: KindCheck = ({ next, live }) => {
  const spec = specOf(next);
  const { path, value } = spec;
  const accessModes = viewArray(value, "accessModes");
  const errors: FieldError[] = accessModes.length === 0 ? [required(`${path}.accessModes`)] : [];
  errors.push(...accessModes.flatMap((mode) => supported(`${path}.accessModes`, mode, modes)));
  errors.push(...checkCapacity(`${path}.capacity`, viewObject(value, "capacity")));
  errors.push(
    ...supported(`${path}.persistentVolumeReclaimPolicy`, value["persistentVolumeReclaimPolicy"], [
      "Delete",
      "Recycle",
      "Retain",
    ]),
  );
  errors.push(...checkSource(spec));
  const className = text(value, "storageClassName");
  if (className !== "") errors.push(...named(`${path}.storageClassName`, className, isSubdomain));
  errors.push(...supported(`${path}.volumeMode`, value["volumeMode"], volumeModes));
  if (live === undefined) return errors;
  if (!jsonEqual(sourcesOf(value), sourcesOf(viewObject(live, "spec")))) {
    errors.push(
      forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"),
    );
  }
  return [
    ...errors,
    ...immutable("spec.volumeMode", value["volumeMode"], viewObject(live, "spec")["volumeMode"]),
  ];
};

function checkCapacity(path: string, capacity: JsonObject): readonly FieldError[] {
  const names = Object.keys(capacity);
  if (names.length === 0) return [required(path), notSupported(path, null, ["storage"])];
  if (names.length > 1 || names[0] !== "storage") return [notSupported(path, capacity, ["storage"])];
  const amount = textOf(capacity["storage"]);
  return (parseQuantity(amount) ?? 0n) > 0n
    ? []
    : [invalid(`${path}[storage]`, amount, "must be greater than zero")];
}

function sourcesOf(spec: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(spec).filter(([name, value]) => !otherThanSources.has(name) && isJsonObject(value)),
  );
}

function checkSource(spec: At): readonly FieldError[] {
  const [first, ...more] = Object.keys(sourcesOf(spec.value)).toSorted((a, b) => orderOf(a) - orderOf(b));
  if (first === undefined) return [required(spec.path, "must specify a volume type")];
  const source = fieldAt(spec, first);
  return [
    ...(first === "hostPath" && source !== undefined ? checkHostPath(source) : []),
    ...more.map((name) => forbidden(`${spec.path}.${name}`, "may not specify more than 1 volume type")),
  ];
}

function orderOf(source: string): number {
  return source === "hostPath" ? 0 : 1;
}

export const checkStorageClass: KindCheck = ({ next, live }) => [
  ...supported("reclaimPolicy", next["reclaimPolicy"], ["Delete", "Retain"]),
  ...supported("volumeBindingMode", next["volumeBindingMode"], ["Immediate", "WaitForFirstConsumer"]),
  ...present("provisioner", text(next, "provisioner")),
  ...(live === undefined
    ? []
    : fixedFields.filter((field) => !jsonEqual(next[field], live[field])).map(notChangeable)),
];

const fixedFields = ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"];

function notChangeable(field: string): FieldError {
  return invalid(field, null, "field is immutable");
}
