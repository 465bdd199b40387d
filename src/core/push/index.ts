/**
 * Applications that are pushed: applied by the command line, with what was applied kept beside them in the cluster. `inventory.ts` is the
 * format of that.
 */
export { formatInventory, inventoryName, parseInventory } from "./inventory.ts";
