import type { DescService } from "@bufbuild/protobuf";
import { routesOf, services } from "#api/contract/methods.ts";

/**
 * The routes of the API as TypeScript, by service and method. Of several our own, else the shortest, since what is not in its path may stand
 * in the query, or be left out.
 */
export function webRoutes(): string {
  const lines = Object.entries<DescService>(services).flatMap(([name, service]) => [
    `  ${name}: {`,
    ...service.methods.flatMap((method) => {
      const all = routesOf(method).toSorted((a, b) => a.path.length - b.path.length);
      const route = all.find(({ path }) => path.startsWith("/api/mooring/")) ?? all[0];
      return route === undefined
        ? []
        : [`    ${method.localName}: ${JSON.stringify([route.verb, route.path, route.body])},`];
    }),
    "  },",
  ]);
  return `// Written by \`npm run gen\` from the API contract.\n\n/** Verb, path and the field that is the body, of each method. */\nexport const routes = {\n${lines.join("\n")}\n} as const;\n`;
}
