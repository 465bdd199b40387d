import { switchCommand } from "./switch-field.ts";

export const command = switchCommand({
  verb: "disable",
  field: "syncOverrun",
  summary: "Hold syncs that run when a sync window turns",
});
