import { readFileSync } from "node:fs";
import { brotliDecompressSync } from "node:zlib";

/** A field of a message as Kubernetes writes it in protobuf and in JSON. */
export interface MessageField {
  readonly number: number;
  /** In JSON. */
  readonly name: string;
  /** A scalar of protobuf or a message's full name; key and value types with a comma for maps. */
  readonly type: string;
  readonly label: "one" | "list" | "map";
  /** The message's fields stand in JSON among those around it. */
  readonly inline?: boolean;
  /** JSON has it even when it is empty. */
  readonly keepsZero?: boolean;
  /** The message is this field alone. */
  readonly bare?: boolean;
}

export interface RecordedMessages {
  /** By full name. */
  readonly messages: Readonly<Record<string, readonly MessageField[]>>;
  /** Packages of messages by apiVersion. */
  readonly packages: Readonly<Record<string, string>>;
}

/** Fields by number, of one message. */
export type MessageType = ReadonlyMap<number, MessageField>;

export interface MessageTypes {
  find(name: string): MessageType | undefined;
  /** The full name of a kind's message; options are those of the meta package for every group. */
  nameOf(apiVersion: string, kind: string): string | undefined;
}

const metaPackage = "k8s.io.apimachinery.pkg.apis.meta.v1";
let opened: MessageTypes | undefined;

/** What the Go types of Kubernetes say, recorded by `record-messages.ts`; read when the first protobuf body comes. */
export function openMessageTypes(): MessageTypes {
  return (opened ??= createMessageTypes());
}

function createMessageTypes(): MessageTypes {
  const file = readFileSync(new URL("messages.json.br", import.meta.url));
  const recorded = JSON.parse(brotliDecompressSync(file).toString("utf8")) as RecordedMessages;
  const types = new Map<string, MessageType>();
  const find = (name: string): MessageType | undefined => {
    const known = types.get(name);
    if (known !== undefined || !Object.hasOwn(recorded.messages, name)) return known;
    const type = new Map((recorded.messages[name] ?? []).map((field) => [field.number, field]));
    types.set(name, type);
    return type;
  };
  return {
    find,
    nameOf: (apiVersion, kind) => {
      const own = Object.hasOwn(recorded.packages, apiVersion)
        ? `${recorded.packages[apiVersion]}.${kind}`
        : "";
      const candidates = [own, `${metaPackage}.${kind}`];
      return candidates.find((name) => find(name) !== undefined);
    },
  };
}
