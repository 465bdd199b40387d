/** What is used of WebAssembly's global object: its types are part of the browser's library, which has no place here. */
declare namespace WebAssembly {
  type ModuleImports = Record<string, (...args: never[]) => number | void>;

  class Module {
    private constructor();
    static imports(module: Module): readonly { readonly module: string; readonly name: string }[];
  }

  class Memory {
    private constructor();
    readonly buffer: ArrayBuffer;
  }

  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, ModuleImports>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  function compile(wasm: Uint8Array<ArrayBuffer>): Promise<Module>;
}
