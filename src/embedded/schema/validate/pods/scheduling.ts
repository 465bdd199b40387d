import { viewArray } from "#core/object/index.ts";
import type { FieldError } from "../../rules.ts";
import { type At, fieldAt, itemsOf, named, supported, text } from "../checks.ts";
import { duplicate, invalid, notSupported, required } from "../field-errors.ts";
import { isLabelKey } from "../names.ts";
import { checkLabelSelector } from "../selectors.ts";

const required_ = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const whenUnsatisfiable = ["DoNotSchedule", "ScheduleAnyway"];

/** Where pods may run: tolerations, affinities and how they spread. */
export function checkScheduling(at: At): readonly FieldError[] {
  return [...checkAffinity(at), ...checkTolerations(at), ...checkSpread(at)];
}

function checkTolerations({ path, value: spec }: At): readonly FieldError[] {
  return itemsOf(spec, "tolerations", path).flatMap((toleration) => checkToleration(toleration));
}

function checkToleration({ path, value }: At): readonly FieldError[] {
  const [key, operator, effect] = [text(value, "key"), text(value, "operator"), text(value, "effect")];
  const errors = key === "" ? [] : [...named(`${path}.key`, key, isLabelKey)];
  if (key === "" && operator !== "Exists") {
    const detail = `operator must be Exists when \`key\` is empty, which means "match all values and all keys"`;
    errors.push(invalid(`${path}.operator`, operator, detail));
  }
  if (value["tolerationSeconds"] !== undefined && effect !== "NoExecute") {
    errors.push(
      invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    );
  }
  if (operator === "Exists" && text(value, "value") !== "") {
    errors.push(
      invalid(`${path}.operator`, text(value, "value"), "value must be empty when `operator` is 'Exists'"),
    );
  }
  if (!["", "Equal", "Exists", "Lt", "Gt"].includes(operator)) {
    errors.push(notSupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  }
  return effect === "" ? errors : [...errors, ...supported(`${path}.effect`, effect, effects)];
}

function checkAffinity(at: At): readonly FieldError[] {
  const affinity = fieldAt(at, "affinity");
  if (affinity === undefined) return [];
  const node = fieldAt(affinity, "nodeAffinity");
  return [
    ...(node === undefined ? [] : checkNodeAffinity(node)),
    ...["podAffinity", "podAntiAffinity"].flatMap((field) => {
      const terms = fieldAt(affinity, field);
      return terms === undefined ? [] : checkPodAffinity(terms);
    }),
  ];
}

function checkNodeAffinity(node: At): readonly FieldError[] {
  const selector = fieldAt(node, required_);
  if (selector === undefined || viewArray(selector.value, "nodeSelectorTerms").length > 0) return [];
  return [required(`${selector.path}.nodeSelectorTerms`, "must have at least one node selector term")];
}

function checkPodAffinity({ path, value }: At): readonly FieldError[] {
  return [
    ...itemsOf(value, required_, path).flatMap((term) => checkPodTerm(term)),
    ...itemsOf(value, preferred, path).flatMap((weighted) => {
      const term = fieldAt(weighted, "podAffinityTerm");
      const weight = Number(weighted.value["weight"] ?? 0);
      return [
        ...(weight >= 1 && weight <= 100
          ? []
          : [invalid(`${weighted.path}.weight`, weight, "must be in the range 1-100")]),
        ...(term === undefined ? [] : checkPodTerm(term)),
      ];
    }),
  ];
}

function checkPodTerm(term: At): readonly FieldError[] {
  const selector = fieldAt(term, "labelSelector");
  const key = text(term.value, "topologyKey");
  return [
    ...(selector === undefined ? [] : checkLabelSelector(selector)),
    ...(key === "" ? [required(`${term.path}.topologyKey`, "can not be empty")] : []),
    ...named(`${term.path}.topologyKey`, key, isLabelKey),
  ];
}

function checkSpread({ path, value: spec }: At): readonly FieldError[] {
  const constraints = itemsOf(spec, "topologySpreadConstraints", path);
  const pairs = constraints.map(
    ({ value }) => `{${text(value, "topologyKey")}, ${text(value, "whenUnsatisfiable")}}`,
  );
  return constraints.flatMap((constraint, i) => {
    const { path: at, value } = constraint;
    const errors: FieldError[] = [];
    if (Number(value["maxSkew"] ?? 0) <= 0)
      errors.push(invalid(`${at}.maxSkew`, value["maxSkew"], "must be greater than zero"));
    if (text(value, "topologyKey") === "") errors.push(required(`${at}.topologyKey`, "can not be empty"));
    errors.push(...supported(`${at}.whenUnsatisfiable`, text(value, "whenUnsatisfiable"), whenUnsatisfiable));
    const pair = pairs[i] ?? "";
    if (pairs.includes(pair, i + 1)) errors.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair));
    const selector = fieldAt(constraint, "labelSelector");
    return selector === undefined ? errors : [...errors, ...checkLabelSelector(selector)];
  });
}
