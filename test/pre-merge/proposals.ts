export interface OpenProposal {
  readonly number: number;
  readonly from: string;
  readonly into: string;
  title: string;
  body: string;
}

type Sent = Readonly<Record<string, string>>;
type Answer = readonly [status: number, body: unknown];

/** Pull requests as GitHub serves them, or merge requests as GitLab does: one for two branches. */
export class Proposals {
  readonly open: OpenProposal[] = [];
  readonly #isGithub: boolean;
  readonly #all: string;

  constructor(kind: "github" | "gitlab") {
    this.#isGithub = kind === "github";
    this.#all = this.#isGithub ? "/repos/shop/deploy/pulls" : "/projects/42/merge_requests";
  }

  serves(pathname: string): boolean {
    return pathname === this.#all || /^\/\d+$/u.test(pathname.replace(this.#all, ""));
  }

  answer(method: string | undefined, url: URL, sent: Sent): Answer {
    if (method === "GET") return this.#list(url);
    if (method === "POST") return this.#begin(sent);
    const found = this.open.find(({ number }) => url.pathname === `${this.#all}/${number}`);
    if (found === undefined) return [404, { message: "Not Found" }];
    found.title = sent["title"] ?? found.title;
    found.body = this.#named(sent, "body", "description");
    return [200, this.#tell(found)];
  }

  #list({ searchParams }: URL): Answer {
    const asked = (name: string) => searchParams.get(name);
    const from = this.#isGithub ? asked("head")?.replace(/^shop:/u, "") : asked("source_branch");
    const into = this.#isGithub ? asked("base") : asked("target_branch");
    const found = this.open.filter((one) => one.from === from && one.into === into);
    return [200, found.map((one) => this.#tell(one))];
  }

  #begin(sent: Sent): Answer {
    const made = {
      number: this.open.length + 1,
      from: this.#named(sent, "head", "source_branch"),
      into: this.#named(sent, "base", "target_branch"),
      title: sent["title"] ?? "",
      body: this.#named(sent, "body", "description"),
    };
    const isThere = this.open.some(({ from, into }) => from === made.from && into === made.into);
    if (isThere) return [422, { message: "it exists" }];
    this.open.push(made);
    return [201, this.#tell(made)];
  }

  #named(sent: Sent, github: string, gitlab: string): string {
    return sent[this.#isGithub ? github : gitlab] ?? "";
  }

  #tell({ number, title, body }: OpenProposal): object {
    return this.#isGithub
      ? { number, title, body, html_url: `https://forge/${number}` }
      : { iid: number, title, description: body, web_url: `https://forge/${number}` };
  }
}
