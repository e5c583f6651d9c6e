import { saveBlob, saveText } from '../text/save-text.ts';
import { colourOf } from './colours.ts';
import { svgOf, type Scene } from './scene.ts';
import { drawScene } from './draw-scene.ts';

/** What a plot can be asked for when it is saved: its picture at the present zoom, and what it shows in words. */
export interface Picture { readonly name: string; readonly title: string; scene(): Scene }

/** Twice the size on the screen: sharp when it is printed. */
const scale = 2;

export function saveSvg({ name, title, scene }: Picture): void {
  saveText(`${name}.svg`, svgOf(scene(), title, colourOf), 'image/svg+xml');
}

export function savePng({ name, scene }: Picture): void {
  const picture = scene();
  const canvas = document.createElement('canvas');
  canvas.width = picture.width * scale;
  canvas.height = picture.height * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  drawScene(context, picture, colourOf);
  // What lies under the picture: a canvas is transparent, a page is not.
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = colourOf('--panel');
  context.fillRect(0, 0, picture.width, picture.height);
  canvas.toBlob((blob) => { if (blob) saveBlob(`${name}.png`, blob); }, 'image/png');
}
