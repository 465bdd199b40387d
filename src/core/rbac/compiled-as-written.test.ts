import fc from "fast-check";
import { expect, it } from "vitest";
import { parseGlob } from "#core/project/glob.ts";
import type { AppProject } from "#core/project/index.ts";
import { enforcerOf, projectOf } from "./testing.ts";
import type { AccessRequest, AccessSubject } from "./types.ts";

type Line = readonly string[];

/** The model as Argo CD documents it, without any preparation: every line is tried for every question. */
interface Model {
  readonly lines: readonly Line[];
  readonly projects: readonly AppProject[];
  readonly defaultRole: string;
  readonly regex: boolean;
}

function matches(pattern: string, text: string, regex: boolean): boolean {
  return regex ? new RegExp(pattern, "u").test(text) : parseGlob(pattern).matches(text);
}

function has(lines: readonly Line[], name: string, wanted: string): boolean {
  let names = [name];
  for (let depth = 0; depth <= 10; depth += 1) {
    if (names.includes(wanted)) return true;
    names = lines
      .filter(([type, member = ""]) => type === "g" && names.includes(member))
      .map(([, , role = ""]) => role);
  }
  return false;
}

function judge(
  model: Model,
  lines: readonly Line[],
  [name = "", resource = "", action = "", object = ""]: Line,
): boolean {
  const effects = lines
    .filter(([type, subject = ""]) => type === "p" && has(lines, name, subject))
    .filter(([, , r = "", a = "", o = ""]) =>
      [
        [r, resource],
        [a, action],
        [o, object],
      ].every(([p = "", t = ""]) => matches(p, t, model.regex)),
    )
    .map((line) => line[5]);
  return effects.includes("allow") && !effects.includes("deny");
}

