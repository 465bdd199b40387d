const blockBytes = 512;

export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

/** Reads the regular files of an uncompressed tar archive. Throws when the archive ends early. */
export function* readTar(archive: Buffer): Generator<TarFile> {
  for (let at = 0; at + blockBytes <= archive.length;) {
    const header = archive.subarray(at, at + blockBytes);
    const name = text(header, 0, 100);
    if (name === "") return;
    const size = Number.parseInt(text(header, 124, 12), 8);
    const start = at + blockBytes;
    if (!Number.isFinite(size) || start + size > archive.length) {
      throw new Error(`tar: ${name} ends after the archive does; download it again`);
    }
    const type = text(header, 156, 1);
    const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
    if (type === "" || type === "0") {
      yield {
        path: prefix === "" ? name : `${prefix}/${name}`,
        content: archive.subarray(start, start + size),
      };
    }
    at = start + Math.ceil(size / blockBytes) * blockBytes;
  }
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end).trim();
}
