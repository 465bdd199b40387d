const memorySection = 5;
const pageBytes = 65_536;
const preambleBytes = 8;

/**
 * Writes a maximum into the memory section of a WebAssembly module: no limit of a worker thread counts the memory of
 * what runs in it. Throws when the module has no memory of its own or begins with more.
 */
export function limitMemory(wasm: Uint8Array, maxMb: number): Uint8Array<ArrayBuffer> {
  for (let at = preambleBytes; at < wasm.length;) {
    const id = wasm[at];
    const size = readNumber(wasm, at + 1);
    const end = size.end + size.value;
    if (id === memorySection) {
      const section = limitSection(wasm.subarray(size.end, end), (maxMb * 1024 * 1024) / pageBytes);
      return new Uint8Array(Buffer.concat([wasm.subarray(0, at), section, wasm.subarray(end)]));
    }
    at = end;
  }
  throw new Error("the WebAssembly module has no memory");
}

function limitSection(content: Uint8Array, maxPages: number): Uint8Array {
  const minimum = readNumber(content, 2);
  if (content[0] !== 1) throw new Error("the WebAssembly module has not one memory");
  if (minimum.value > maxPages)
    throw new Error("the WebAssembly module begins with more memory than the limit");
  const hasMaximum = 1;
  const limited = [1, hasMaximum, ...writeNumber(minimum.value), ...writeNumber(Math.floor(maxPages))];
  return Uint8Array.from([memorySection, ...writeNumber(limited.length), ...limited]);
}

/** LEB128, unsigned. */
function readNumber(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; at < start + 5; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Error("the WebAssembly module is damaged");
}

function writeNumber(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...writeNumber(Math.floor(value / 128))];
}
