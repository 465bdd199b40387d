/** A line of a role: what it may do on which objects of the project, or may not. */
export interface PolicyRow {
  readonly resource: string;
  readonly action: string;
  readonly object: string;
  readonly effect: "allow" | "deny";
}

/** The lines of a role that have the usual form, and the others as they are: nothing that a form cannot show may get lost. */
export function readPolicies(
  lines: readonly string[],
  { project, role }: { readonly project: string; readonly role: string },
): { readonly rows: readonly PolicyRow[]; readonly others: readonly string[] } {
  const rows: PolicyRow[] = [];
  const others: string[] = [];
  for (const line of lines) {
    const row = readPolicy(line, `proj:${project}:${role}`);
    if (row === undefined) others.push(line);
    else rows.push(row);
  }
  return { rows, others };
}

function readPolicy(line: string, subject: string): PolicyRow | undefined {
  // Quotes stand around a glob with a comma, which the form would take apart.
  if (line.includes('"')) return undefined;
  const [kind, whose, resource, action, object, effect, ...more] = line.split(",").map((part) => part.trim());
  const isUsual = kind === "p" && whose === subject && more.length === 0;
  if (!isUsual || (effect !== "allow" && effect !== "deny")) return undefined;
  if (resource === undefined || action === undefined || object === undefined) return undefined;
  return { resource, action, object, effect };
}

/** The line of a row, as it is written in the project. */
export function formatPolicy(
  { resource, action, object, effect }: PolicyRow,
  { project, role }: { readonly project: string; readonly role: string },
): string {
  const parts = ["p", `proj:${project}:${role}`, resource, action, object].map((part) => part.trim());
  return [...parts, effect].join(", ");
}

/** What is wrong with the lines of a role; undefined when nothing is. The server knows more. */
export function policyProblem(rows: readonly PolicyRow[], project: string): string | undefined {
  for (const { resource, action, object } of rows) {
    if (resource.trim() === "" || action.trim() === "") return "A permission needs a resource and an action.";
    if ([resource, action, object].some((part) => /[,"\n]/u.test(part)))
      return "A permission has no commas, quotes or line breaks in its parts.";
    if (!object.trim().startsWith(`${project}/`))
      return `“${object}”: a role is about objects of its project, such as ${project}/*.`;
  }
  return undefined;
}
