import { useState } from "preact/hooks";

export interface TakeLink {
  readonly text: string;
  readonly url: string;
}

export interface TakeLine {
  readonly name: string;
  readonly text: string;
}

/** The Take menu of a view: files to download, and commands to copy. */
export function TakeMenu({
  links,
  lines,
}: {
  readonly links: readonly TakeLink[];
  readonly lines: readonly TakeLine[];
}) {
  const [copied, setCopied] = useState("");
  return (
    <details class="take">
      <summary class="button">Take</summary>
      <div class="take-body">
        <p>
          {links.map(({ text, url }) => (
            <a key={text} class="button" href={url}>
              {text}
            </a>
          ))}
        </p>
        {lines.map(({ name, text }) => (
          <div class="take-line" key={name}>
            <span>{name}</span>
            <textarea
              readOnly
              rows={text.split("\n").length}
              aria-label={name}
              value={text}
              onFocus={(event) => event.currentTarget.select()}
            />
            {navigator.clipboard !== undefined && (
              <button
                type="button"
                onClick={() => {
                  void navigator.clipboard.writeText(text).then(() => setCopied(name));
                }}
              >
                {copied === name ? "Copied" : "Copy"}
              </button>
            )}
          </div>
        ))}
      </div>
    </details>
  );
}
