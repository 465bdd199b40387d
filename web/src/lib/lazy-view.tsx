import { lazy, useState } from "react";
import type { ComponentType, ReactNode } from "react";

export interface LazyView<Props> {
  (props: Props): ReactNode;
  /** Begins to load it; one that is loaded is drawn at once. */
  readonly load: () => void;
}

/**
 * A component that is loaded when it is needed. React keeps what stands in for a lazy one on the screen for a third of a second, even
 * where its script has long come: so one that was loaded before is drawn without that.
 */
export function lazyView<Props extends object>(read: () => Promise<ComponentType<Props>>): LazyView<Props> {
  let loaded: ComponentType<Props> | undefined;
  const load = async (): Promise<ComponentType<Props>> => (loaded = await read());
  const Lazy = lazy(async () => ({ default: await load() }));
  const View = (props: Props) => {
    // For as long as it stands: another component in its place would begin anew.
    const [Chosen] = useState<ComponentType<Props>>(() => loaded ?? Lazy);
    return <Chosen {...props} />;
  };
  // Where it cannot be loaded, whoever draws it hears so.
  return Object.assign(View, { load: () => void load().catch(() => undefined) });
}
