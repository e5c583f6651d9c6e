export { ensureBoardImage, ensureCloudImage, existingCloudImage, existingImage } from './build-image.mjs';
export { baseDirectory, boardsDirectory } from './cache.mjs';
export { whyImpossible } from './host-tools.mjs';
export { startEmulatedBoard } from './start-board.mjs';
export { defaultTopology, topologies } from './topologies.mjs';
