import { actionsOf, resources, stageActions } from "./vocabulary.ts";

export const builtInSource = "built-in";

const writing =
  "create update delete sync rollback override action debug invoke promote approve hold break-glass".split(
    " ",
  );

/** What only administrators see: records tell of every project, and from where people work. */
const forAdministrators: readonly string[] = ["audit"];
const forReaders = resources.filter((resource) => !forAdministrators.includes(resource));

/**
 * `role:readonly` sees everything but the audit, `role:admin` may do everything, and the account `admin` has it. Always globs, also where
 * `policy.matchMode` is `regex`.
 */
export const builtInPolicy: string = [
  ...forReaders.flatMap((resource) => linesFor("role:readonly", resource, ["get"])),
  ...forAdministrators.flatMap((resource) => linesFor("role:admin", resource, ["get"])),
  ...resources.flatMap((resource) => linesFor("role:admin", resource, writing)),
  "g, role:admin, role:readonly",
  "g, admin, role:admin",
].join("\n");

function linesFor(role: string, resource: string, verbs: readonly string[]): readonly string[] {
  const object = [
    "applications",
    "applicationsets",
    "imageautomations",
    "logs",
    "exec",
    "pipelines",
  ].includes(resource)
    ? "*/*"
    : "*";
  return verbs
    .filter((verb) => actionsOf(resource).includes(verb))
    .flatMap((verb) => spellings(resource, verb))
    .map((action) => `p, ${role}, ${resource}, ${action}, ${object}, allow`);
}

function spellings(resource: string, verb: string): readonly string[] {
  if (resource === "pipelines" && stageActions.includes(verb)) return [`${verb}/*`];
  if (resource !== "applications") return [verb];
  if (verb === "action") return ["action/*"];
  return verb === "update" || verb === "delete" ? [verb, `${verb}/*`] : [verb];
}
