import { createHash } from "node:crypto";
import type { Application } from "#core/app/index.ts";
import { appKeyOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import { throwIfAborted, waitOrAbort } from "#runtime/abort.ts";
import type { Clock } from "#runtime/clock.ts";
import { startDeadline } from "#runtime/deadline.ts";
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
const arriveMs = 120_000;

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
  const isTrusted = caller.may(override);
  using room = await context.archives.arrive({ bytes: maxArchiveBytes, user: userOf(caller), signal });
  const archive = await receiveSoon(parts, { checksum: query.checksum ?? "", clock: context.clock, signal });
  room.shrink(archive.length);
  using unpacked = await context.archives.unpack(archive, signal);
  const files = { tree: unpacked.tree, isTrusted };
  const rendered = await context.live.manifests(appKeyOf(app), { revisions: [], files, signal });
  return presentManifests(context, app, rendered);
}

/** A role of a project is one user, however many tokens it has. */
function userOf({ identity }: ApiCall["caller"]): string {
  return `${identity?.kind ?? "anonymous"} ${identity?.issuer ?? ""} ${identity?.subject ?? ""}`;
}

interface Receiving {
  readonly checksum: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The archive, which holds room that others wait for, and so has to come in time. */
async function receiveSoon(
  parts: AsyncIterator<Part>,
  { checksum, clock, signal }: Receiving,
): Promise<Uint8Array> {
  using deadline = startDeadline(signal, arriveMs, clock);
  const rest = { [Symbol.asyncIterator]: () => parts };
  try {
    return await waitOrAbort(receive(rest, checksum, deadline.signal), deadline.signal);
  } catch (error) {
    if (!deadline.expired) throw error;
    const problem = `the archive did not come within ${arriveMs / 1_000} s; send it faster, or fewer files`;
    throw new MooringError("API_TOO_LARGE", problem, { cause: error });
  }
}

/** The archive, whose length is limited and whose checksum is as announced: before that nothing of it is looked at. */
async function receive(
  parts: AsyncIterable<Part>,
  checksum: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const { chunk } of parts) {
    throwIfAborted(signal);
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
