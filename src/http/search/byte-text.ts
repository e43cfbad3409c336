/** By the code of an ASCII character, what is written for it; undefined if that is rare. */
type Forms = readonly (Uint8Array | undefined)[];

const ITSELF = new Uint8Array();
const LONGEST_FORM = 3;

function forms(form: (character: string) => Uint8Array | undefined): Forms {
  return Array.from({ length: 128 }, (_, code) => form(String.fromCharCode(code)));
}

const IN_JSON = forms((character) => (JSON.stringify(character) === `"${character}"` ? ITSELF : undefined));
/** LIDs contain colons. */
const IN_URL = forms((character) =>
  character === ":" ? Buffer.from("%3A") : encodeURIComponent(character) === character ? ITSELF : undefined,
);

/** Text as UTF-8, written piece by piece into memory that grows and is used again. */
export class ByteText {
  #bytes = Buffer.allocUnsafe(65_536);
  #length = 0;

  /** A copy of what was written since the last call. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  add(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  addText(text: string): void {
    // a UTF-16 code unit has at most three bytes
    this.#reserve(3 * text.length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /**
   * Adds a text as it is in JSON, without quotes. Short ones are checked and copied character by
   * character, which takes less time than a call for each text.
   */
  addInJson(text: string): void {
    if (!this.#addPlain(text, IN_JSON)) this.addText(JSON.stringify(text).slice(1, -1));
  }

  /** Adds a text as `encodeURIComponent` writes it. */
  addInUrl(text: string): void {
    if (!this.#addPlain(text, IN_URL)) this.addText(encodeURIComponent(text));
  }

  /** Adds the forms of the characters of a text; returns false if some of them have none. */
  #addPlain(text: string, forms: Forms): boolean {
    this.#reserve(LONGEST_FORM * text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      const form = forms[code];
      if (form === undefined) return false;
      if (form === ITSELF) {
        bytes[at] = code;
        at += 1;
      } else {
        bytes.set(form, at);
        at += form.length;
      }
    }
    this.#length = at;
    return true;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
