/** A commit or tag, apart from its signature. */
export interface SignedObject {
  /** What was signed. */
  readonly payload: Uint8Array;
  /** Armored; undefined when there is none. */
  readonly signature: string | undefined;
  /** The first line of each header that is needed. */
  readonly parents: readonly string[];
  /** Of a tag: what it points at, and what it is called. */
  readonly object: string | undefined;
  readonly tag: string | undefined;
  readonly message: string;
}

const signatureHeaders = ["gpgsig", "gpgsig-sha256"];
const armor = /^-----BEGIN (?:PGP|SSH) SIGNATURE-----$/m;

/**
 * Takes a raw commit apart: its signature is a header, whose further lines begin with a space, and covers all the rest
 * (gitformat-signature). Bytes stay as they are: nothing is decoded and encoded again.
 */
export function readSignedCommit(raw: Uint8Array): SignedObject {
  // One character for each byte.
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const end = text.indexOf("\n\n");
  const header = end < 0 ? text : text.slice(0, end);
  const kept: string[] = [];
  const signatures = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of header.split("\n")) {
    if (line.startsWith(" ") && current !== undefined) {
      current.push(line.slice(1));
      continue;
    }
    const name = line.slice(0, Math.max(0, line.indexOf(" ")));
    current = signatureHeaders.includes(name) ? [line.slice(name.length + 1)] : undefined;
    if (current === undefined) kept.push(line);
    else signatures.set(name, [...(signatures.get(name) ?? []), ...current]);
    if (current !== undefined) current = signatures.get(name);
  }
  const rest = end < 0 ? "" : text.slice(end);
  const idLength = /^tree ([0-9a-f]+)$/m.exec(header)?.[1]?.length ?? 40;
  return {
    payload: Buffer.from(`${kept.join("\n")}${rest}`, "latin1"),
    signature: signatures.get(idLength === 64 ? "gpgsig-sha256" : "gpgsig")?.join("\n"),
    parents: kept.flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? []),
    object: undefined,
    tag: undefined,
    message: rest.slice(2),
  };
}

/** Takes a raw tag apart: its signature stands at its end. */
export function readSignedTag(raw: Uint8Array): SignedObject {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("latin1");
  const at = armor.exec(text)?.index;
  const payload = at === undefined ? text : text.slice(0, at);
  const [header = "", ...message] = payload.split("\n\n");
  return {
    payload: Buffer.from(payload, "latin1"),
    signature: at === undefined ? undefined : text.slice(at),
    parents: [],
    object: /^object ([0-9a-f]+)$/m.exec(header)?.[1],
    tag: /^tag (.*)$/m.exec(header)?.[1],
    message: message.join("\n\n"),
  };
}

/** Whether a commit's author vouches for all that led to it, by a trailer, as Argo CD has it. */
export function isSeal({ message }: SignedObject): boolean {
  const last =
    message
      .trimEnd()
      .split(/\n\s*\n/u)
      .at(-1) ?? "";
  return /^Argocd-gpg-seal: *\S/imu.test(last);
}
