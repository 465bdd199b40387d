import { parse } from "yaml";
import type { ApiRequest } from "../control-plane/api-client.ts";
import { ApiError, callApi } from "../control-plane/api-client.ts";
import type { ControlPlaneAccess } from "../control-plane/kubeconfig.ts";
import { objectOf } from "./cases.ts";
import { mergeServer } from "./server.ts";
import type { WriteOutcome } from "./write-outcome.ts";
import { alike, expectedOf, outcomeOf, refusedWith } from "./write-outcome.ts";
import type { JsonObject, JsonValue, KubeObject } from "#core/object/index.ts";
import { applyMergePatch, parseApiVersion } from "#core/object/index.ts";

/** One request of a script; exactly one of the ways to write is given. Texts are YAML. */
export interface Write {
  readonly by: string;
  readonly subresource?: string;
  readonly create?: string;
  readonly apply?: string;
  readonly force?: boolean;
  /** A PUT of the live object with this merge patch made. */
  readonly put?: string;
  readonly merge?: string;
  readonly strategic?: string;
  readonly json?: readonly JsonObject[];
  /** The version that the request speaks, where it is not that of the object. */
  readonly version?: string;
}

export interface WriteCase {
  readonly title: string;
  /** YAML of the object that it is about. */
  readonly object: string;
  readonly writes: readonly Write[];
}

/** The object that a script is about, and where it is. */
interface Place {
  readonly access: ControlPlaneAccess;
  readonly namespace: string;
  readonly object: KubeObject;
}

const CONTENT_TYPES = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

/** Somebody wrote the object between our reading and our writing. */
const RACED = /the object has been modified|testing .* failed|test failed/;

/** Makes requests for one object on the real API server, and says what our functions make of each. */
export function writeScript(place: Place) {
  const schemas = mergeServer(place.access, place.namespace);

  async function attempt(write: Write) {
    const { object } = place;
    const apiVersion = write.version ?? object.apiVersion;
    const live = await readObject(place, apiVersion);
    const request = requestOf(place, write, live);
    const schema = await schemas.schemaOf({ ...object, apiVersion });
    const question = { write, live, schema, body: request.body as JsonValue };
    try {
      const answer = await callApi<KubeObject>(place.access, request);
      return { actual: outcomeOf(answer), expected: alike(expectedOf({ ...question, answer }), answer) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (RACED.test(error.message)) return undefined;
      // Validation is not what this is about.
      if (error.status === 422 || error.message.includes("declared merge key"))
        return { actual: {}, expected: {} };
      const refused = error.message.replace(/^.*?: answered \d+: /s, "");
      return { actual: refusedWith(refused), expected: expectedOf(question) };
    }
  }

  return {
    age: (): Promise<void> => ageManagers(place),
    read: (): Promise<KubeObject | undefined> => readObject(place),

    async write(write: Write): Promise<{ readonly actual: WriteOutcome; readonly expected: WriteOutcome }> {
      for (;;) {
        const compared = await attempt(write);
        if (compared !== undefined) return compared;
      }
    },
  };
}

function pathOf({ namespace, object }: Place, apiVersion: string, rest: string): string {
  const root = parseApiVersion(apiVersion).group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
  return `${root}/namespaces/${namespace}/${object.kind.toLowerCase()}s${rest}`;
}

async function readObject(
  place: Place,
  apiVersion = place.object.apiVersion,
): Promise<KubeObject | undefined> {
  try {
    const path = pathOf(place, apiVersion, `/${place.object.metadata.name ?? ""}`);
    return await callApi<KubeObject>(place.access, { path });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** The request; it names the resource version that it was made for, so that nothing comes in between. */
function requestOf(place: Place, write: Write, live: KubeObject | undefined): ApiRequest {
  const apiVersion = write.version ?? place.object.apiVersion;
  const query = `?fieldManager=${write.by}${write.force === true ? "&force=true" : ""}`;
  const subresource = write.subresource === undefined ? "" : `/${write.subresource}`;
  const path = pathOf(place, apiVersion, `/${place.object.metadata.name ?? ""}${subresource}${query}`);
  const body = bodyOf(place, write, live);
  if (write.create !== undefined) return { method: "POST", path: pathOf(place, apiVersion, query), body };
  if (write.put !== undefined) return { method: "PUT", path, body };
  const kind = (["merge", "strategic", "json", "apply"] as const).find((name) => write[name] !== undefined);
  return { method: "PATCH", path, body, contentType: CONTENT_TYPES[kind ?? "merge"] };
}

function bodyOf(place: Place, write: Write, live: KubeObject | undefined): JsonValue {
  const resourceVersion = live?.metadata.resourceVersion;
  if (write.json !== undefined) {
    return [{ op: "test", path: "/metadata/resourceVersion", value: resourceVersion ?? "" }, ...write.json];
  }
  if (write.put !== undefined) return applyMergePatch(live ?? null, parse(write.put) as JsonValue);
  if (write.create !== undefined) return configurationOf(place, write, write.create);
  const body =
    write.apply === undefined
      ? (parse(write.merge ?? write.strategic ?? "") as JsonValue)
      : configurationOf(place, write, write.apply);
  return resourceVersion === undefined ? body : applyMergePatch(body, { metadata: { resourceVersion } });
}

function configurationOf({ object }: Place, write: Write, yaml: string): KubeObject {
  const configuration = objectOf(yaml);
  const metadata = { ...configuration.metadata, name: object.metadata.name ?? "" };
  return { ...configuration, apiVersion: write.version ?? object.apiVersion, metadata };
}

/** Makes all entries old, so that one that a write renews can be told. */
async function ageManagers(place: Place): Promise<void> {
  const live = await readObject(place);
  const managedFields = live?.metadata.managedFields;
  if (live === undefined || managedFields === undefined) return;
  const value = managedFields.map((entry, i) =>
    entry["time"] === undefined ? entry : { ...entry, time: `2020-01-01T00:00:0${i % 10}Z` },
  );
  const json = [{ op: "replace", path: "/metadata/managedFields", value }];
  try {
    await callApi(place.access, requestOf(place, { by: "ager", json }, live));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await ageManagers(place);
  }
}
