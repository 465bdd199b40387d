import { messageOf } from "#core/errors/index.ts";
import type { LinkDefinition, LinkKey } from "#core/links/index.ts";
import { celOfCondition, parseLinks } from "#core/links/index.ts";
import type { JsonObject, KubeObject } from "#core/object/index.ts";
import { viewString } from "#core/object/index.ts";
import { isSafeUrl } from "#core/summary/index.ts";
import { Expressions } from "#runtime/cel/environment.ts";
import { EvaluationError } from "#runtime/cel/library.ts";
import { untypedValue } from "#runtime/cel/untyped-value.ts";
import { parseConfigYaml } from "#runtime/config-yaml.ts";
import type { ApiContext } from "../context.ts";
import type { LinkInfo, LinksResponse } from "../contract/gen/argocd/application_pb.ts";
import type { ShapeOf } from "../contract/shape.ts";
import { presentCluster } from "./cluster/present-cluster.ts";

const compiled = new Expressions();
const maxTitleLength = 1_024;
/** They come with names and annotations, and no page or terminal shall see them. */
const controls = /\p{Cc}/gu;

/** Problems that were told of a version of argocd-cm: a client asks often. */
const toldOf = new WeakMap<KubeObject, Set<string>>();

/**
 * The links that a key of argocd-cm defines, for what templates and conditions are given: no Secret's values may be in it. A link whose
 * condition or template is not understood, or whose address is not http or https, is left out, and the log says which.
 */
export async function deepLinks(
  context: ApiContext,
  key: LinkKey,
  { data, signal }: { readonly data: JsonObject; readonly signal: AbortSignal },
): Promise<ShapeOf<LinksResponse>> {
  const { hub } = context;
  const settings = hub.configMaps.get(`${hub.namespace}/argocd-cm`);
  const text = viewString(settings, "data", key) ?? "";
  if (settings === undefined || text.trim() === "") return { items: [] };
  const tell = (problem: string): void => tellOnce(context, settings, problem);
  const wanted = definitionsOf(key, text, tell).filter((link) => isWanted(link, data, tell));
  const texts = wanted.flatMap(({ url, title, description = "" }) => [url, title, description]);
  const outcomes = await context.templates.evaluate(texts, data, signal);
  const items = wanted.flatMap((link, i): readonly ShapeOf<LinkInfo>[] => {
    const parts = outcomes.slice(3 * i, 3 * i + 3);
    const failed = parts.find((one) => !one.ok);
    const [address = "", ...words] = parts.map((one) => (one.ok ? one.text : ""));
    const url = address.replaceAll(controls, (one) => encodeURIComponent(one));
    const [title = "", description = ""] = words.map((text) => text.replaceAll(controls, " "));
    if (failed !== undefined) {
      tell(`${link.place}: ${failed.message}`);
      return [];
    }
    if (!isSafeUrl(url)) {
      tell(`${link.place}.url: is no address of http or https`);
      return [];
    }
    const { iconClass } = link;
    return [
      {
        url,
        title: title.slice(0, maxTitleLength),
        ...(description === "" ? {} : { description: description.slice(0, maxTitleLength) }),
        ...(iconClass === undefined || !/^[\w -]{1,100}$/u.test(iconClass) ? {} : { iconClass }),
      },
    ];
  });
  return { items };
}

function definitionsOf(
  key: LinkKey,
  text: string,
  tell: (problem: string) => void,
): readonly LinkDefinition[] {
  try {
    const { links, problems } = parseLinks(key, parseConfigYaml(text));
    for (const problem of problems) tell(problem);
    return links;
  } catch (error) {
    tell(`${key}: is no YAML: ${messageOf(error)}`);
    return [];
  }
}

/** What is asked of a field that is not there is not so. */
function isWanted(
  { condition, place }: LinkDefinition,
  data: JsonObject,
  tell: (problem: string) => void,
): boolean {
  if (condition === undefined) return true;
  const refuse = (problem: string): boolean => {
    tell(`${place}.if: ${problem}`);
    return false;
  };
  const cel = celOfCondition(condition);
  if (!cel.ok) return refuse(cel.problem);
  const expression = compiled.compile(cel.expression);
  if (expression instanceof Error) return refuse("is no condition");
  try {
    const value: unknown = expression(untypedValue(data) as Record<string, unknown>);
    return typeof value === "boolean" ? value : refuse("gives neither true nor false");
  } catch (error) {
    if (error instanceof EvaluationError && error.code === "no_such_key") return false;
    return refuse(error instanceof EvaluationError ? error.summary : messageOf(error));
  }
}

function tellOnce({ log }: ApiContext, settings: KubeObject, problem: string): void {
  const told = toldOf.get(settings) ?? new Set();
  toldOf.set(settings, told);
  if (told.has(problem)) return;
  told.add(problem);
  log.warn("a deep link of argocd-cm is left out", { problem });
}

/** What of an Application's cluster and project templates are given. */
export function surroundingsOf(context: ApiContext, app: KubeObject): JsonObject {
  const { hub } = context;
  const { server = "", name = "" } = {
    server: viewString(app, "spec", "destination", "server"),
    name: viewString(app, "spec", "destination", "name"),
  };
  const record = context
    .config()
    .clusters.find((one) => (server === "" ? one.name === name : one.server === server));
  const project = hub.projects.get(`${hub.namespace}/${viewString(app, "spec", "project") ?? "default"}`);
  return {
    ...(record === undefined ? {} : { cluster: clusterData(presentCluster(record, context, undefined)) }),
    ...(project === undefined ? {} : { project: withoutOwners(project) }),
  };
}

/** No credentials, and nothing that changes all the time. */
function clusterData(shown: ReturnType<typeof presentCluster>): JsonObject {
  const { name, server, namespaces, labels, annotations, project, shard } = shown;
  const fields = { name, server, namespaces, labels, annotations, project, shard };
  return JSON.parse(JSON.stringify(fields)) as JsonObject;
}

export function withoutOwners({ metadata, ...object }: KubeObject): JsonObject {
  const { managedFields: _owners, ...kept } = metadata;
  return { ...object, metadata: kept };
}
