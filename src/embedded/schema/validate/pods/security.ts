import type { FieldError } from "../../rules.ts";
import { type At, between, fieldAt, ids, itemsOf, supported, text } from "../checks.ts";
import { invalid, required } from "../field-errors.ts";

const sysctl = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
const profiles = ["Localhost", "RuntimeDefault", "Unconfined"];

/** Users, groups and profiles of a pod, and the host's namespaces that it shares. */
export function checkPodSecurity(at: At): readonly FieldError[] {
  const { path, value: spec } = at;
  const errors: FieldError[] = [];
  if (spec["hostPID"] === true && spec["shareProcessNamespace"] === true) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(`${path}.shareProcessNamespace`, true, detail));
  }
  const context = fieldAt(at, "securityContext");
  if (context === undefined) return errors;
  for (const field of ["fsGroup", "runAsUser", "runAsGroup"]) {
    errors.push(...between(`${context.path}.${field}`, context.value[field], ids));
  }
  const changes = supported(`${context.path}.fsGroupChangePolicy`, context.value["fsGroupChangePolicy"], [
    "Always",
    "OnRootMismatch",
  ]);
  return [...errors, ...changes, ...checkProfile(context), ...checkSysctls(context)];
}

function checkSysctls(context: At): readonly FieldError[] {
  return itemsOf(context.value, "sysctls", context.path).flatMap(({ path, value }) => {
    const name = text(value, "name");
    if (name === "") return [required(`${path}.name`)];
    if (name.length <= 253 && new RegExp(sysctl).test(name)) return [];
    return [invalid(`${path}.name`, name, `must have at most 253 characters and match regex ${sysctl}`)];
  });
}

function checkProfile(context: At): readonly FieldError[] {
  const profile = fieldAt(context, "seccompProfile");
  if (profile === undefined) return [];
  const type = text(profile.value, "type");
  if (type === "") return [required(`${profile.path}.type`)];
  if (type === "Localhost" && text(profile.value, "localhostProfile") === "") {
    return [required(`${profile.path}.localhostProfile`, "must be set when seccomp type is Localhost")];
  }
  return supported(`${profile.path}.type`, type, profiles);
}

export function checkContainerSecurity(container: At): readonly FieldError[] {
  const context = fieldAt(container, "securityContext");
  if (context === undefined) return [];
  const { path, value } = context;
  const errors = ["runAsUser", "runAsGroup"].flatMap((field) =>
    between(`${path}.${field}`, value[field], ids),
  );
  if (value["privileged"] === true && value["allowPrivilegeEscalation"] === false) {
    const detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
    errors.push(invalid(path, value, detail));
  }
  return [...errors, ...checkProfile(context)];
}
