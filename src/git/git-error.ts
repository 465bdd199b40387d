import type { ErrorCode } from "#core/errors/index.ts";
import { MooringError } from "#core/errors/index.ts";
import type { RepositoryAccess } from "#core/repo/access.ts";
import type { GitOutcome } from "./run-git.ts";
import { scrub } from "./scrub.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly advice: string | ((repository: RepositoryAccess) => string);
}

/** What git, curl and ssh say (in the C locale), most specific first. */
const rules: readonly Rule[] = [
  {
    pattern: /incorrect passphrase/,
    code: "GIT_AUTH",
    advice: "the SSH key needs a passphrase, or another one; use a key without",
  },
  {
    pattern: /Load key "[^"]*": (?!Permission denied)/,
    code: "GIT_AUTH",
    advice: "the SSH key cannot be read; sshPrivateKey must be a whole private key in OpenSSH or PEM form",
  },
  {
    pattern: /Permission denied \([^)]*publickey/,
    code: "GIT_AUTH",
    advice:
      "the server refused the SSH key, or there is none that works without a passphrase; check the Secret",
  },
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: "GIT_UNTRUSTED",
    advice:
      "the server's SSH host key is not the known one; if that is right, update argocd-ssh-known-hosts-cm",
  },
  {
    pattern: /Host key verification failed|No \S+ host key is known/,
    code: "GIT_UNTRUSTED",
    advice: "the server's SSH host key is not known; add it to argocd-ssh-known-hosts-cm",
  },
  {
    pattern: /alert (?:handshake failure|bad certificate|certificate required)|certificate required/i,
    code: "GIT_AUTH",
    advice:
      "the server wants a client certificate that it trusts; check tlsClientCertData and tlsClientCertKey",
  },
  {
    pattern:
      /SSL certificate problem|server certificate verification failed|does not match target host|certificate subject name|no alternative certificate/i,
    code: "GIT_UNTRUSTED",
    advice: "the server's certificate is not trusted; add its CA to argocd-tls-certs-cm",
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|Permission denied \(|error: 40[13]\b|Invalid username or/,
    code: "GIT_AUTH",
    advice: authAdvice,
  },
  {
    pattern: /error: 30\d\b|unable to update url base from redirection/,
    code: "GIT_NOT_FOUND",
    advice: "the server redirects to another address; write the final URL (often it ends in .git)",
  },
  {
    pattern:
      /not our ref|unadvertised object|couldn't find remote ref|did not send all necessary objects|remote error: upload-pack/,
    code: "GIT_REVISION_NOT_FOUND",
    advice: "the repository does not have this commit any more, or does not give it out",
  },
  {
    pattern:
      /[Rr]epository (?:'.*' )?not found|does not appear to be a git repository|error: 404\b|does not exist|project you were looking for could not be found/,
    code: "GIT_NOT_FOUND",
    advice: "there is no such repository, or these credentials may not see it; check the URL and the Secret",
  },
  {
    pattern:
      /Could not resolve (?:host|proxy)|Connection refused|Failed to connect|Couldn't connect|[Tt]imed out|No route to host|Network is unreachable|Connection (?:reset|closed)|early EOF|hung up|unexpected disconnect|error: (?:429|5\d\d)\b|Empty reply|Recv failure/,
    code: "GIT_UNREACHABLE",
    advice: "the server cannot be reached or broke off; check the address and the network",
  },
  { pattern: /No space left on device/, code: "GIT_FAILED", advice: "the disk of the mirrors is full" },
];

function authAdvice({ credentials }: RepositoryAccess): string {
  const add = "mooring repo add REPOURL --upsert";
  switch (credentials.kind) {
    case "none":
      return `the repository wants credentials, and none are known for it; add them with: ${add}`;
    case "ssh":
      return `the repository refused the SSH key; register its public half there, or renew it with: ${add}`;
    case "basic":
    case "bearer":
    case "tls":
      return `the repository refused the credentials; a password or token may have run out: renew it in the Secret of the repository or of its credential template, or with: ${add}`;
    default:
      throw new Error(`unhandled credentials: ${JSON.stringify(credentials satisfies never)}`);
  }
}

const boilerplate =
  /^(?:warning|hint):|Could not read from remote repository|^Please make sure|^and the repository exists/;

/** The lines that tell most: the one that decided, and what git, the server or ssh call an error. */
function whatGitSaid(stderr: string, rule: Rule | undefined, repository: RepositoryAccess): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !boilerplate.test(line));
  const deciding = lines.filter((line) => rule?.pattern.test(line));
  const telling = lines.filter((line) => /^(?:fatal|error|remote|ERROR):/.test(line));
  const chosen = new Set([...deciding.slice(0, 1), ...telling.slice(0, 2)]);
  const said = [...(chosen.size > 0 ? chosen : lines.slice(0, 2))].join("; ");
  return scrub(
    said.replaceAll(/\/proc\/\d+\/fd\/\d+|\S*\/mooring-git-secret-[0-9a-f]{32}/g, "key file"),
    repository,
  );
}

/** Turns a failed run into the error that says what is wrong and what to do. */
export function gitErrorOf(repository: RepositoryAccess, doing: string, outcome: GitOutcome): MooringError {
  const subject = `repository ${repository.url}: ${doing}`;
  const options = { key: repository.url };
  if (outcome.end === "timeout") {
    return new MooringError(
      "GIT_TIMEOUT",
      `${subject}: no answer in time; check the server and the network`,
      options,
    );
  }
  if (outcome.end === "too-large") {
    const advice = "more data than the limit allows; make the repository smaller or raise the limit";
    return new MooringError("GIT_TOO_LARGE", `${subject}: ${advice}`, options);
  }
  const rule = rules.find(({ pattern }) => pattern.test(outcome.stderr));
  const said =
    whatGitSaid(outcome.stderr, rule, repository) || `git ended with code ${outcome.exitCode ?? "unknown"}`;
  if (rule === undefined) return new MooringError("GIT_FAILED", `${subject}: ${said}`, options);
  const advice = typeof rule.advice === "string" ? rule.advice : rule.advice(repository);
  return new MooringError(rule.code, `${subject}: ${advice} (${said})`, options);
}
