declare module "proxy-from-env" {
  /**
   * The proxy for a URL according to HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY; "" for none.
   */
  export function getProxyForUrl(url: string | URL): string;
}
declare module "seek-bzip" {
  interface ByteInput {
    readByte(): number;
    read(buffer: Uint8Array, offset: number, length: number): number;
    eof(): boolean;
  }
  interface ByteOutput {
    writeByte(byte: number): void;
  }
  const Bunzip: { decode(input: ByteInput, output: ByteOutput, multistream: boolean): void };
  export = Bunzip;
}
