/** Where the middle of a CPU's box is on the screen, px. */
export interface PlacedCpu { readonly cpu: number; readonly x: number; readonly y: number }

const sameRow = 6;

/**
 * The CPU an arrow key goes to: left and right in reading order, up and down to the nearest box of the next row,
 * Home and End to the first and last. null when the key means nothing here or there is nowhere to go.
 */
export function nextCpu(key: string, boxes: readonly PlacedCpu[], from: number): number | null {
  const at = boxes.findIndex((box) => box.cpu === from);
  const here = boxes[at];
  if (!here) return null;
  switch (key) {
    case 'ArrowLeft': return boxes[at - 1]?.cpu ?? null;
    case 'ArrowRight': return boxes[at + 1]?.cpu ?? null;
    case 'Home': return boxes[0]?.cpu ?? null;
    case 'End': return boxes[boxes.length - 1]?.cpu ?? null;
    case 'ArrowUp': return nearest(boxes.filter((box) => box.y < here.y - sameRow), here);
    case 'ArrowDown': return nearest(boxes.filter((box) => box.y > here.y + sameRow), here);
    default: return null;
  }
}

/** Nearest row first, then nearest within it. */
function nearest(boxes: readonly PlacedCpu[], here: PlacedCpu): number | null {
  let best: PlacedCpu | null = null;
  for (const box of boxes) {
    if (best === null || distance(box, here) < distance(best, here)) best = box;
  }
  return best?.cpu ?? null;
}

const distance = (box: PlacedCpu, here: PlacedCpu) => Math.abs(box.x - here.x) + 4 * Math.abs(box.y - here.y);
