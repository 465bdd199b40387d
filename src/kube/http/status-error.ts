import { type ErrorCode, MooringError } from "#core/errors/index.ts";
import { type JsonValue, viewArray, viewNumber, viewString } from "#core/object/index.ts";

/** What a request is about, as messages name it. */
export interface Subject {
  /** `Deployment/shop/web`, or `deployments.apps` for a whole kind. */
  readonly text: string;
  /** The API server's own words can quote values of what it refused: for Secrets they are not repeated. */
  readonly secret: boolean;
}

export interface FailedAnswer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
  /** The answer's body when it was JSON: a Kubernetes Status. */
  readonly body: JsonValue | undefined;
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: "KUBE_INVALID",
  401: "KUBE_UNAUTHORIZED",
  403: "KUBE_FORBIDDEN",
  404: "KUBE_NOT_FOUND",
  405: "KUBE_INVALID",
  406: "KUBE_INVALID",
  408: "KUBE_TIMEOUT",
  409: "KUBE_CONFLICT",
  410: "KUBE_GONE",
  413: "KUBE_TOO_LARGE",
  415: "KUBE_INVALID",
  422: "KUBE_INVALID",
  429: "KUBE_THROTTLED",
  504: "KUBE_TIMEOUT",
};

const maxShownCharacters = 600;
const tooLarge = "too large for the API server; split it or shrink its data";

/** The MooringError of a refused request. Never holds what was sent, nor any value of a Secret. */
export function translateStatus(subject: Subject, answer: FailedAnswer): MooringError {
  const { status, body } = answer;
  const reason = viewString(body, "reason");
  const known = codes[status] ?? (status >= 500 ? "KUBE_SERVER" : "KUBE_INVALID");
  const code = isTooLarge(body) ? "KUBE_TOO_LARGE" : isSchemaMismatch(body) ? "KUBE_INVALID" : known;
  const text = `${subject.text}: ${explain(subject, { ...answer, reason })}`;
  return new MooringError(
    reason === "AlreadyExists" ? "KUBE_EXISTS" : code,
    text.slice(0, maxShownCharacters),
    {
      key: subject.text,
      ...(answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs }),
    },
  );
}

/** Server-side apply answers 500 where the manifest, not the server, is wrong. */
function isSchemaMismatch(body: JsonValue | undefined): boolean {
  return /failed to create typed patch object|illegal base64 data/.test(viewString(body, "message") ?? "");
}

/** What is too large for the API server's store, and not for the API server itself, is answered with 500. */
function isTooLarge(body: JsonValue | undefined): boolean {
  return /request is too large|trying to send message larger than max/.test(
    viewString(body, "message") ?? "",
  );
}

interface Refusal extends FailedAnswer {
  readonly reason: string | undefined;
}

function explain(subject: Subject, refusal: Refusal): string {
  if (isSchemaMismatch(refusal.body)) return `${schemaMismatches(refusal.body)}; correct the manifest`;
  if (isTooLarge(refusal.body)) return tooLarge;
  switch (refusal.status) {
    case 400:
      return `the API server could not read it: ${wordsOf(subject, refusal)}; correct the manifest`;
    case 401:
      return "the API server does not accept the credentials; renew the token or certificate of this cluster";
    case 403:
      return explainForbidden(subject, refusal);
    case 404:
      return explainMissing(subject, refusal);
    case 409:
      return explainConflict(subject, refusal);
    case 413:
      return tooLarge;
    case 422:
      return explainInvalid(subject, refusal);
    case 429:
      return "the API server asks to slow down; it will be tried again";
    default:
      return `the API server answered ${refusal.status}: ${wordsOf(subject, refusal)}`;
  }
}

/** The namespace that an object is to be created in is what is missing most often. */
function explainMissing(subject: Subject, refusal: Refusal): string {
  const name = viewString(refusal.body, "details", "name") ?? "";
  const isNamespace = viewString(refusal.body, "details", "kind") === "namespaces";
  if (!isNamespace || subject.text === `Namespace/${name}`) return wordsOf(subject, refusal);
  return `namespace ${name} does not exist; create it, or set sync option CreateNamespace=true where it is the application's destination`;
}

/** The fields of a structured-merge-diff error; what it quotes of their values is left out. */
function schemaMismatches(body: JsonValue | undefined): string {
  const message = viewString(body, "message") ?? "";
  if (message.includes("illegal base64")) return "a value that must be base64 is not; encode it";
  const found = message.matchAll(
    /\.([^\s:]+): (field not declared in schema|expected [a-z]+|duplicate entries)/g,
  );
  const fields = [...found].map(([, field, what]) => `${field}: ${what}`);
  return fields.length === 0 ? "does not fit the schema of its kind" : fields.join(", ");
}

function explainInvalid(subject: Subject, refusal: Refusal): string {
  const causes = causesOf(subject, refusal);
  if (causes.length === 0) return `invalid: ${wordsOf(subject, refusal)}; correct the manifest`;
  const permitted = causes.map((cause) => onlyStatefulSetFields.exec(cause)?.groups?.["fields"]);
  if (permitted[0] !== undefined) return explainStatefulSet(subject, permitted[0]);
  const immutable = causes.some((cause) => /immutable|may not change once set/.test(cause));
  const advice = immutable ? adviceOnImmutable(subject) : "correct the manifest";
  return `${causes.join(", ")}; ${advice}`;
}

/** What deleting an object of a kind means, where that is more than the object. */
const meaningOfDeletion: Readonly<Record<string, string>> = {
  Job: "it runs again",
  Deployment: "its pods go before the new ones come",
  DaemonSet: "its pods go before the new ones come",
  StatefulSet:
    "its pods restart, and its claims stay as they are, unless persistentVolumeClaimRetentionPolicy.whenDeleted is Delete",
};

