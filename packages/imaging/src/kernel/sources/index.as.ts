// What the compiled kernel of pictures exports, beside its memory.
export { levels16, levels32, levels64 } from "./levels.as";
export { addBlocks } from "./blocks.as";
