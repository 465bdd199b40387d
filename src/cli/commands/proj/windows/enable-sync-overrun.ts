import { switchCommand } from "./switch-field.ts";

export const command = switchCommand({
  verb: "enable",
  field: "syncOverrun",
  summary: "Let syncs that run go on when a sync window turns",
});
