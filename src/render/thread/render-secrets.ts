import { createTextRedactor } from "#core/redact/index.ts";
import type { RenderJob } from "../protocol.ts";
import type { Decryption } from "./decrypt.ts";
import { decryptAnswer } from "./decrypt-answer.ts";
import { createDecryption } from "./decrypt.ts";
import type { FileAccess } from "./file-access.ts";
import { substituteObject } from "./substitute-object.ts";
import type { ToolOutput } from "./tool.ts";

/** What is secret in one render, and what becomes of its files and objects for it. */
export interface RenderSecrets {
  /** What a tool reads; the answers to its engine's questions are decrypted. */
  readonly files: FileAccess;
  /** For the files that a tool reads itself. */
  readonly decryption: Decryption;
  /** The tool's objects, decrypted and with their variables replaced. */
  finish(output: ToolOutput): ToolOutput;
  /** Values that nobody may show; undefined when the render got none. */
  readonly hidden: ReadonlySet<string> | undefined;
  /** A message without them: a tool may quote what it read, which was encrypted for a reason. */
  redact(message: string): string;
}

export function openRenderSecrets(files: FileAccess, { substitution, limits }: RenderJob): RenderSecrets {
  const decryption = createDecryption((keys) => files.dataKey(keys));
  const given = substitution?.secrets ?? [];
  const hidden = (): ReadonlySet<string> | undefined =>
    decryption.used || given.length > 0 ? new Set([...decryption.secrets, ...given]) : undefined;
  return {
    decryption,
    files: {
      ...files,
      askForEngine: (question) => decryptAnswer(question, files.askForEngine(question), decryption),
    },
    finish: ({ sourceType, objects }) => ({
      sourceType,
      objects: objects.map(({ object, origin }) => {
        const plain = decryption.object(object, origin);
        if (substitution === undefined) return { object: plain, origin };
        return {
          object: substituteObject(plain, { origin, substitution, maxDepth: limits.maxDepth }),
          origin,
        };
      }),
    }),
    get hidden() {
      return hidden();
    },
    redact: (message) => createTextRedactor(hidden() ?? [])(message),
  };
}
