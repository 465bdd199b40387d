import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { goModule, runGo } from "./go.ts";

const rule = "-".repeat(100);

/** Writes `wasm/NOTICE`: the modules that are linked, and the texts that their licences want to travel with them. */
export function writeNotice(): void {
  const modules = linkedModules().map(({ name, directory }) => ({ name, texts: licenceTexts(directory) }));
  const go = {
    name: "the Go runtime and standard library",
    texts: licenceTexts(runGo(["env", "GOROOT"]).trim()),
  };
  const apache = modules.filter(({ texts }) => texts.every(isPlainApache));
  const others = [...modules.filter((module) => !apache.includes(module)), go];
  const parts = [
    "The render engine (src/render/engine, wasm/cmd) holds compiled code of the libraries below. Their sources are the Go modules of these names and versions.",
    `Under the Apache License 2.0, whose text is the file LICENSE of this repository:\n\n${apache.map(({ name }) => `  ${name}`).join("\n")}`,
    ...others.map(({ name, texts }) => [rule, name, "", ...texts].join("\n")),
  ];
  writeFileSync(join(goModule, "NOTICE"), `${parts.join("\n\n")}\n`);
}

function linkedModules(): { name: string; directory: string }[] {
  const listed = runGo([
    "list",
    "-deps",
    "-f",
    "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}",
    "./cmd/native",
    // What the program has not, because it is a library for WebAssembly only.
    "./internal/jq",
    "./internal/luascript",
  ]);
  const lines = [...new Set(listed.split("\n"))].filter((line) => line.split(" ").length === 3);
  return lines.toSorted().flatMap((line) => {
    const [modulePath = "", version = "", directory = ""] = line.split(" ");
    // Stand-ins are our own; what they pass on stands under a name of its own.
    if (directory.startsWith(join(goModule, "stubs"))) return [];
    return [{ name: `${modulePath.replace("upstream.invalid", "k8s.io")} ${version}`, directory }];
  });
}

function licenceTexts(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  if (files.length === 0) throw new Error(`${directory}: there is no licence`);
  return files.toSorted().map((file) => readFileSync(join(directory, file), "utf8").trim());
}

function isPlainApache(text: string): boolean {
  return /Apache License\s+Version 2\.0/.test(text) && !text.includes("Permission is hereby granted");
}
