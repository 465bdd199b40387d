import type { DescMethod } from "@bufbuild/protobuf";
import { methodName, routesOf } from "#api/contract/methods.ts";
import type { Permission } from "#api/caller.ts";

export interface Observed {
  /** By method. */
  readonly asked: ReadonlyMap<string, readonly Permission[]>;
  /** Methods that answer that they are not there. */
  readonly missing: ReadonlySet<string>;
  /** Methods that answer without a token. */
  readonly open: ReadonlySet<string>;
  /** What begins the names of what the examples ask for. */
  readonly hidden: string;
  readonly repository: string;
}

const intro = `# The API

Every method over gRPC, gRPC-Web and REST, with the permissions that it asks of the policy ([rbac.md](rbac.md)) for a request that names
what exists. This page is kept by \`test/api/access-matrix.test.ts\`, which asks every method; \`npm run test:embedded -- test/api -u\` writes it.

A method that lists asks for each thing, and leaves out what the caller may not see. "a token" is a method that any token opens: it tells what
everybody may know, or what the caller is. "nothing" needs not even a token.
`;

/** The page about the methods of the API. */
export function describeMethods(methods: readonly DescMethod[], observed: Observed): string {
  const there = methods.filter((method) => !observed.missing.has(methodName(method)));
  const gone = methods.filter((method) => observed.missing.has(methodName(method)));
  const rows = there.map((method) => [
    `\`${methodName(method)}\``,
    routesOf(method)
      .map(({ verb, path }) => `\`${verb} ${path}\``)
      .join("<br>"),
    permissionsOf(method, observed),
  ]);
  const missing = gone.map((method) => `- \`${methodName(method)}\``);
  return [
    intro,
    ...table(["Method", "REST", "Asks for"], rows),
    "",
    "## Not there yet",
    "",
    "They answer 501, or `Unimplemented` over gRPC.",
    "",
    ...missing,
    "",
  ].join("\n");
}

function permissionsOf(method: DescMethod, { asked, open, hidden, repository }: Observed): string {
  const name = methodName(method);
  const permissions = (asked.get(name) ?? []).map(({ resource, action, object }) => {
    const shape = object
      .replaceAll(repository, "<url>")
      .replace(new RegExp(`(?:https://)?${hidden}[\\w.-]*`, "gu"), "<name>");
    return `\`${resource}, ${action}${shape === "" ? "" : `, ${shape}`}\``;
  });
  // In an order of their own: lists ask by the names of Secrets, which are hashes of URLs that change with each run.
  if (permissions.length > 0) return [...new Set(permissions)].toSorted().join("<br>");
  return open.has(name) ? "nothing" : "a token";
}

/** A table in Markdown whose columns are as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[], fill = " ") =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => "-"),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ];
}
