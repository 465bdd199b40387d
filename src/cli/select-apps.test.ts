import { expect, it } from "vitest";
import type { CliHub } from "./hub.ts";
import { selectApps } from "./select-apps.ts";

it.for(["", " ", ",", " , "])(
  "takes an empty selector, %j, for a mistake and not for every application",
  async (selector) => {
    const selection = { names: [], selector, project: [], namespace: undefined, command: "app delete" };
    // It is refused before anything is asked.
    const hub = {} as CliHub;
    await expect(selectApps(hub, selection, new AbortController().signal)).rejects.toMatchObject({
      code: "CLI_USAGE",
      message: expect.stringContaining("app delete: -l is empty") as unknown,
    });
    const within = { ...selection, project: ["shop"] };
    await expect(selectApps(hub, within, new AbortController().signal)).rejects.toThrow("-l is empty");
  },
);
