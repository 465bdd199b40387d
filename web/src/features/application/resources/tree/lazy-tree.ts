import { lazyView } from "../../../../lib/lazy-view.tsx";

/** The tree of resources, whose script the address begins to load. */
export const TreeView = lazyView(async () => (await import("./tree-view.tsx")).TreeView);
