/** Content-Disposition with a file name of any characters (RFC 6266, 4.3; RFC 8187 for what is not ASCII). */
export function contentDisposition(filename: string, download: boolean): string {
  const kind = download ? "attachment" : "inline";
  const plain = filename.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&");
  // a percent sign in the plain form is decoded by some browsers, so it too needs the second form
  if (!/[^\x20-\x7e]|%/.test(filename)) return `${kind}; filename="${plain}"`;
  const encoded = encodeURIComponent(filename.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
