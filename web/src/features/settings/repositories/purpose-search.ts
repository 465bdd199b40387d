/** Whether repositories for writing are shown, as it stands in the address. */
export interface PurposeSearch {
  readonly purpose?: "write";
}

export function parsePurposeSearch(search: Readonly<Record<string, unknown>>): PurposeSearch {
  return search["purpose"] === "write" ? { purpose: "write" } : {};
}
