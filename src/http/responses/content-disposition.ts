/** Content-Disposition for any file name (RFC 6266, 4.3; RFC 8187 for non-ASCII characters). */
export function contentDisposition(filename: string, download: boolean): string {
  const kind = download ? "attachment" : "inline";
  const plain = filename.replace(/[^\x20-\x7e]/g, "_").replace(/["\\]/g, "\\$&");
  // some browsers decode a percent sign in the plain form, so it too needs the second form
  if (!/[^\x20-\x7e]|%/.test(filename)) return `${kind}; filename="${plain}"`;
  const encoded = encodeURIComponent(filename.replace(/\p{Surrogate}/gu, "\ufffd")).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
