/** A commit that the dry commit names in its trailers, such as that of the code whose image it deploys. */
export interface CommitReference {
  readonly commit: Readonly<Record<string, string>>;
}

const fields: Readonly<Record<string, string>> = {
  author: "author",
  date: "date",
  sha: "sha",
  subject: "subject",
  body: "body",
  repourl: "repoURL",
};
const trailer = /^Argocd-reference-commit-(?<field>[a-z]+):\s*(?<value>.*)$/iu;

/** The `Argocd-reference-commit-…` trailers of a commit's message, as Argo CD reads them. */
export function referencesOf(message: string): readonly CommitReference[] {
  const commit: Record<string, string> = {};
  for (const line of message.split("\n")) {
    const { field = "", value = "" } = trailer.exec(line)?.groups ?? {};
    const name = fields[field.toLowerCase()];
    if (name === undefined || value.trim() === "") continue;
    commit[name] = name === "body" ? bodyOf(value.trim()) : value.trim();
  }
  return Object.keys(commit).length === 0 ? [] : [{ commit }];
}

/** A body is one line of JSON. */
function bodyOf(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "string" ? parsed : text;
  } catch {
    return text;
  }
}
