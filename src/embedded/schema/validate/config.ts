import type { JsonObject, JsonValue } from "#core/object/index.ts";
import { isJsonArray, isJsonObject, jsonEqual, viewObject, viewString } from "#core/object/index.ts";
import type { FieldError } from "../rules.ts";
import { type KindCheck, named } from "./checks.ts";
import { forbidden, invalid, required, tooLong } from "./field-errors.ts";
import { immutable } from "./metadata.ts";
import { isConfigKey } from "./names.ts";
import { textOf } from "../text-of.ts";

const maxBytes = 1024 * 1024;
const account = "kubernetes.io/service-account.name";
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

export const checkConfigMap: KindCheck = ({ next, live }) => {
  const [data, binary] = [viewObject(next, "data"), viewObject(next, "binaryData")];
  const errors = [
    ...Object.keys(data).flatMap((key) => [
      ...named(`data[${key}]`, key, isConfigKey),
      ...(binary[key] === undefined
        ? []
        : [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")]),
    ]),
    ...Object.keys(binary).flatMap((key) => named(`binaryData[${key}]`, key, isConfigKey)),
  ];
  const bytes = textBytes(data) + encodedBytes(binary);
  if (bytes > maxBytes) errors.push(tooLong("", maxBytes));
  return [...frozen(next, live, ["data", "binaryData"]), ...errors];
};

export const checkSecret: KindCheck = ({ next, live }) => {
  const data = viewObject(next, "data");
  const type = viewString(next, "type") ?? "";
  const errors = Object.keys(data).flatMap((key) => named(`data[${key}]`, key, isConfigKey));
  if (encodedBytes(data) > maxBytes) errors.push(tooLong("data", maxBytes));
  for (const key of keysOfType[type] ?? []) {
    if (data[key] === undefined) errors.push(required(`data[${key}]`));
    else if (key.startsWith(".docker")) errors.push(...checkJson(`data[${key}]`, textOf(data[key])));
  }
  if (type === "kubernetes.io/service-account-token" && (next.metadata.annotations?.[account] ?? "") === "") {
    errors.push(required(`metadata.annotations[${account}]`));
  }
  const hasLogin = data["username"] !== undefined || data["password"] !== undefined;
  if (type === "kubernetes.io/basic-auth" && !hasLogin)
    errors.push(required("data[username]"), required("data[password]"));
  if (live === undefined) return errors;
  return [...immutable("type", next["type"], live["type"]), ...frozen(next, live, ["data"]), ...errors];
};

/** As Go quotes a character. */
function goCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x20 ? `\\x${code.toString(16).padStart(2, "0")}` : character;
}

function checkJson(path: string, encoded: string): readonly FieldError[] {
  const content = Buffer.from(encoded, "base64").toString("utf8");
  try {
    const parsed = JSON.parse(content) as JsonValue;
    if (parsed === null || isJsonObject(parsed)) return [];
    const type = isJsonArray(parsed) ? "array" : typeof parsed === "boolean" ? "bool" : typeof parsed;
    const why = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
    return [invalid(path, "<secret contents redacted>", why)];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const first = content.trim().slice(0, 1);
    const detail =
      first === ""
        ? "unexpected end of JSON input"
        : `invalid character '${goCharacter(first)}' looking for beginning of value`;
    return [invalid(path, "<secret contents redacted>", detail)];
  }
}

/** What was made immutable stays as it is, and stays immutable. */
function frozen(
  next: JsonObject,
  live: JsonObject | undefined,
  fields: readonly string[],
): readonly FieldError[] {
  if (live?.["immutable"] !== true) return [];
  const detail = "field is immutable when `immutable` is set";
  const errors = next["immutable"] === true ? [] : [forbidden("immutable", detail)];
  for (const field of fields) {
    const same = jsonEqual(viewObject(next, field), viewObject(live, field));
    if (!same) errors.push(forbidden(field, detail));
  }
  return errors;
}

function textBytes(map: JsonObject): number {
  return Object.values(map).reduce<number>((sum, value) => sum + Buffer.byteLength(textOf(value)), 0);
}

function encodedBytes(map: JsonObject): number {
  return Object.values(map).reduce<number>(
    (sum, value) => sum + Math.floor((textOf(value).replace(/=+$/, "").length * 3) / 4),
    0,
  );
}
