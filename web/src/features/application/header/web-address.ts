/** Whether a browser may follow an address that comes from data: it may be a script. */
export function isWebAddress(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  return ["http:", "https:"].includes(new URL(url).protocol);
}
