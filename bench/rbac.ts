import { compilePolicy, createEnforcer, parseRbacConfig } from "#core/rbac/index.ts";
import { compilePattern } from "#runtime/patterns.ts";
import type { Figure, Note, Scenario } from "./lib/scenario.ts";
import { percentile, round } from "./lib/scenario.ts";

const applications = 10_000;
const projects = 200;
const rules = 200;
const goalMs = 100;
const runs = 50;

export const scenarios: readonly Scenario[] = [
  {
    name: "rbac-10000",
    what: `Which of ${applications} applications in ${projects} projects somebody with ${rules} rules and five groups may see, from the compiled policy on, in processor time`,
    against: `the target, ${goalMs} ms`,
    goal: 1,
    limits:
      "Denials whose objects no project rules out (a third of the rules here): each is tried for each application. The rules of a project are gathered once.",
    measure: (note) => Promise.resolve(measure(note)),
  },
];

/** A third of the rules each: a whole project, some names of one, and a denial that no project's name can rule out. */
function ruleOf(i: number): string {
  const project = `project-${i % projects}`;
  if (i % 3 === 0) return `p, role:dev, applications, get, ${project}/*, allow`;
  return i % 3 === 1
    ? `p, role:dev, applications, get, "${project}/{web,api}-[0-9]*", allow`
    : `p, role:dev, applications, get, */secret-${i}-*, deny`;
}

function measure(note: Note): Figure {
  const lines = Array.from({ length: rules }, (_, i) => ruleOf(i));
  const groups = Array.from({ length: 5 }, (_, i) => `group-${i}`);
  const text = [...lines, ...groups.map((group) => `g, ${group}, role:dev`)].join("\n");
  const config = parseRbacConfig({ rbac: undefined, parseYaml: () => [] });
  const policy = compilePolicy({ ...config, texts: [{ source: "policy.csv", text }] }, { compilePattern });
  const enforcer = createEnforcer({ policy, projects: new Map() });
  const objects = Array.from({ length: applications }, (_, i) => `project-${i % projects}/web-${i}`);
  const times = Array.from({ length: runs }, () => {
    const from = process.cpuUsage();
    const permissions = enforcer.permissionsFor({ subject: "ada", groups });
    for (const object of objects) permissions.allows({ resource: "applications", action: "get", object });
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  });
  note(`the slowest of ${runs}, unoptimised code included: ${round(Math.max(...times))} ms`);
  const ms = percentile(times, 0.5);
  return { value: ms, unit: "ms", ratio: goalMs / ms };
}
