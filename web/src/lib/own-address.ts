/**
 * Where a page of this UI is, by its address as the router knows it, which has not the path below which the server is found. What leads
 * out of there is the first page.
 */
export function ownAddress(path: string, base: string): URL {
  const first = new URL(base);
  const url = URL.parse(`.${path}`, first);
  const isBelow = url !== null && url.origin === first.origin && url.pathname.startsWith(first.pathname);
  return path.startsWith("/") && isBelow ? url : first;
}
