import { randomUUID } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { CommitRequest, TreeChange } from "#ports/git-writer.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import type { Mirror } from "./mirror.ts";
import { writingRefs } from "./mirror-files.ts";
import type { SignBytes } from "./signatures/commit-signer.ts";
import { signCommit } from "./signatures/commit-signer.ts";

export interface NewCommit extends Pick<CommitRequest, "author" | "signal"> {
  readonly sign?: SignBytes | undefined;
  readonly mirror: Mirror;
  /** Shown in messages. */
  readonly url: string;
  /** Without a commit the new one is the first. */
  readonly parent: { readonly commit: string | undefined; readonly tree: SourceTree };
  readonly change: TreeChange;
  readonly nowMs: number;
}

/** A commit in the mirror that nobody else has; disposing it leaves it to the next tidying up, unless it was kept. */
export interface WrittenCommit extends AsyncDisposable {
  readonly commit: string;
}

const maxMessageBytes = 65_536;
/** Of all files together: what is generated is larger than what people write, and still no gigabyte. */
const maxChangeBytes = 256 * 1024 * 1024;

/**
 * Makes a commit out of changes to another, by `git fast-import`: what it costs follows the change, not the tree. Throws GIT_INVALID for a
 * path that may not be written.
 */
export async function writeCommit(wanted: NewCommit): Promise<WrittenCommit> {
  const { mirror } = wanted;
  const ref = `${writingRefs}/${randomUUID()}`;
  const input = await formatImport(wanted, ref);
  const forget = async () => {
    await mirror.inTurn(async () => {
      await mirror.git(["--git-dir", mirror.directory, "update-ref", "-d", ref], {
        signal: AbortSignal.timeout(10_000),
      });
    });
  };
  const args = ["fast-import", "--quiet", "--done", "--date-format=raw"];
  try {
    const commit = await mirror.inTurn(async () => await idFrom(wanted, { args, input }));
    return { commit: await signed(wanted, { commit, ref }), [Symbol.asyncDispose]: forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

interface Writing {
  readonly args: readonly string[];
  readonly input?: Uint8Array;
}

/** The id that git prints of what it wrote. Only in turn. */
async function idFrom(
  { mirror, url, signal }: NewCommit,
  { args, input = new Uint8Array() }: Writing,
): Promise<string> {
  const all = ["--git-dir", mirror.directory, ...args];
  const outcome = await mirror.git(all, { signal, input });
  const id = outcome.stdout.toString("latin1").trim();
  if (outcome.exitCode === 0 && /^[0-9a-f]{40,64}$/u.test(id)) return id;
  const [reason = ""] = outcome.stderr.split("\n").filter((line) => line.startsWith("fatal:"));
  throw new MooringError("GIT_FAILED", `repository ${url}: a commit cannot be written: ${reason}`, {
    key: url,
  });
}

/** The same commit with a signature, in the place of the one without. */
async function signed(
  wanted: NewCommit,
  { commit, ref }: { readonly commit: string; readonly ref: string },
): Promise<string> {
  const { mirror, url, sign, signal } = wanted;
  if (sign === undefined) return commit;
  const raw = await mirror.reader.contents(commit, signal);
  if (!raw.found || raw.content === undefined) {
    throw new MooringError(
      "GIT_FAILED",
      `repository ${url}: a commit cannot be read after it was written; check the disk`,
      { key: url },
    );
  }
  const args = ["hash-object", "-w", "-t", "commit", "--stdin"];
  const input = await signCommit(raw.content, sign);
  return await mirror.inTurn(async () => {
    const id = await idFrom(wanted, { args, input });
    await mirror.git(["--git-dir", mirror.directory, "update-ref", ref, id], { signal });
    return id;
  });
}

async function formatImport(
  { parent, change, author, nowMs, ...wanted }: NewCommit,
  ref: string,
): Promise<Buffer> {
  const { url } = wanted;
  const who = `${personName(author.name)} <${personName(author.email)}> ${Math.floor(nowMs / 1_000)} +0000`;
  const message = Buffer.from(`${change.message.trim()}\n`);
  if (message.byteLength > maxMessageBytes)
    throw invalid(url, `the commit's message has over ${maxMessageBytes} bytes; shorten it`);
  const parts: Uint8Array[] = [
    Buffer.from(`commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`),
    ...data(message),
    ...(parent.commit === undefined ? [] : [Buffer.from(`from ${parent.commit}\n`)]),
  ];
  let bytes = 0;
  for (const [path, content] of change.files) {
    requirePath(path, url);
    if (content === undefined) {
      parts.push(Buffer.from(`D ${quotePath(path)}\n`));
      continue;
    }
    const found = await parent.tree.stat(path, wanted.signal);
    if (found !== undefined && found.type !== "file")
      throw invalid(url, `${path}: is a ${found.type}, where a file is to be written; choose another path`);
    const bytes_ = typeof content === "string" ? Buffer.from(content) : content;
    bytes += bytes_.byteLength;
    if (bytes > maxChangeBytes)
      throw invalid(url, `the files to write have over ${maxChangeBytes} bytes; write less at once`);
    parts.push(
      Buffer.from(`M ${found?.executable === true ? "100755" : "100644"} inline ${quotePath(path)}\n`),
      ...data(bytes_),
    );
  }
  parts.push(Buffer.from("\nget-mark :1\ndone\n"));
  return Buffer.concat(parts);
}

function data(content: Uint8Array): readonly Uint8Array[] {
  return [Buffer.from(`data ${content.byteLength}\n`), content, Buffer.from("\n")];
}

/** Git itself takes these out of names. */
function personName(text: string): string {
  return text.replaceAll(/[\p{Cc}<>]/gu, "").trim() || "unknown";
}

/**
 * As git refuses them in a tree (`verify_path`), on every system: what is written here is checked out elsewhere. A name that is no UTF-8 is
 * read with U+FFFD in it; written so, it would be another file beside the one that was meant.
 */
function requirePath(path: string, url: string): void {
  const isPlain = path.length <= 4_096 && !/[\0\\\uFFFD]/u.test(path);
  const steps = path.split("/");
  if (
    isPlain &&
    steps.every(
      (step) => step !== "" && step !== "." && step !== ".." && !/^(?:\.git|git~1)[. ]*$/iu.test(step),
    )
  )
    return;
  throw invalid(
    url,
    `path ${JSON.stringify(path.slice(0, 200))}: may not be written; use a relative path in UTF-8, without . and .. and backslashes, outside of .git`,
  );
}

function quotePath(path: string): string {
  return `"${path.replaceAll('"', String.raw`\"`).replaceAll("\n", String.raw`\n`)}"`;
}

function invalid(url: string, problem: string): MooringError {
  return new MooringError("GIT_INVALID", `repository ${url}: ${problem}`, { key: url });
}
