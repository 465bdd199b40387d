import type { Application, ApplicationSource } from "#core/app/index.ts";
import { appKeyOf, formatAppKey, sourcesOf } from "#core/app/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";
import { viewArray, viewString } from "#core/object/index.ts";
import { parseSmallYaml } from "#runtime/small-yaml.ts";
import type { ApiCall } from "../../caller.ts";
import type { ApiContext } from "../../context.ts";
import type { RevisionMetadataQuery } from "../../contract/gen/argocd/application_pb.ts";
import type { ChartDetails, OCIMetadata, RevisionMetadata } from "../../contract/gen/argocd/types_pb.ts";
import type { ShapeOf } from "../../contract/shape.ts";
import { findApplication } from "./find-application.ts";

type Query = ShapeOf<RevisionMetadataQuery>;

/** Helm's own limit is far above what anybody writes into a Chart.yaml. */
const maxChartFileBytes = 256 * 1024;

/** Who wrote a commit of a source and when, and whether it is signed where the project asks for that. */
export async function revisionMetadata(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<RevisionMetadata>> {
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const wanted = { source: sourceAsked(app, query), revision: revisionOf(query), signal };
  const { author, date, message, tags, signature } = await context.live.describeCommit(appKeyOf(app), wanted);
  return {
    author,
    date,
    message,
    ...(tags.length === 0 ? {} : { tags }),
    ...(signature === undefined ? {} : { signatureInfo: signature }),
  };
}

/** What a chart says of itself. */
export async function revisionChartDetails(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<ChartDetails>> {
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const source = sourceAsked(app, query);
  const { chart = "" } = source;
  if (chart === "") {
    throw new MooringError(
      "API_INVALID_ARGUMENT",
      `${formatAppKey(appKeyOf(app))}: source ${query.sourceIndex ?? 0} is no chart; ask for the metadata of its revision`,
    );
  }
  const tree = await context.live.openSource(appKeyOf(app), { source, revision: revisionOf(query), signal });
  const bytes = await tree.read("Chart.yaml", { maxBytes: maxChartFileBytes, signal });
  const about = parseSmallYaml(new TextDecoder().decode(bytes), `${chart}/Chart.yaml`);
  return {
    description: viewString(about, "description") ?? "",
    home: viewString(about, "home") ?? "",
    maintainers: viewArray(about, "maintainers").map((one) => maintainer(one)),
  };
}

/** What an OCI artifact says of itself, by the annotations that OCI has names for. */
export async function getOciMetadata(
  context: ApiContext,
  query: Query,
  { caller, signal }: ApiCall,
): Promise<ShapeOf<OCIMetadata>> {
  const app = findApplication(context, query, { caller, action: "get" }) as Application;
  const wanted = { source: sourceAsked(app, query), revision: revisionOf(query), signal };
  const annotations = await context.live.describeArtifact(appKeyOf(app), wanted);
  const text = (name: string): string => annotations[`org.opencontainers.image.${name}`] ?? "";
  return {
    createdAt: text("created"),
    authors: text("authors"),
    imageUrl: text("url"),
    docsUrl: text("documentation"),
    sourceUrl: text("source"),
    version: text("version"),
    description: text("description"),
  };
}

function maintainer(one: JsonValue): string {
  const email = viewString(one, "email") ?? "";
  return `${viewString(one, "name") ?? ""}${email === "" ? "" : ` <${email}>`}`.trim();
}

function revisionOf({ revision = "" }: Query): string {
  if (revision !== "") return revision;
  throw new MooringError("API_INVALID_ARGUMENT", "RevisionMetadataQuery.revision: is empty; give a revision");
}

/** The source that is there now, or was when an entry of the history was deployed; sources count from zero. */
function sourceAsked(app: Application, { sourceIndex = 0, versionId }: Query): ApplicationSource {
  const name = formatAppKey(appKeyOf(app));
  let sources = sourcesOf(app);
  if (versionId !== undefined) {
    const past = app.status?.history?.find(({ id }) => id === versionId);
    if (past === undefined) {
      throw new MooringError(
        "API_INVALID_ARGUMENT",
        `RevisionMetadataQuery.versionId: ${name} has no entry ${versionId} in its history`,
      );
    }
    const { source, sources: several = [] } = past;
    sources = several.length > 0 || source === undefined ? several : [source];
  }
  const found = sources[sourceIndex];
  if (found !== undefined) return found;
  throw new MooringError(
    "API_INVALID_ARGUMENT",
    `RevisionMetadataQuery.sourceIndex: is ${sourceIndex}, and ${name} has sources 0 to ${sources.length - 1}`,
  );
}
