import { fstatSync, writeSync } from "node:fs";
import type { Output } from "#cli/ports.ts";

const exitFailed = 20;

/** Standard output or error of this process, as commands write to it. */
export function outputOf(stream: NodeJS.WriteStream & { readonly fd: number }): Output {
  let isFile: boolean | undefined;
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    write: (text) => {
      isFile ??= fstatSync(stream.fd).isFile();
      if (isFile) writeWhole(stream, text);
      else stream.write(text);
    },
  };
}

/** A disk that becomes full takes a part, which Node's own stream for files takes for the whole. */
function writeWhole(stream: NodeJS.WriteStream & { readonly fd: number }, text: string): void {
  try {
    let rest = Buffer.from(text);
    while (rest.length > 0) rest = rest.subarray(writeSync(stream.fd, rest));
  } catch (error) {
    stream.emit("error", error);
  }
}

/** Ends the process when its output cannot be written: without a word when nobody reads it any more. */
export function endOnBrokenOutput(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // `mooring app list | head` closes the pipe early: that is no error.
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(
      `mooring: standard output: cannot be written: ${error.message}\n  make room or write elsewhere; what is there is not whole\n`,
      () => process.exit(exitFailed),
    );
  });
  // There is nowhere to say it; the exit code says how the command ended.
  process.stderr.on("error", () => undefined);
}

/** Ends the process once all that was printed is out; connections that close slowly do not keep it. */
export function endWhenWritten(code: number): void {
  // What could not be written is told of only after the callback.
  process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit(code))));
}
