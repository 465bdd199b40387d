import { request } from "node:https";
import { createInterface } from "node:readline";
import {
  type Answer,
  readAnswer,
  requestOptions,
  type ScriptRequest,
  type ServerUnderTest,
} from "./server.ts";

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A watch that has begun. */
export interface OpenWatch extends Disposable {
  /** The next event; undefined when the server has ended it. */
  next(): Promise<WatchEvent | undefined>;
}

/** Begins a watch; an answer when it is refused. */
export async function openWatch(server: ServerUnderTest, call: ScriptRequest): Promise<OpenWatch | Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<OpenWatch | Answer>();
  const outgoing = request(`${server.url}${call.path}`, requestOptions(server, call), (response) => {
    if (response.statusCode !== 200) {
      readAnswer(response).then(resolve, reject);
      return;
    }
    const lines = createInterface({ input: response })[Symbol.asyncIterator]();
    resolve({
      next: async () => {
        const { done, value } = await lines.next();
        return done === true ? undefined : (JSON.parse(value) as WatchEvent);
      },
      [Symbol.dispose]: () => void response.destroy(),
    });
  });
  outgoing.once("error", reject);
  outgoing.end();
  return promise;
}

const lastEventMs = 20_000;

/** Until the event about the object named `last`; the answer of a watch that was refused is an event of its own. */
export async function* readUntilLast(opened: OpenWatch | Answer): AsyncGenerator<WatchEvent> {
  if ("code" in opened) {
    yield { type: "REFUSED", object: opened.body };
    return;
  }
  using watch = opened;
  const timer = setTimeout(() => watch[Symbol.dispose](), lastEventMs);
  try {
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
      if (!isProgress(event)) yield event;
      if (event.type === "ADDED" && JSON.stringify(event.object).includes('"name":"last"')) return;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Bookmarks come when the server likes, but for the one that ends the state. */
function isProgress({ type, object }: WatchEvent): boolean {
  return type === "BOOKMARK" && !JSON.stringify(object).includes("initial-events-end");
}
