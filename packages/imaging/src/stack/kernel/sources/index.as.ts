// Exports of the compiled stack kernel, apart from its memory.
export { placeRow, sampleRow } from "./sample.as";
export { clippedMeans, distances, finite, medianOf, medians } from "./combine.as";
export { addNoise, addRow, addVariances, addWeighted } from "./sums.as";
