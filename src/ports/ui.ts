/** One file of the web UI, as it is sent. */
export interface UiFile {
  /** Media type, such as `text/css; charset=utf-8`. */
  readonly type: string;
  readonly bytes: Uint8Array;
  /** Compressed beforehand, by the name of the content coding (RFC 9110, section 8.4.1); the best first. */
  readonly encoded: ReadonlyMap<string, Uint8Array>;
}

/** The built web UI. */
export interface Ui {
  /** The page that every address of the UI begins with; it names `{{base}}` and `{{nonce}}`. */
  readonly page: string;
  /** What the page loads, by path below the base, such as `assets/main-1a2b3c.js`. Their names change with what they hold. */
  readonly files: ReadonlyMap<string, UiFile>;
}
