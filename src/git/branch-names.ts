import { MooringError } from "#core/errors/index.ts";

/** As git allows them (`git check-ref-format`), and nothing that could be read as something else. */
export function requireBranch(branch: string, url: string): void {
  const isRefused =
    branch === "" ||
    branch === "@" ||
    branch === "HEAD" ||
    branch.length > 255 ||
    /[\p{Cc} ~^:?*[\\]|\.\.|@\{|\/\/|\.lock(?:\/|$)|(?:^|\/)\.|[./]$|^[-/]/u.test(branch);
  if (!isRefused) return;
  const message = `repository ${url}: branch ${JSON.stringify(branch.slice(0, 100))}: is no name of a branch; correct it`;
  throw new MooringError("GIT_INVALID", message, { key: url });
}

/** Branches are named like files: none can stand where another has a directory. */
export function requireRoom(branch: string, refs: ReadonlyMap<string, string>, url: string): void {
  const ref = `refs/heads/${branch}`;
  const other = [...refs.keys()].find((each) => each.startsWith(`${ref}/`) || ref.startsWith(`${each}/`));
  if (other === undefined) return;
  const message = `repository ${url}: branch ${branch}: cannot be beside branch ${other.replace("refs/heads/", "")}; choose another name`;
  throw new MooringError("GIT_INVALID", message, { key: url });
}
