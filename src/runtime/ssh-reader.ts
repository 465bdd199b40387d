/** Reads the fields of SSH's binary forms (RFC 4251 §5). Throws TypeError when a field is cut short. */
export class SshReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    this.#at += 4;
    if (this.#at > this.#bytes.length) throw new TypeError("it is cut short");
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  string(): Buffer {
    const length = this.number();
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new TypeError("it is cut short");
    return this.#bytes.subarray(start, this.#at);
  }

  text(): string {
    return this.string().toString("latin1");
  }
}

/** A field as SSH sends it: its length, and itself (RFC 4251 §5). */
export function sshString(part: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.byteLength);
  return Buffer.concat([length, part]);
}
