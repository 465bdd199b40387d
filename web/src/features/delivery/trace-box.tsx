import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSlashFocus } from "../../lib/use-slash-focus.ts";
import { Button } from "../common/button.tsx";
import { Field } from "../common/field.tsx";
import styles from "./delivery-page.module.css";

interface TraceBoxProps {
  readonly what: string;
  /** An empty text ends the search. */
  readonly onAsk: (what: string) => void;
}

/** Asks for a commit or an image when one presses Enter: repositories are asked for it. */
export function TraceBox({ what, onAsk }: TraceBoxProps) {
  const [typed, setTyped] = useState(what);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(what), [what]);
  useSlashFocus(input);
  return (
    <form
      className={styles["search"]}
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk(typed.trim());
      }}
    >
      <Field
        label="Where is it?"
        hint="A commit, a branch, a tag, or an image: NAME, NAME:TAG, NAME@sha256:…"
      >
        {(props) => (
          <input
            {...props}
            ref={input}
            type="search"
            placeholder="Commit or image   ( / )"
            autoComplete="off"
            spellCheck={false}
            maxLength={600}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" look="primary" icon={<Search />} disabled={typed.trim() === "" && what === ""}>
        Trace
      </Button>
    </form>
  );
}
