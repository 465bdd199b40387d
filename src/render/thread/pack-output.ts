import { createHash } from "node:crypto";
import { MooringError } from "#core/errors/index.ts";
import type { Rendered } from "../protocol.ts";
import { findSecretPaths } from "./secret-paths.ts";
import type { ToolOutput } from "./tool.ts";

/** Object by object: one large string would meet the heap limit in native code, which ends the process. */
function packManifests({ objects }: ToolOutput, maxOutputBytes: number): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [];
  let bytes = 1;
  for (const { object } of objects) {
    const part = Buffer.from(`${parts.length === 0 ? "" : ","}${JSON.stringify(object)}`);
    parts.push(part);
    bytes += part.length;
    if (bytes < maxOutputBytes) continue;
    throw new MooringError(
      "RENDER_TOO_LARGE",
      `rendered manifests take more than the limit of ${maxOutputBytes} bytes; split the application`,
    );
  }
  const manifests = new Uint8Array(bytes + 1);
  manifests.set(Buffer.from("["), 0);
  let at = 1;
  for (const part of parts) {
    manifests.set(part, at);
    at += part.length;
  }
  manifests.set(Buffer.from("]"), at);
  return manifests;
}

/** Also inside of other objects, such as a list with a status. */
function holdSecrets(manifests: Uint8Array<ArrayBuffer>): boolean {
  const text = Buffer.from(manifests.buffer);
  return ["Secret", "SecretList"].some((kind) => text.includes(`"kind":"${kind}"`));
}

/** What a render gives to whoever asked for it. Throws RENDER_TOO_LARGE. */
export function packOutput(
  output: ToolOutput,
  maxOutputBytes: number,
  hidden: ReadonlySet<string> | undefined,
): Omit<Rendered, "spentMs"> {
  const { objects, sourceType } = output;
  const manifests = packManifests(output, maxOutputBytes);
  return {
    manifests,
    digest: createHash("sha256").update(manifests).digest("hex"),
    objectCount: objects.length,
    origins: objects.map(({ origin }) => origin),
    sourceType,
    holdsSecrets: hidden !== undefined || holdSecrets(manifests),
    ...(hidden !== undefined && { secretPaths: findSecretPaths(objects, hidden) }),
  };
}
