// Exports of the compiled picture kernel, apart from its memory.
export { levels16, levels32, levels64 } from "./levels.as";
export { addBlocks, addBlocks16 } from "./blocks.as";
