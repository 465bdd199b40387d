import type { IncomingMessage } from "node:http";
import { MooringError } from "#core/errors/index.ts";
import type { JsonValue } from "#core/object/index.ts";

interface BodyOptions {
  readonly maxBytes: number;
  /** What it is, for messages. */
  readonly subject: string;
}

/** The JSON of a message, whose length is limited. Throws API_TOO_LARGE and API_INVALID_ARGUMENT, and what ends the connection. */
export async function readBody(
  message: IncomingMessage,
  { maxBytes, subject }: BodyOptions,
): Promise<JsonValue> {
  const tooLarge = () =>
    new MooringError(
      "API_TOO_LARGE",
      `${subject}: has more than ${maxBytes} bytes; ask for less, such as fewer files`,
    );
  if (Number(message.headers["content-length"] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks, length).toString();
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    const problem = `${subject}: is no JSON; see whether the controller and the server are of one version`;
    throw new MooringError("API_INVALID_ARGUMENT", problem, { cause: error });
  }
}
