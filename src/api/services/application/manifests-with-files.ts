import { createHash } from "node:crypto";
import type { Application } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type {
  ApplicationManifestQueryWithFiles,
  ApplicationManifestQueryWithFilesWrapper,
  FileChunk,
} from "../../contract/gen/argocd/application_pb.ts";
import type { ManifestResponse } from "../../contract/gen/argocd/repository_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication, policyName } from "./find-application.ts";
import { presentManifests } from "./manifests.ts";

/** One of two, as JSON has it. */
interface Part {
  readonly query?: ShapeOf<ApplicationManifestQueryWithFiles>;
  readonly chunk?: ShapeOf<FileChunk>;
}

const mebibyte = 1024 * 1024;
/** Of the archive as it is sent. */
const maxArchiveBytes = 32 * mebibyte;

/**
 * What the application's source would render to if it held the files that the client sends: first who and which checksum, then a gzipped
 * archive piece by piece. Who may not override what is deployed gets a render that uses nothing secret.
 */
export async function getManifestsWithFiles(
  context: ApiContext,
  requests: AsyncIterable<ShapeOf<ApplicationManifestQueryWithFilesWrapper>>,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ManifestResponse>> {
  const parts = (requests as AsyncIterable<Part>)[Symbol.asyncIterator]();
  const { query } = (await parts.next()).value ?? {};
  if (query === undefined) throw invalid("query", "must come first, before the files");
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const override = { resource: "applications", action: "override", object: policyName(app, context) };
  const archive = await receive({ [Symbol.asyncIterator]: () => parts }, query.checksum ?? "");
  const files = { tree: await context.unpackFiles(archive, signal), isTrusted: caller.may(override) };
  const rendered = await context.live.manifests(appKeyOf(app), { revisions: [], files, signal });
  return presentManifests(context, app, rendered);
}

/** The archive, whose length is limited and whose checksum is as announced: before that nothing of it is looked at. */
async function receive(parts: AsyncIterable<Part>, checksum: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const { chunk } of parts) {
    if (chunk === undefined) throw invalid("chunk", "must follow the query");
    const bytes = Buffer.from(chunk.chunk ?? "", "base64");
    length += bytes.length;
    if (length > maxArchiveBytes) {
      throw new MooringError(
        "API_TOO_LARGE",
        `the archive has more than ${maxArchiveBytes} bytes; send fewer files`,
      );
    }
    chunks.push(bytes);
  }
  const archive = Buffer.concat(chunks, length);
  const found = createHash("sha256").update(archive).digest("hex");
  if (found === checksum.toLowerCase()) return archive;
  throw invalid("query.checksum", `is not the SHA-256 of the ${length} bytes that came; send them again`);
}

function invalid(field: string, problem: string): MooringError {
  return new MooringError(
    "API_INVALID_ARGUMENT",
    `ApplicationManifestQueryWithFilesWrapper.${field}: ${problem}`,
  );
}
