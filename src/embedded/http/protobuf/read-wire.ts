/** Why bytes are no protobuf message of Kubernetes. */
export class ProtobufProblem extends Error {
  override readonly name = "ProtobufProblem";
}

/** A field as it stands in the bytes; `value` is what its wire type says. */
export type WireField =
  | { readonly number: number; readonly kind: "varint"; readonly value: bigint }
  | { readonly number: number; readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly number: number; readonly kind: "fixed"; readonly value: DataView };

/** The fields of a message in their order. https://protobuf.dev/programming-guides/encoding/ */
export function* readFields(bytes: Uint8Array): Generator<WireField> {
  const reader = new WireReader(bytes);
  while (!reader.isAtEnd()) {
    const tag = Number(reader.varint());
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, kind: "varint", value: reader.varint() };
        break;
      case 1:
        yield { number, kind: "fixed", value: viewOf(reader.take(8)) };
        break;
      case 2:
        yield { number, kind: "bytes", value: reader.take(Number(reader.varint())) };
        break;
      case 5:
        yield { number, kind: "fixed", value: viewOf(reader.take(4)) };
        break;
      default:
        throw new ProtobufProblem(`proto: illegal wireType ${tag % 8}`);
    }
  }
}

/** Numbers that a repeated field holds in one run. */
export function readPacked(bytes: Uint8Array): readonly bigint[] {
  const reader = new WireReader(bytes);
  const values: bigint[] = [];
  while (!reader.isAtEnd()) values.push(reader.varint());
  return values;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const maxVarintBytes = 10;

class WireReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let count = 0; count < maxVarintBytes; count += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new ProtobufProblem("unexpected EOF");
      this.#at += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufProblem("proto: integer overflow");
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new ProtobufProblem("unexpected EOF");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
