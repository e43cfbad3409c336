import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { addressOf, isPrivateAddress, publicLookup } from "../../src/archive/hosts/network-address.ts";

describe("isPrivateAddress (IANA special-purpose registries)", () => {
  test.each([
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "fe80::1",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::7f00:1",
    "64:ff9b::10.0.0.1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
  ])("the address %s is not public (IANA special-purpose registries)", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    "8.8.8.8",
    "128.8.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.1.1",
    "2001:4860:4860::8888",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
  ])("the address %s is public (IANA special-purpose registries)", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe("addressOf", () => {
  test.each([
    ["http://2130706433/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http://0177.0.0.01/", "127.0.0.1"],
    ["http://[::FFFF:127.0.0.1]/", "::ffff:7f00:1"],
    ["http://localhost/", undefined],
    ["http://1.example.org/", undefined],
  ])("the URL %s has the address %s as its host", (url, address) => {
    expect(addressOf(new URL(url))).toBe(address);
  });
});

describe("publicLookup", () => {
  const resolved = promisify(
    (name: string, all: boolean, done: (error: Error | null, address: unknown) => void) =>
      publicLookup(name, { all }, done),
  );

  test.each([true, false])(
    "publicLookup finds no public address for localhost (all addresses: %s)",
    async (all) => {
      await expect(resolved("localhost", all)).rejects.toMatchObject({ code: "SOURCE_NOT_ALLOWED" });
    },
  );

  test("publicLookup returns a public address", async () => {
    expect(await resolved("8.8.8.8", true)).toEqual([{ address: "8.8.8.8", family: 4 }]);
    expect(await resolved("8.8.8.8", false)).toBe("8.8.8.8");
  });

  test("publicLookup passes on the error for an unknown name", async () => {
    await expect(resolved("archive.invalid", true)).rejects.toMatchObject({
      code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
  });
});
