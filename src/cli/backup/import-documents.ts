import type { BackupDocument, BackupObject, ImportAction } from "#core/backup/index.ts";
import { checkBackupObject } from "#core/backup/index.ts";
import { MooringError, isMooringError, messageOf } from "#core/errors/index.ts";
import type { ObjectKey } from "#core/object/index.ts";
import { keyOf, labelsOf } from "#core/object/index.ts";
import { mapLimit } from "#runtime/limit.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import type { CliPorts } from "../ports.ts";
import type { ImportOptions } from "./import-object.ts";
import { importObject } from "./import-object.ts";
import type { BackupNamespaces } from "./namespaces.ts";
import { formatDocument } from "./read-backup.ts";

export interface ImportRequest extends ImportOptions {
  readonly place: BackupNamespaces;
  readonly ports: CliPorts;
  /** Objects with one of these labels are left alone. */
  readonly skipsLabel: (labels: Readonly<Record<string, string>>) => boolean;
  readonly verbose: boolean;
}

export interface Imported {
  /** Everything that the backup has, whatever became of it. */
  readonly keys: ReadonlySet<ObjectKey>;
  readonly counts: Readonly<Record<ImportAction["verb"] | "skipped" | "failed", number>>;
}

const concurrency = 16;
/** Without an answer, or without being let in, every further object would fail the same way. */
const ending = ["KUBE_UNREACHABLE", "KUBE_UNAUTHORIZED", "KUBE_TIMEOUT", "KUBE_CONFIG_INVALID"] as const;

/**
 * Imports what documents hold, several at once, and kind after kind, so that projects are there before their applications. What is wrong with
 * one is told on standard error and stops nothing else. Throws when the cluster cannot be reached.
 */
export async function importDocuments(
  documents: AsyncIterable<BackupDocument>,
  request: ImportRequest,
): Promise<Imported> {
  const keys = new Set<ObjectKey>();
  const counts = { create: 0, update: 0, unchanged: 0, skipped: 0, failed: 0 };
  let batch: Admitted[] = [];
  const flush = async () => {
    const ready = batch;
    batch = [];
    for (const outcome of await mapLimit(ready, concurrency, (one) => importOne(one, request)))
      counts[outcome] += 1;
  };
  for await (const document of documents) {
    const found = admit(document, request);
    if (typeof found === "string") {
      counts[found] += 1;
      continue;
    }
    const key = keyOf(found.object);
    if (keys.has(key)) {
      counts.failed += 1;
      tell(request, found, "is in the backup twice; remove one of the two documents");
      continue;
    }
    keys.add(key);
    if (batch.length === concurrency * 4 || (batch.length > 0 && batch[0]?.object.kind !== found.object.kind))
      await flush();
    batch.push(found);
  }
  await flush();
  return { keys, counts };
}

interface Admitted {
  readonly document: BackupDocument;
  readonly object: BackupObject;
}

function admit(document: BackupDocument, request: ImportRequest): Admitted | "skipped" | "failed" {
  const { place, ports } = request;
  const name = formatDocument(document);
  try {
    checkEnd(document, ports);
    const object = checkBackupObject(parseSmallYaml(document.text, name), place);
    if (object !== "not admitted") return { document, object };
    ports.stderr.write(
      `${name}: skipped: its namespace is not looked at here; add it to --application-namespaces or --applicationset-namespaces\n`,
    );
    return "skipped";
  } catch (error) {
    if (isMooringError(error, "RENDER_INVALID")) ports.stderr.write(`error: ${error.message}\n`);
    else if (isMooringError(error, "CONFIG_INVALID"))
      ports.stderr.write(`error: ${name}: ${error.message}\n`);
    else throw error;
    return "failed";
  }
}

/**
 * The last document of a file that was cut off may still be YAML, of an object that has lost fields. Throws CONFIG_INVALID where it is nearly
 * certain; what ends with a line may be somebody's own writing.
 */
function checkEnd(document: BackupDocument, { stderr }: CliPorts): void {
  if (document.end === "mid-line")
    throw new MooringError(
      "CONFIG_INVALID",
      "ends in the middle of a line, so the file may have been cut off; get all of it, or, if this is all, end it with a line ---",
    );
  if (document.end === "line" && document.number > 1)
    stderr.write(
      `warning: ${formatDocument(document)}: is the last, and no line --- ends it as in a backup; if the file was cut off, its object has lost fields\n`,
    );
}

async function importOne(one: Admitted, request: ImportRequest): Promise<keyof Imported["counts"]> {
  const { object } = one;
  const { dryRun, ports, verbose } = request;
  const mark = dryRun ? " (dry run)" : "";
  if (request.skipsLabel(labelsOf(object))) {
    ports.stdout.write(`Skipping ${formatImported(object)}\n`);
    return "skipped";
  }
  try {
    const action = await importObject(object, request);
    const fields = action.verb === "update" ? `: ${action.fields.join(", ")}` : "";
    const words = { create: "created", update: "updated", unchanged: "unchanged" }[action.verb];
    if (action.verb !== "unchanged" || verbose)
      ports.stdout.write(`${formatImported(object)} ${words}${mark}${fields}\n`);
    return action.verb;
  } catch (error) {
    if (!isMooringError(error) || ending.some((code) => isMooringError(error, code))) throw error;
    tell(request, one, messageOf(error));
    return "failed";
  }
}

function tell({ ports }: ImportRequest, { document, object }: Admitted, problem: string): void {
  ports.stderr.write(`error: ${formatDocument(document)}: ${formatImported(object)}: ${problem}\n`);
}

/** As Argo CD's command names objects. */
function formatImported({ apiVersion, kind, metadata }: BackupObject): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return `${group}/${kind} ${metadata.name} in namespace ${metadata.namespace}`;
}
