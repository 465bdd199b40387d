import { spawn } from "node:child_process";
import { once } from "node:events";
import { encodeMessage } from "#render/engine-message.ts";
import { answerFrom, type Tree } from "./answer.ts";
import { type Engine, fullRequest, type Outcome, readReply } from "./reply.ts";

const lengthBytes = 4;

/** The engine as a program: each message behind its length on stdin and stdout. */
export function startNativeEngine(program: string): Engine {
  const child = spawn(program, { stdio: ["pipe", "pipe", "ignore"] });
  const messages = readMessages(child.stdout);
  const send = (message: Uint8Array) => {
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32LE(message.length);
    child.stdin.write(Buffer.concat([length, message]));
  };
  const render = async (request: object, tree: Tree): Promise<Outcome> => {
    send(encodeMessage(fullRequest(request)));
    for (;;) {
      const { value, done } = await messages.next();
      if (done === true) throw new Error(`${program}: ended in the middle of a render`);
      if (!isQuestion(value)) return readReply(value);
      send(answerFrom(tree, value));
    }
  };
  const stop = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "close");
  };
  return { name: "the native program", render, [Symbol.asyncDispose]: stop };
}

// A question's header begins with its verb, a reply's with its outcome.
function isQuestion(message: Uint8Array): boolean {
  return Buffer.from(message.subarray(lengthBytes, lengthBytes + 7)).toString() === '{"ask":';
}

async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array, void> {
  let pending = Buffer.alloc(0);
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    const wanted = (chunks[0] ?? pending).length >= lengthBytes ? headLength(chunks[0] ?? pending) : 0;
    if (size < wanted) continue;
    pending = Buffer.concat(chunks);
    while (pending.length >= lengthBytes && pending.length >= headLength(pending)) {
      yield pending.subarray(lengthBytes, headLength(pending));
      pending = pending.subarray(headLength(pending));
    }
    chunks = [pending];
    size = pending.length;
  }
}

function headLength(bytes: Buffer): number {
  return lengthBytes + bytes.readUInt32LE();
}
