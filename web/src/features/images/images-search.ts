/** What the page of images shows, as it stands in the address. */
export interface ImagesSearch {
  readonly text?: string;
  /** Whose details are open: `namespace/name`. */
  readonly open?: string;
}

export function parseImagesSearch({ text, open }: Readonly<Record<string, unknown>>): ImagesSearch {
  return {
    ...(isText(text) ? { text } : {}),
    ...(isText(open) ? { open } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
