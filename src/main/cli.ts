import { enableCompileCache } from "node:module";
import { runCli } from "#cli/main.ts";
import { createCliPorts } from "./cli-ports.ts";
import { endOnBrokenOutput, endWhenWritten } from "./output.ts";

enableCompileCache();

const stop = new AbortController();
let interrupts = 0;
const onSignal = (name: NodeJS.Signals) => {
  interrupts += 1;
  // A second Ctrl-C ends at once whatever does not end by itself.
  if (interrupts > 1) process.exit(130);
  stop.abort(new DOMException(`received ${name}`, "AbortError"));
};
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
// The terminal was closed: what is half written must go as with Ctrl-C.
process.on("SIGHUP", onSignal);
endOnBrokenOutput();

endWhenWritten(
  await runCli(process.argv.slice(2), createCliPorts({ signal: stop.signal, env: process.env })),
);
