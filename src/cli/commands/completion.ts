import { defineCommand } from "../command.ts";
import { usageError } from "../usage-error.ts";

/** The scripts ask the program itself what may follow, so they are never out of date. */
const scripts: Readonly<Record<string, string>> = {
  bash: `_mooring() {
  local IFS=$'\\n'
  COMPREPLY=($(mooring __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _mooring mooring
`,
  zsh: `#compdef mooring
_mooring() {
  local -a candidates
  candidates=("\${(@f)$(mooring __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
}
compdef _mooring mooring
`,
  fish: `function __mooring_complete
  set -l words (commandline -opc) (commandline -ct)
  mooring __complete $words[2..-1] 2>/dev/null
end
complete -c mooring -f -a '(__mooring_complete)'
`,
};

export const command = defineCommand({
  name: "completion",
  summary: "Print a shell completion script",
  examples: [
    "source <(mooring completion bash)",
    "mooring completion zsh > ~/.zfunc/_mooring",
    "mooring completion fish | source",
  ],
  args: { usage: "bash|zsh|fish", min: 1, max: 1 },
  flags: {},
  run: ({ args }, ports) => {
    const [shell = ""] = args;
    const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
    if (script === undefined)
      throw usageError(`completion: ${JSON.stringify(shell)} is no shell known here; use bash, zsh or fish`);
    ports.stdout.write(script);
    return Promise.resolve(0);
  },
});
