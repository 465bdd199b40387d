import { MooringError } from "#core/errors/index.ts";

/** One document of a YAML stream, as text. */
export interface BackupDocument {
  /** Counted from 1, documents with nothing in them left out. */
  readonly number: number;
  /** On which its text begins. */
  readonly line: number;
  readonly text: string;
}

/** Above what etcd takes, with room for how YAML writes it. */
const maxDocumentLength = 8 * 1024 * 1024;

/**
 * Cuts a YAML stream into its documents as its text comes, so that only one of them is in memory. A line that begins with three dashes
 * ends a document: inside of one everything that could look so is indented.
 */
export class DocumentSplitter {
  #rest = "";
  #lines: string[] = [];
  #length = 0;
  #line = 0;
  #start = 1;
  #number = 0;

  /** The documents that end in this piece of the text. Throws CONFIG_INVALID for one that is too long. */
  push(chunk: string): readonly BackupDocument[] {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#checkLength(this.#rest.length);
    return lines.flatMap((line) => this.#take(line));
  }

  /** What is left at the end of the text. */
  end(): readonly BackupDocument[] {
    const last = this.#take(this.#rest);
    this.#rest = "";
    return [...last, ...this.#cut()];
  }

  #take(line: string): readonly BackupDocument[] {
    this.#line += 1;
    if (!/^---(?:\s|$)/u.test(line)) {
      this.#checkLength(line.length);
      this.#lines.push(line);
      this.#length += line.length + 1;
      return [];
    }
    const ended = this.#cut();
    const behind = line.slice(3).trim();
    this.#start = behind === "" ? this.#line + 1 : this.#line;
    if (behind !== "") this.#lines.push(behind);
    return ended;
  }

  #cut(): readonly BackupDocument[] {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#length = 0;
    const isEmpty = text.split("\n").every((line) => /^\s*(?:#.*)?$/u.test(line));
    if (isEmpty) return [];
    this.#number += 1;
    return [{ number: this.#number, line: this.#start, text }];
  }

  #checkLength(more: number): void {
    if (this.#length + more <= maxDocumentLength) return;
    throw new MooringError(
      "CONFIG_INVALID",
      `document ${this.#number + 1}, from line ${this.#start}: is longer than ${maxDocumentLength} characters; no object of a backup is, so correct the file`,
    );
  }
}
