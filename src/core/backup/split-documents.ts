import { MooringError } from "#core/errors/index.ts";

/** One document of a YAML stream, as text. */
export interface BackupDocument {
  /** Counted from 1, documents with nothing in them left out. */
  readonly number: number;
  /** On which its text begins. */
  readonly line: number;
  readonly text: string;
  /** What its text ends with: a separator, as in backups, the last line of the stream, or the middle of that line. */
  readonly end: "separator" | "line" | "mid-line";
}

/**
 * The last line of a backup: a comment to everybody who reads YAML, and to us the proof that the file was not cut off between two documents,
 * which nothing else shows.
 */
export function endMark(objects: number, scope: string): string {
  return `# end of the backup: ${objects} objects, ${scope}\n`;
}

const endMarkLine = /^# end of the backup: (?<objects>\d{1,9}) objects, (?<scope>.*?)\r?$/u;

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
  #told: { readonly objects: number; readonly scope: string } | undefined;

  /** The documents that end in this piece of the text. Throws CONFIG_INVALID for one that is too long. */
  push(chunk: string): readonly BackupDocument[] {
    const lines = (this.#rest + chunk).split("\n");
    this.#rest = lines.pop() ?? "";
    this.#checkLength(this.#rest.length);
    return lines.flatMap((line) => this.#take(line));
  }

  /** What is left at the end of the text. */
  end(): readonly BackupDocument[] {
    const rest = this.#rest;
    this.#rest = "";
    const last = this.#take(rest);
    return [...last, ...this.#cut(rest === "" ? "line" : "mid-line")];
  }

  /**
   * Asked at the end: why the text may not be all of a backup of this scope; undefined when it ends with the mark of as many objects as it
   * has, and of that scope.
   */
  incompleteness(scope: string): string | undefined {
    if (this.#told === undefined)
      return "does not end with the line by which mooring admin export says that it is whole";
    const { objects, scope: exported } = this.#told;
    if (objects !== this.#number) return `has ${this.#number} documents, and its last line says ${objects}`;
    if (exported === scope) return undefined;
    return `was exported ${exported}, and is to be imported ${scope}`;
  }

  #take(line: string): readonly BackupDocument[] {
    this.#line += 1;
    if (!/^---(?:\s|$)/u.test(line)) {
      this.#checkLength(line.length);
      this.#lines.push(line);
      this.#length += line.length + 1;
      return [];
    }
    const ended = this.#cut("separator");
    const behind = line.slice(3).trim();
    this.#start = behind === "" ? this.#line + 1 : this.#line;
    if (behind !== "") this.#lines.push(behind);
    return ended;
  }

  #cut(end: BackupDocument["end"]): readonly BackupDocument[] {
    const text = this.#lines.join("\n");
    this.#lines = [];
    this.#length = 0;
    const lines = text.split("\n");
    if (lines.every((line) => /^\s*(?:#.*)?$/u.test(line))) {
      const mark = lines.map((line) => endMarkLine.exec(line)?.groups).findLast((one) => one !== undefined);
      if (mark !== undefined) this.#told = { objects: Number(mark["objects"]), scope: mark["scope"] ?? "" };
      return [];
    }
    this.#told = undefined;
    this.#number += 1;
    return [{ number: this.#number, line: this.#start, text, end }];
  }

  #checkLength(more: number): void {
    if (this.#length + more <= maxDocumentLength) return;
    throw new MooringError(
      "CONFIG_INVALID",
      `document ${this.#number + 1}, from line ${this.#start}: is longer than ${maxDocumentLength} characters; no object of a backup is, so correct the file`,
    );
  }
}
