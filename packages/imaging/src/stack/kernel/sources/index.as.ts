// Exports of the compiled stack kernel, apart from its memory.
export { placeRow, sampleRow } from "./sample.as";
export { clippedMeans, medianOf, medians } from "./combine.as";
export { addRow, addVariances, addWeighted } from "./sums.as";
