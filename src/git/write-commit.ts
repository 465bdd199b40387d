import { randomUUID } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { CommitRequest } from "#ports/git-writer.ts";
import type { Edit } from "./import-edits.ts";
import { data, invalid } from "./import-edits.ts";
import type { Mirror } from "./mirror.ts";
import { writingRefs } from "./mirror-files.ts";
import type { SignBytes } from "./signatures/commit-signer.ts";
import { signCommit } from "./signatures/commit-signer.ts";

export interface NewCommit extends Pick<CommitRequest, "author" | "signal"> {
  readonly sign?: SignBytes | undefined;
  readonly mirror: Mirror;
  /** Shown in messages. */
  readonly url: string;
  /** The first is the one that is edited; none for the first commit of a branch. */
  readonly parents: readonly string[];
  readonly message: string;
  /** What changes. Asked in the mirror's turn, so that what it writes there stays until the commit holds it. */
  readonly compose: () => Promise<readonly Edit[]>;
  readonly dateMs: number;
}

/** A commit in the mirror that nobody else has; disposing it leaves it to the next tidying up, unless it was kept. */
export interface WrittenCommit extends AsyncDisposable {
  readonly commit: string;
}

const maxMessageBytes = 65_536;

/** Makes a commit out of changes to another, by `git fast-import`: what it costs follows the change, not the tree. */
export async function writeCommit(wanted: NewCommit): Promise<WrittenCommit> {
  const { mirror } = wanted;
  const ref = `${writingRefs}/${randomUUID()}`;
  const forget = async () => {
    await mirror.inTurn(async () => {
      await mirror.git(["--git-dir", mirror.directory, "update-ref", "-d", ref], {
        signal: AbortSignal.timeout(10_000),
      });
    });
  };
  try {
    const commit = await mirror.inTurn(async () => await importCommit(wanted, ref));
    return { commit: await signed(wanted, { commit, ref }), [Symbol.asyncDispose]: forget };
  } catch (error) {
    await forget();
    throw error;
  }
}

async function importCommit(wanted: NewCommit, ref: string): Promise<string> {
  const head = formatHead(wanted, ref);
  const edits = await wanted.compose();
  const input = Buffer.concat([...head, ...edits, Buffer.from("\nget-mark :1\ndone\n")]);
  const args = ["fast-import", "--quiet", "--done", "--date-format=raw"];
  return await idFrom(wanted, { what: "a commit", args, input });
}

interface Writing {
  readonly what: string;
  readonly args: readonly string[];
  readonly input?: Uint8Array;
}

/** The id that git prints of what it wrote. Only in turn. */
export async function idFrom(
  { mirror, url, signal }: Pick<NewCommit, "mirror" | "url" | "signal">,
  { what, args, input = new Uint8Array() }: Writing,
): Promise<string> {
  const all = ["--git-dir", mirror.directory, ...args];
  const outcome = await mirror.git(all, { signal, input });
  const id = outcome.stdout.toString("latin1").trim();
  if (outcome.exitCode === 0 && /^[0-9a-f]{40,64}$/u.test(id)) return id;
  const [reason = ""] = outcome.stderr.split("\n").filter((line) => line.startsWith("fatal:"));
  throw new MooringError("GIT_FAILED", `repository ${url}: ${what} cannot be written: ${reason}`, {
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
    const id = await idFrom(wanted, { what: "a commit", args, input });
    await mirror.git(["--git-dir", mirror.directory, "update-ref", ref, id], { signal });
    return id;
  });
}

function formatHead(
  { parents, author, dateMs, url, ...wanted }: NewCommit,
  ref: string,
): readonly Uint8Array[] {
  const who = `${personOf(author)} ${Math.floor(dateMs / 1_000)} +0000`;
  const message = Buffer.from(`${wanted.message.trim()}\n`);
  if (message.byteLength > maxMessageBytes)
    throw invalid(url, `the commit's message has over ${maxMessageBytes} bytes; shorten it`);
  return [
    Buffer.from(`commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`),
    ...data(message),
    Buffer.from(parents.map((parent, i) => `${i === 0 ? "from" : "merge"} ${parent}\n`).join("")),
  ];
}

/** Git itself takes these out of names. */
/** As a commit names somebody. */
export function personOf({ name, email }: NewCommit["author"]): string {
  return `${personName(name)} <${personName(email)}>`;
}

function personName(text: string): string {
  return text.replaceAll(/[\p{Cc}<>]/gu, "").trim() || "unknown";
}
