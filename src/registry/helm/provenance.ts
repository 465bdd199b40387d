import { createHash } from "node:crypto";
import type { Key } from "openpgp";
import { messageOf, MooringError } from "#core/errors/index.ts";
import type { Clock } from "#runtime/clock.ts";
import type { Subject } from "../registry-error.ts";
import { chartError } from "../registry-error.ts";

export interface ProvenanceOptions {
  /** OpenPGP public keys, armored or binary. */
  readonly keyring: Uint8Array;
  /** Charts without a provenance file are refused. */
  readonly required: boolean;
}

interface Archive {
  /** Names under which the provenance file may list it; in a registry archives have no names. */
  readonly names: readonly string[] | "any";
  readonly digest: string;
  readonly subject: Subject;
}

async function readKeyring(keyring: Uint8Array): Promise<readonly Key[]> {
  const { readKeys } = await import("openpgp");
  const text = Buffer.from(keyring).toString("latin1");
  try {
    const armored = text.trimStart().startsWith("-----BEGIN PGP");
    return armored ? await readKeys({ armoredKeys: text }) : await readKeys({ binaryKeys: keyring });
  } catch (error) {
    const message = `keyring for charts: cannot be read: ${messageOf(error)}; export it with gpg --export`;
    throw new MooringError("CONFIG_INVALID", message, { cause: error });
  }
}

/** What the second part of a provenance file says of archives: name → `sha256:…`. */
function sumsOf(text: string): ReadonlyMap<string, string> {
  const [, sums = ""] = text.replaceAll("\r\n", "\n").split("\n...\n");
  const line = /^\s+(?:"([^"]+)"|'([^']+)'|(\S+)):\s*["']?(sha256:[0-9a-f]{64})["']?\s*$/gm;
  return new Map(
    [...sums.matchAll(line)].map((parts) => [parts[1] ?? parts[2] ?? parts[3] ?? "", parts[4] ?? ""]),
  );
}

/** Checks charts against their provenance files, as `helm verify` does. */
export class Provenance {
  readonly #keys: readonly Key[];
  readonly #required: boolean;
  readonly #clock: Clock;
  /** Names this policy: what passed another one must be checked again. */
  readonly policy: string;

  private constructor(keys: readonly Key[], options: ProvenanceOptions, clock: Clock) {
    this.#keys = keys;
    this.#required = options.required;
    this.#clock = clock;
    this.policy = `${String(options.required)} ${createHash("sha256").update(options.keyring).digest("hex")}`;
  }

  /** Throws CONFIG_INVALID for a keyring that cannot be read. */
  static async open(options: ProvenanceOptions, clock: Clock): Promise<Provenance> {
    return new Provenance(await readKeyring(options.keyring), options, clock);
  }

  /** Throws CHART_UNVERIFIED for a bad signature, and for none where one is required. */
  async check(file: Buffer | undefined, archive: Archive): Promise<void> {
    if (file !== undefined) return await this.#verify(file, archive);
    if (!this.#required) return;
    throw unverified(
      archive,
      "it has no provenance file, which is required; sign it with helm package --sign",
    );
  }

  async #verify(file: Buffer, archive: Archive): Promise<void> {
    const text = await this.#signedText(file, archive);
    const sums = sumsOf(text);
    const names = archive.names === "any" ? [...sums.keys()] : archive.names.filter((one) => sums.has(one));
    if (names.length === 0)
      throw unverified(archive, "its provenance file is for another archive; sign it anew");
    if (names.some((name) => sums.get(name) === archive.digest)) return;
    throw unverified(
      archive,
      "its provenance file is for other content; somebody changed the archive, or it must be signed anew",
    );
  }

  async #signedText(file: Buffer, archive: Archive): Promise<string> {
    const { readCleartextMessage, verify } = await import("openpgp");
    try {
      const message = await readCleartextMessage({ cleartextMessage: file.toString("utf8") });
      const verificationKeys = [...this.#keys];
      const date = new Date(this.#clock.now());
      const { signatures } = await verify({ message, verificationKeys, date });
      // One good signature by a known key is what Helm asks for.
      await Promise.any(signatures.map(({ verified }) => verified));
      return message.getText();
    } catch (error) {
      const cause = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
      const text = `the signature of its provenance file is not good (${messageOf(cause).slice(0, 200)}); add the signer's key to the keyring, or sign it anew`;
      throw unverified(archive, text, cause);
    }
  }
}

function unverified({ subject }: Archive, text: string, cause?: unknown): MooringError {
  return chartError("CHART_UNVERIFIED", subject, { text, cause });
}
