import type { CliPorts } from "../ports.ts";

/**
 * The ports with one Git store, registry and renderer for all who ask, which end with the result: a thousand applications need not start
 * them a thousand times.
 */
export function shareSources(ports: CliPorts): { readonly ports: CliPorts } & AsyncDisposable {
  const started = new AsyncDisposableStack();
  const once = <T extends AsyncDisposable>(start: () => Promise<T>): (() => Promise<T>) => {
    let running: Promise<T> | undefined;
    return async () => {
      running ??= start().then((owned) => started.use(owned));
      return lend(await running);
    };
  };
  const renderers = new Map<
    string | undefined,
    () => Promise<Awaited<ReturnType<CliPorts["startRenderer"]>>>
  >();
  const startRenderer: CliPorts["startRenderer"] = async (options = {}) => {
    const { seedSecret } = options;
    const start = renderers.get(seedSecret) ?? once(() => ports.startRenderer(options));
    renderers.set(seedSecret, start);
    return await start();
  };
  const shared = {
    ...ports,
    startGit: once(() => ports.startGit()),
    startRegistry: once(() => ports.startRegistry()),
    startRenderer,
  };
  return { ports: shared, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** The same object for somebody whose disposing does not end it. */
function lend<T extends AsyncDisposable>(owned: T): T {
  return new Proxy(owned, {
    get: (target, property): unknown => {
      if (property === Symbol.asyncDispose) return () => Promise.resolve();
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
