import type { AppProject } from "#core/project/index.ts";
import type { CompileField, Matcher } from "./matcher.ts";
import { denialOfEverything, parseLine } from "./parse-line.ts";
import type { ParsedPolicy } from "./parse-policy.ts";
import { originOf, problemAt } from "./parse-policy.ts";
import type { Membership, Rule } from "./rule.ts";
import type { Origin, RbacProblem } from "./types.ts";
import { projectResources } from "./vocabulary.ts";

type Role = NonNullable<AppProject["spec"]["roles"]>[number];

interface RoleOf {
  readonly project: string;
  readonly role: Role;
  readonly subject: string;
  readonly source: string;
}

/** The subject of a project role and of its tokens. */
function projectSubject(project: string, role: string): string {
  return `proj:${project}:${role}`;
}

/** The project of such a subject; undefined for any other. */
export function projectOfSubject(subject: string): string | undefined {
  const [prefix, project, ...rest] = subject.split(":");
  return prefix === "proj" && rest.length === 1 ? project : undefined;
}

/**
 * What the roles of a project say. They are asked only where something of this project is asked for, so whatever they hold they give
 * nothing outside of it. A line about another subject or a resource that belongs to no project grants nothing.
 */
export function parseProjectRoles(project: AppProject, compile: CompileField): ParsedPolicy {
  const { name } = project.metadata;
  const parsed = (project.spec.roles ?? []).map((role) => {
    const source = `AppProject/${name} role ${role.name}`;
    return parseRole({ project: name, role, subject: projectSubject(name, role.name), source }, compile);
  });
  return {
    rules: parsed.flatMap(({ rules }) => rules),
    memberships: parsed.flatMap(({ memberships }) => memberships),
    problems: [...parsed.flatMap(({ problems }) => problems), ...nameProblems(project)],
  };
}

function parseRole(owner: RoleOf, compile: CompileField): ParsedPolicy {
  const written = (owner.role.policies ?? []).map((line, i) =>
    parseRoleLine(owner, { line, number: i + 1 }, compile),
  );
  const groups = (owner.role.groups ?? []).map((group, i) => parseGroup(owner, group, i));
  return {
    rules: [readsItsProject(owner), ...written.flatMap(({ rules }) => rules)],
    memberships: groups.flatMap(({ memberships }) => memberships),
    problems: [...written, ...groups].flatMap(({ problems }) => problems),
  };
}

function readsItsProject({ subject, project, source }: RoleOf): Rule {
  const exactly = (wanted: string): Matcher => ({
    test: (text) => text === wanted,
    head: wanted,
    grows: false,
  });
  const origin: Origin = { source, text: "a role may read its own project" };
  const fields = { resource: exactly("projects"), action: exactly("get"), object: exactly(project) };
  return { subject, ...fields, effect: "allow", origin };
}

interface Numbered {
  readonly line: string;
  readonly number: number;
}

function parseRoleLine(owner: RoleOf, { line, number }: Numbered, compile: CompileField): ParsedPolicy {
  const origin = originOf(owner.source, number, line);
  if (/[\n\r]/u.test(line))
    return refuse(origin, { text: "it has more than one line", subject: owner.subject });
  const parsed = parseLine({ origin, line: line.trim(), compile });
  const { problem } = parsed;
  if (parsed.memberships.length > 0)
    return refuse(origin, {
      text: "it is a g line, which a role cannot hold; use its groups",
      subject: owner.subject,
    });
  const mistakes =
    problem?.severity === "error" ? [] : parsed.rules.flatMap((rule) => mistakesIn(owner, rule));
  const isVoid = mistakes.some(({ voids }) => voids);
  return {
    rules: parsed.rules.flatMap((rule) => {
      if (rule.effect === "deny") return [rule];
      return isVoid ? [] : [{ ...rule, resource: withoutProjects(rule.resource) }];
    }),
    memberships: [],
    problems: [
      ...(problem === undefined ? [] : [problemAt(origin, problem.severity, problem.text)]),
      ...mistakes.map(({ text }) => problemAt(origin, "error", text)),
    ],
  };
}

/** What a role may do in its project never includes changing the project, whose rules bind it. */
function withoutProjects(resource: Matcher): Matcher {
  return { ...resource, test: (name) => name !== "projects" && resource.test(name), grows: false };
}

function mistakesIn(
  owner: RoleOf,
  rule: Rule,
): readonly { readonly text: string; readonly voids: boolean }[] {
  const { subject, resource, object } = rule;
  const inside = `${owner.project}/`;
  return [
    ...(subject === owner.subject
      ? []
      : [{ text: `its subject is not ${owner.subject}, so it grants nothing; correct it`, voids: true }]),
    ...(isOfProjects(resource)
      ? []
      : [
          {
            text: `its resource is not of projects, so it grants nothing; use ${projectResources.join(", ")}`,
            voids: true,
          },
        ]),
    ...(object.head.startsWith(inside)
      ? []
      : [
          {
            text: `its object does not begin with ${inside}, and it holds in this project only; write ${inside}*`,
            voids: false,
          },
        ]),
  ];
}

/** A role may say `*`, which then stands for what belongs to projects. */
function isOfProjects(resource: Matcher): boolean {
  return projectResources.some((name) => resource.test(name));
}

function refuse(
  origin: Origin,
  { text, subject }: { readonly text: string; readonly subject: string },
): ParsedPolicy {
  const until = `until it is corrected the line denies everything in this project to ${subject}`;
  return {
    rules: [denialOfEverything(subject, origin)],
    memberships: [],
    problems: [problemAt(origin, "error", `${text}; ${until}`)],
  };
}

function parseGroup(owner: RoleOf, group: string, i: number): ParsedPolicy {
  const origin = { source: `${owner.source} groups[${i}]`, text: "" };
  const membership: Membership = { member: group, role: owner.subject, origin };
  if (group.trim() !== "" && !/[,\n\r]/u.test(group))
    return { rules: [], memberships: [membership], problems: [] };
  const text = "it is empty or has a comma or more than one line, so it gives nobody the role; correct it";
  return { rules: [], memberships: [], problems: [problemAt(origin, "error", text)] };
}

function nameProblems({ metadata, spec }: AppProject): readonly RbacProblem[] {
  const names = (spec.roles ?? []).map(({ name }) => name);
  return names.flatMap((name, i) => {
    const origin: Origin = { source: `AppProject/${metadata.name} role ${name}`, text: "" };
    const twice = names.indexOf(name) === i ? [] : ["it is there twice; merge them"];
    const odd = /^[a-zA-Z0-9]([\w-]*[a-zA-Z0-9])?$/u.test(name)
      ? []
      : ["its name has more than letters, digits, - and _; rename it"];
    return [...twice, ...odd].map((text) => problemAt(origin, "error", text));
  });
}
