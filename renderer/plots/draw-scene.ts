import { sceneFont, textSizePx, type Scene, type SceneColour } from './scene.ts';

/** Paints a scene. `colour` gives a token's value. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene, colour: (colour: SceneColour) => string): void {
  context.clearRect(0, 0, scene.width, scene.height);
  context.font = `${String(textSizePx)}px ${sceneFont}`;
  context.lineJoin = 'round';
  for (const item of scene.items) {
    if (item.kind === 'text') {
      context.textAlign = item.anchor === 'middle' ? 'center' : item.anchor;
      if (item.isRimmed) {
        context.strokeStyle = colour('--panel');
        context.lineWidth = 4;
        context.setLineDash([]);
        context.strokeText(item.text, item.x, item.y);
      }
      context.fillStyle = colour(item.fill);
      context.fillText(item.text, item.x, item.y);
    } else if (item.kind === 'area') {
      context.fillStyle = colour(item.fill);
      context.fill(new Path2D(item.d));
    } else {
      context.strokeStyle = colour(item.stroke);
      context.lineWidth = item.width;
      context.setLineDash([...item.dash]);
      context.stroke(new Path2D(item.d));
    }
  }
  context.setLineDash([]);
}
