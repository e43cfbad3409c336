import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "./support/oracles.ts";

const entries = ["fits", "wcs"].map((room) => join(repositoryRoot, "packages", room, "src", "index.ts"));
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(repositoryRoot, "tsconfig.json"), ts.sys.readFile).config,
  ts.sys,
  repositoryRoot,
);
const program = ts.createProgram(entries, { ...config.options, noEmit: true });
const checker = program.getTypeChecker();
const FLAGS =
  ts.TypeFormatFlags.NoTruncation |
  ts.TypeFormatFlags.UseFullyQualifiedType |
  ts.TypeFormatFlags.WriteArrowStyleSignature;

/** One line for each export, and one for each member of an exported interface. */
function describeExports(entry: string): string {
  const file = program.getSourceFile(entry)!;
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
  return symbols
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(describeSymbol)
    .join("\n")
    .concat("\n");
}

function describeSymbol(symbol: ts.Symbol): readonly string[] {
  const declaration = symbol.declarations![0]!;
  if (ts.isInterfaceDeclaration(declaration)) {
    const members = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
    return [`interface ${symbol.name}`, ...members.map((member) => `  ${memberLine(member, declaration)}`)];
  }
  if (ts.isTypeAliasDeclaration(declaration))
    return [`type ${symbol.name} = ${oneLine(declaration.type.getText())}`];
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const kind = ts.isFunctionDeclaration(declaration) ? "function" : "const";
  return [`${kind} ${symbol.name}: ${checker.typeToString(type, declaration, FLAGS)}`];
}

function memberLine(member: ts.Symbol, at: ts.Node): string {
  const optional = member.flags & ts.SymbolFlags.Optional ? "?" : "";
  const type = checker.typeToString(checker.getTypeOfSymbolAtLocation(member, at), at, FLAGS);
  return `${member.name}${optional}: ${plain(type)}`;
}

/** The union of all codes says nothing here. */
const plain = (text: string) => text.replace(/(\w+Error)<[^<>]*>/g, "$1");

const oneLine = (text: string) => text.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ");

describe("the public API", () => {
  it.each(["fits", "wcs"])("of %s is the one that its snapshot tells", async (room) => {
    const entry = entries.find((path) => path.includes(join("packages", room)))!;
    await expect(describeExports(entry)).toMatchFileSnapshot(`__snapshots__/${room}-api.txt`);
  });

  it.each(["fits", "wcs"])("of %s is documented: every export has a docstring", (room) => {
    const file = program.getSourceFile(entries.find((path) => path.includes(join("packages", room)))!)!;
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
    const bare = symbols
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
      .filter((symbol) => symbol.getDocumentationComment(checker).length === 0)
      .map(({ name }) => name);
    expect(bare).toEqual([]);
  });
});
