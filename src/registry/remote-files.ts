import type { RegistryAccess } from "#core/repo/index.ts";
import type { AskOptions } from "#ports/registry.ts";
import type { SourceTree } from "#ports/source-tree.ts";
import { SharedAnswers } from "#runtime/shared-answers.ts";
import { sha256Of } from "./archive/archive-files.ts";
import { ArchiveTree } from "./archive/archive-tree.ts";
import type { RegistryContext } from "./context.ts";
import { readBody } from "./http/read-body.ts";
import { subjectOf } from "./registry-error.ts";

interface RemoteFile {
  readonly tree: SourceTree;
  readonly bytes: number;
  readonly etag: string | undefined;
}

/** What a file at a URL is called in its tree: the last step of the path. */
function fileNameOf(url: URL): string {
  const last = url.pathname.split("/").findLast((step) => step !== "") ?? "file";
  let name = last;
  try {
    name = decodeURIComponent(last);
  } catch {
    // A name that only looks encoded stays as it is.
  }
  return /^\.{0,2}$|[/\0]/.test(name) ? "file" : name;
}

/** Single files over HTTP, asked for again only when they changed. */
export class RemoteFiles {
  readonly #context: RegistryContext;
  readonly #answers: SharedAnswers<RemoteFile>;

  constructor(context: RegistryContext) {
    const { clock, limits, signal } = context;
    this.#context = context;
    this.#answers = new SharedAnswers({
      clock,
      failureMemoryMs: limits.failureMemoryMs,
      sizeOf: ({ bytes }) => bytes,
      maxBytes: limits.treeCacheBytes,
      signal,
    });
  }

  async open(access: RegistryAccess, { maxAgeMs, signal }: AskOptions): Promise<SourceTree> {
    const key = this.#context.keys.of(access, "file");
    const file = await this.#answers.ask({
      key,
      maxAgeMs,
      signal,
      ask: async (shared, onStart) => {
        onStart();
        return await this.#fetch(access, this.#answers.known(key), shared);
      },
    });
    return file.tree;
  }

  async #fetch(
    access: RegistryAccess,
    known: RemoteFile | undefined,
    signal: AbortSignal,
  ): Promise<RemoteFile> {
    const subject = subjectOf(access);
    const url = new URL(access.url);
    const question = {
      access,
      subject,
      url,
      headers: known?.etag === undefined ? {} : { "if-none-match": known.etag },
      answers: known?.etag === undefined ? [] : [304],
      signal,
    };
    const limit = { maxBytes: this.#context.limits.maxFileBytes, subject, what: "the file" };
    return await this.#context.client.get(question, async (answer) => {
      if (answer.status === 304 && known !== undefined) return known;
      const content = await readBody(answer, limit);
      const leaf = { type: "file", executable: false, content } as const;
      const draft = { children: new Map([[fileNameOf(url), leaf]]) };
      const tree = new ArchiveTree(draft, { revision: sha256Of(content), subject: subject.text });
      return { tree, bytes: content.length, etag: answer.headers.etag };
    });
  }
}