function linesOfProject({ metadata, spec }: AppProject): readonly Line[] {
  return (spec.roles ?? []).flatMap((role) => [
    ["p", `proj:${metadata.name}:${role.name}`, "projects", "get", metadata.name, "allow"],
    ...(role.policies ?? []).map((line) => [...line.matchAll(/"([^"]*)"/gu)].map(([, field = ""]) => field)),
    ...(role.groups ?? []).map((group) => ["g", group, `proj:${metadata.name}:${role.name}`]),
  ]);
}

function allowed(
  model: Model,
  { subject, groups }: AccessSubject,
  { resource, action, object }: AccessRequest,
): boolean {
  const ask = (name: string, lines: readonly Line[]) => judge(model, lines, [name, resource, action, object]);
  if (model.defaultRole !== "" && ask(model.defaultRole, model.lines)) return true;
  const inProject =
    ["applications", "repositories", "clusters", "logs", "exec", "applicationsets"].includes(resource) &&
    object.includes("/");
  const name = resource === "projects" ? object : inProject ? object.split("/")[0] : undefined;
  const project = model.projects.find(({ metadata }) => metadata.name === name);
  const lines = [...model.lines, ...(project === undefined ? [] : linesOfProject(project))];
  const own = /^proj:([^:]*):[^:]*$/u.exec(subject)?.[1];
  if (project !== undefined && own !== undefined) {
    if (own !== name) return false;
    return (model.defaultRole !== "" && ask(model.defaultRole, lines)) || ask(subject, lines);
  }
  const counted = groups.filter((group) => lines.some(([type, member]) => type === "g" && member === group));
  return [model.defaultRole, subject, ...counted].some((one) => one !== "" && ask(one, lines));
}

const names = fc.constantFrom(
  "ada",
  "devs",
  "ops",
  "role:a",
  "role:b",
  "role:c",
  "proj:shop:x",
  "proj:bank:x",
);
const resources = fc.constantFrom("applications", "repositories", "logs", "projects", "accounts");
const actions = fc.constantFrom("get", "sync", "delete", "delete/apps/Deployment/ns/web");
const objects = fc.constantFrom(
  "shop/web",
  "shop/ns/web",
  "shop/",
  "bank/web",
  "sho/p",
  "shop",
  "bank",
  "/web",
  "https://git.example/a",
  "shop/https://git.example/a",
  "",
);
const globs = {
  resource: fc.oneof(resources, fc.constantFrom("*", "app*", "{logs,accounts}")),
  action: fc.oneof(actions, fc.constantFrom("*", "delete/*", "?et", "delete*web")),
  object: fc.oneof(
    objects,
    fc.constantFrom(
      "*",
      "**",
      "*/*",
      "shop/*",
      "sh*",
      "sh*/*",
      "*/web",
      "*/ns/*",
      "[sb]*",
      "{shop,bank}/*",
      "shop*w*b",
      "s?op/*",
      "\\shop/*",
      "https:*",
      "*/",
      "shop/*/*",
    ),
  ),
};
const expressions = {
  resource: fc.oneof(resources, fc.constantFrom(".*", "^app", "logs|accounts")),
  action: fc.oneof(actions, fc.constantFrom(".*", "delete/.*", "^get$", "^.et")),
  object: fc.oneof(
    fc.constantFrom(
      "shop/web",
      "^shop/.*$",
      "^shop/",
      "^sho?p",
      "^shop|bank",
      "shop/.*",
      "web$",
      ".+/.+",
      ".*",
      "^shop$",
      "^shop/web$",
      "^s",
      "^(shop|bank)/",
      "a",
      "^$",
      "^sho{0,1}",
      "https:\\/\\/git\\.example",
    ),
  ),
};
const effect = fc.constantFrom("allow", "allow", "deny");
const memberships = fc.tuple(fc.constant("g"), names, names);
const rules = (kind: typeof globs | typeof expressions) =>
  fc.tuple(fc.constant("p"), names, kind.resource, kind.action, kind.object, effect);
const linesOf = (kind: typeof globs | typeof expressions) =>
  fc.array(fc.oneof(rules(kind), memberships) as fc.Arbitrary<Line>, { maxLength: 12 });

function written(line: Line): string {
  return line.map((field) => `"${field}"`).join(", ");
}

function roleOf(kind: typeof globs | typeof expressions, project: string) {
  const rule = fc.tuple(
    fc.constantFrom("applications", "repositories", "logs"),
    kind.action,
    kind.object,
    effect,
  );
  return fc.record({
    policies: fc.array(
      rule.map((fields) => written(["p", `proj:${project}:x`, ...fields])),
      { maxLength: 3 },
    ),
    groups: fc.subarray(["devs", "ops", "role:b"]),
  });
}

const askers = fc.record({
  subject: fc.oneof(names, fc.constant("")),
  groups: fc.subarray(["devs", "ops", "role:a", "eve"]),
});
const requests = fc.record({ resource: resources, action: actions, object: objects });

function property(kind: typeof globs | typeof expressions) {
  return fc.property(
    fc.record({
      lines: linesOf(kind),
      shop: roleOf(kind, "shop"),
      bank: roleOf(kind, "bank"),
      defaultRole: fc.constantFrom("", "role:c", "devs"),
      asker: askers,
      asked: fc.array(requests, { minLength: 1, maxLength: 12 }),
    }),
    ({ lines, shop, bank, defaultRole, asker, asked }) => {
      const projects = [
        projectOf("shop", [{ name: "x", ...shop }]),
        projectOf("bank", [{ name: "x", ...bank }]),
      ];
      const model: Model = { lines, projects, defaultRole, regex: kind === expressions };
      const data = {
        "policy.csv": lines.map(written).join("\n"),
        "policy.default": defaultRole,
        "policy.matchMode": model.regex ? "regex" : "glob",
      };
      const enforcer = enforcerOf(data, projects);
      const permissions = enforcer.permissionsFor(asker);
      for (const request of asked) {
        const expected = allowed(model, asker, request);
        const decision = permissions.explain(request);
        expect({ request, allowed: permissions.allows(request) }).toEqual({ request, allowed: expected });
        expect(decision.allowed).toBe(expected);
        if (expected) expect(decision.because?.text).toMatch(/"allow"$|own project$/u);
        else if (decision.because !== undefined) expect(decision.because.text).toMatch(/"deny"$/u);
      }
    },
  );
}

it.each([
  ["globs", globs],
  ["expressions", expressions],
] as const)("answers as trying every line for every question would, with %s", (_, kind) => {
  fc.assert(property(kind), { numRuns: 300 });
});
