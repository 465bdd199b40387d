import { randomBytes } from "node:crypto";
import { eventually } from "../../control-plane/eventually.ts";
import { Normaliser } from "./normalise.ts";
import type { RandomKind } from "./random/kinds/random-kind.ts";
import { lastObject, type RandomScript, type RandomWatch } from "./random/random-script.ts";
import { filledIn, type FillIns, must, namespaceOf, runSteps } from "./run-script.ts";
import type { Answer, ScriptRequest, ServerUnderTest } from "./server.ts";
import { send } from "./server.ts";
import { type OpenWatch, openWatch, readUntilLast } from "./watch.ts";

/** What a server told when it was asked for something. */
export interface Told {
  readonly about: ScriptRequest | RandomWatch;
  readonly answer: unknown;
}

interface Beginning {
  readonly watch: RandomWatch;
  readonly ask: (call: ScriptRequest) => Promise<Answer>;
}

/** One namespace of one server in which one random script after the other runs. */
export class Lane {
  readonly #server: ServerUnderTest;
  readonly #namespace = `lane-${randomBytes(5).toString("hex")}`;
  readonly #fillIns: FillIns;

  /** Lanes of one server have different numbers: by them they share what a cluster hands out once. */
  constructor(server: ServerUnderTest, number: number) {
    this.#server = server;
    const address = (at: number) => `10.96.0.${16 + number * 8 + at}`;
    const port = (at: number) => 30_000 + number * 4 + at;
    this.#fillIns = {
      $ns: this.#namespace,
      $ip1: address(1),
      $ip2: address(2),
      $port1: port(1),
      $port2: port(2),
      $port3: port(3),
    };
  }

  async open(): Promise<void> {
    await must(this.#server, namespaceOf(this.#namespace));
  }

  /** What a script's requests are answered, and the events of its watch; what is each server's own made equal. */
  async run({ kind, before, watch, after }: RandomScript): Promise<readonly Told[]> {
    const normaliser = new Normaliser(this.#namespace);
    const told: Told[] = [];
    const ask = async (call: ScriptRequest): Promise<Answer> => {
      const filled = this.#filled(call);
      const answer = await send(this.#server, filled);
      told.push({ about: filled, answer: normaliser.answer(answer) });
      return answer;
    };
    await runSteps(before, ask);
    const begun = watch === undefined ? undefined : await this.#begin(kind, { watch, ask });
    await runSteps(after, ask);
    if (watch !== undefined && begun !== undefined) {
      await must(this.#server, this.#filled({ method: "POST", path: kind.path, body: lastObject(kind) }));
      for await (const event of readUntilLast(await begun())) {
        told.push({ about: watch, answer: normaliser.event(event) });
      }
    }
    if (kind.isOnlyTried !== true) await this.#clear(kind);
    return told;
  }

  /** Begins a watch now, or once the steps are over. */
  async #begin(kind: RandomKind, { watch, ask }: Beginning): Promise<() => Promise<OpenWatch | Answer>> {
    const { body } = await ask({ method: "GET", path: `${kind.path}?${watch.query}` });
    const { metadata } = body as { readonly metadata: { readonly resourceVersion?: string } };
    const since = {
      list: `&resourceVersion=${metadata.resourceVersion}`,
      replay: `&resourceVersion=${metadata.resourceVersion}`,
      initial: "&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan",
      state: "",
    };
    const path = `${kind.path}?watch=1&${watch.query}${since[watch.from]}`;
    const open = () => openWatch(this.#server, this.#filled({ method: "GET", path, accept: watch.accept }));
    if (watch.from === "replay") return open;
    const opened = await open();
    return () => Promise.resolve(opened);
  }

  /** Removes what a script left, so that the next one finds nothing. */
  async #clear({ path }: RandomKind): Promise<void> {
    await eventually(
      async () => {
        await must(
          this.#server,
          this.#filled({ method: "DELETE", path: `${path}?propagationPolicy=Background` }),
        );
        const { body } = await must(this.#server, this.#filled({ method: "GET", path }));
        const { items } = body as {
          readonly items: readonly { readonly metadata: { readonly name: string } }[];
        };
        for (const { metadata } of items) {
          await send(this.#server, this.#filled(releaseOf(`${path}/${metadata.name}`)));
        }
        const names = items.map(({ metadata }) => metadata.name).join(", ");
        if (items.length > 0) throw new Error(`${this.#server.name}: ${path}: still holds ${names}`);
      },
      { intervalMs: 5 },
    );
  }

  #filled(call: ScriptRequest): ScriptRequest {
    return filledIn(call, this.#fillIns);
  }
}

function releaseOf(path: string): ScriptRequest {
  const body = { metadata: { finalizers: null } };
  return { method: "PATCH", path, body, contentType: "application/merge-patch+json" };
}
