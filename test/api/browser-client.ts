interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** A client that keeps cookies by their paths and says where it comes from, as a browser does, and follows no redirect by itself. */
export class BrowserClient {
  readonly #cookies: Cookie[] = [];

  /** The cookies that go with a request to an address, as `name=value` pairs. */
  cookiesFor(url: string): readonly string[] {
    const { pathname } = new URL(url);
    const isBelow = ({ path }: Cookie) =>
      pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
    return this.#cookies.filter((each) => isBelow(each)).map(({ name, value }) => `${name}=${value}`);
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = this.cookiesFor(url).join("; ");
    const headers = new Headers({ accept: "text/html", "sec-fetch-site": "same-origin" });
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    if (cookie !== "") headers.set("cookie", cookie);
    const answer = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return answer;
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const valueOf = (attribute: string) =>
      attributes.find((each) => each.startsWith(`${attribute}=`))?.slice(attribute.length + 1);
    const [name = "", value = ""] = pair.split(/=(.*)/su);
    const path = valueOf("Path") ?? "/";
    const known = this.#cookies.findIndex((each) => each.name === name && each.path === path);
    if (known >= 0) this.#cookies.splice(known, 1);
    if (valueOf("Max-Age") !== "0") this.#cookies.push({ name, value, path });
  }
}
