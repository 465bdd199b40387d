import { Search } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useSlashFocus } from "../../lib/use-slash-focus.ts";
import styles from "./search-box.module.css";

interface SearchBoxProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Letters that come faster ask together; the first of them asks at once. */
const betweenMs = 150;

export function SearchBox({ text, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(text);
  const toldAtMs = useRef(-Infinity);
  useEffect(() => {
    // The address changed, and not by what was typed here.
    if (text !== told.current) setTyped(text);
    told.current = text;
  }, [text]);
  useEffect(() => {
    if (typed === told.current) return undefined;
    const tell = (): void => {
      told.current = typed;
      toldAtMs.current = performance.now();
      onChange(typed);
    };
    const timer = setTimeout(tell, Math.max(0, toldAtMs.current + betweenMs - performance.now()));
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  useSlashFocus(input);
  return (
    <div className={styles["box"]}>
      <Search aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label="Find in name, project, repository, path, revision, destination and labels"
        placeholder="Find applications   ( / )"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  );
}