function adviceOnImmutable({ text }: Subject): string {
  const meaning = meaningOfDeletion[text.split("/")[0] ?? ""];
  const advice =
    "restore the old value, or set sync option Force=true on it to have it deleted and created again";
  return meaning === undefined ? advice : `${advice}: ${meaning}`;
}

const onlyStatefulSetFields =
  /updates to statefulset spec for fields other than (?<fields>.+) are forbidden/u;

/** Older servers name what may change and not what did. */
function explainStatefulSet(subject: Subject, permitted: string): string {
  const fields = permitted.replaceAll("'", "");
  return `spec: volumeClaimTemplates, serviceName, selector and podManagementPolicy may not be changed, only ${fields}; ${adviceOnImmutable(subject)}`;
}

function causesOf(subject: Subject, refusal: Refusal): readonly string[] {
  return viewArray(refusal.body, "details", "causes").map((cause) => {
    const field = (viewString(cause, "field") ?? "").replace("[]", "");
    const message = viewString(cause, "message") ?? "";
    const text = subject.secret ? secretCause(cause, message) : withoutValue(message);
    return field === "" || text.startsWith(field) ? text : `${field}: ${text}`;
  });
}

const reasonWords: Readonly<Record<string, string>> = {
  FieldValueRequired: "required value is missing",
  FieldValueNotSupported: "unsupported value",
  FieldValueDuplicate: "duplicate value",
  FieldValueForbidden: "not allowed",
  FieldValueTooLong: "too long",
  FieldValueTooMany: "too many values",
};

function secretCause(cause: JsonValue, message: string): string {
  if (message.includes("field is immutable")) return "field is immutable";
  return reasonWords[viewString(cause, "reason") ?? ""] ?? "invalid value";
}

/**
 * A field error without the value it quotes: `Invalid value: "x": must be y` becomes `must be y`. The form is that of
 * k8s.io/apimachinery's field.Error: what is wrong, the value as a quoted string or a Go or JSON literal, the detail.
 */
function withoutValue(message: string): string {
  const match =
    /^(Invalid|Unsupported|Duplicate|Not found|Forbidden|Required|Too long|Too many) ?(?:value)?: /i.exec(
      message,
    );
  if (match === null) return message;
  const [prefix, what = ""] = match;
  if (["Required", "Forbidden", "Too long", "Too many"].includes(what)) return message;
  const rest = message.slice(prefix.length);
  const quoted = /^"(?:[^"\\]|\\.)*"/.exec(rest)?.[0];
  const end = quoted === undefined ? rest.lastIndexOf("}: ") + 1 || rest.indexOf(": ") : quoted.length;
  const detail = end < 0 ? "" : rest.slice(end).replace(/^: /, "");
  const name = what === "Not found" ? "not found" : `${what.toLowerCase()} value`;
  return detail === "" ? name : detail;
}

function explainConflict(subject: Subject, refusal: Refusal): string {
  if (refusal.reason === "AlreadyExists") return "already exists";
  const owners = viewArray(refusal.body, "details", "causes").filter(
    (cause) => viewString(cause, "reason") === "FieldManagerConflict",
  );
  if (owners.length > 0) {
    const fields = owners.map(
      (cause) => `${viewString(cause, "field") ?? ""} (${viewString(cause, "message") ?? "conflict"})`,
    );
    return `other field managers own ${fields.join(", ")}; force the apply or remove the fields from Git`;
  }
  if (subject.secret) return "changed since it was read; read it again and repeat";
  const words = wordsOf(subject, refusal);
  return words.includes("has been modified") ? "changed since it was read; read it again and repeat" : words;
}

const rbacRefusal =
  /User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: (?:in the namespace "([^"]*)"|at the cluster scope))?/;

function explainForbidden(subject: Subject, refusal: Refusal): string {
  const message = viewString(refusal.body, "message") ?? "";
  const [, user = "", verb = "", resource = "", group = "", namespace] = rbacRefusal.exec(message) ?? [];
  if (user !== "") {
    const what = group === "" ? resource : `${resource}.${group}`;
    const where = namespace === undefined ? "at cluster scope" : `in namespace ${namespace}`;
    return `user "${user}" may not ${verb} ${what} ${where}; grant it the verb ${verb} on ${what}`;
  }
  const ending = viewArray(refusal.body, "details", "causes").some(
    (cause) => viewString(cause, "reason") === "NamespaceTerminating",
  );
  if (ending) return "its namespace is being deleted; wait until that ends";
  return subject.secret
    ? "refused by the API server's admission; see its audit log for the rule"
    : `refused: ${wordsOf(subject, refusal)}`;
}

/** The server's own sentence, or only its reason where the sentence could hold a secret. */
function wordsOf(subject: Subject, refusal: Refusal): string {
  const fallback = refusal.reason ?? `status ${refusal.status}`;
  if (subject.secret) return fallback;
  return viewString(refusal.body, "message") ?? fallback;
}

/** Retry-After in milliseconds, from the header (RFC 9110, 10.2.3) or the Status. */
export function retryAfterOf(
  header: string | undefined,
  body: JsonValue | undefined,
  nowMs: number,
): number | undefined {
  const seconds = Number(header);
  if (header !== undefined && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header ?? "");
  if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  const inBody = viewNumber(body, "details", "retryAfterSeconds");
  return inBody === undefined || inBody === 0 ? undefined : inBody * 1000;
}
