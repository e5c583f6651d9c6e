/** A colour: a design token, which is light or dark, or a colour as it is. */
export type SceneColour = string;

/** One thing drawn. Paths are in SVG's path language, px; the same picture goes to a canvas and to a file. */
export type SceneItem =
  | { readonly kind: 'line'; readonly d: string; readonly stroke: SceneColour; readonly width: number; readonly dash: readonly number[] }
  | { readonly kind: 'area'; readonly d: string; readonly fill: SceneColour }
  | { readonly kind: 'text'; readonly x: number; readonly y: number; readonly text: string; readonly anchor: 'start' | 'middle' | 'end'; readonly fill: SceneColour; readonly isRimmed?: boolean };

/** A picture as data: what a plot shows at one zoom, without a screen. */
export interface Scene { readonly width: number; readonly height: number; readonly items: readonly SceneItem[] }

export const sceneFont = 'system-ui, "Segoe UI", "Noto Sans", sans-serif';
export const textSizePx = 10.5;

/** A scene as a file of SVG that needs nothing else. `title` says in words what is seen. */
export function svgOf({ width, height, items }: Scene, title: string, colour: (colour: SceneColour) => string): string {
  const parts = items.map((item) => {
    if (item.kind === 'area') return `<path d="${item.d}" fill="${escape(colour(item.fill))}"/>`;
    if (item.kind === 'line') return `<path d="${item.d}" fill="none" stroke="${escape(colour(item.stroke))}" stroke-width="${String(item.width)}"${item.dash.length === 0 ? '' : ` stroke-dasharray="${item.dash.join(' ')}"`} stroke-linejoin="round"/>`;
    const rim = item.isRimmed ? ` paint-order="stroke" stroke="${escape(colour('--panel'))}" stroke-width="4" stroke-linejoin="round"` : '';
    return `<text x="${String(item.x)}" y="${String(item.y)}" text-anchor="${item.anchor}" fill="${escape(colour(item.fill))}"${rim}>${escape(item.text)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" font-family="${escape(sceneFont)}" font-size="${String(textSizePx)}" role="img">
<title>${escape(title)}</title>
<rect width="100%" height="100%" fill="${escape(colour('--panel'))}"/>
${parts.join('\n')}
</svg>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? '').replace(/\p{Cc}/gu, ' ');
