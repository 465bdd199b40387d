type Raw = Readonly<Record<string, unknown>>;

/**
 * A page's search, and nothing else of the address. The router would keep what a parser leaves out, such as an address of another server
 * that a link names as the page to go back to: what is left out must be said to be undefined.
 */
export function onlySearch<Search extends object>(parse: (search: Raw) => Search): (search: Raw) => Search {
  return (search) => {
    const nothing = Object.fromEntries(Object.keys(search).map((key) => [key, undefined]));
    return { ...nothing, ...parse(search) };
  };
}
