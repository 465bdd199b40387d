import type { Errors } from "./new-manifest.ts";

export interface Sorted {
  /** What the server says is wrong with a field. */
  readonly errors: Errors;
  /** What it says of nothing that the form has. */
  readonly others: readonly string[];
}

/** Words by which a message tells which field it is about; the first that fits counts. */
const fields: readonly (readonly [keyof Errors, RegExp])[] = [
  ["name", /metadata\.name|: exists already/u],
  ["project", /spec\.project\b/u],
  ["repoURL", /repoURL|spec\.sourceRepos/u],
  ["targetRevision", /targetRevision|revision "[^"]*" is no /u],
  ["path", /spec\.source\S* has neither path|\.path\b|app path does not exist/u],
  ["namespace", /destination\.namespace/u],
  ["cluster", /spec\.destination/u],
  ["repoURL", /^repository \S+: /u],
];

/** The lines of the server's message by the field of the form that each is about. */
export function sortErrors(message: string, name: string): Sorted {
  const errors: Partial<Record<keyof Errors, string>> = {};
  const others: string[] = [];
  for (const line of message.split("\n")) {
    const said = withoutSubject(line, name);
    const [field] = fields.find(([, words]) => words.test(line)) ?? [];
    if (field === undefined) others.push(said);
    else errors[field] = errors[field] === undefined ? said : `${errors[field]} ${said}`;
  }
  return { errors, others };
}

/** The form says already which application it is about. */
function withoutSubject(line: string, name: string): string {
  const said = line.startsWith("Application/")
    ? line.slice(line.indexOf(`/${name}: `) + name.length + 3)
    : line;
  // What begins with a path or a field keeps it as it is written.
  const sentence = /^(?:\S+: |\S+[./])/u.test(said)
    ? said
    : `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  return /[.!?)]$/u.test(sentence) ? sentence : `${sentence}.`;
}
