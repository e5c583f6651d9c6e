/**
 * Shows a whole page in an empty frame. The frame is sandboxed without scripts and inherits the window's policy, which lets no inline style
 * through: so the page's style becomes a sheet that the frame's document adopts. Its own policy has no say in a document that is put
 * together, and has none to give: nothing in the page can load or run anything here. Source: HTML 7.5 (policy container of about:blank), CSSOM 6.8.
 */
export function showPage(frame: HTMLIFrameElement, html: string): void {
  const into = frame.contentDocument;
  const view = frame.contentWindow;
  if (!into || !view) return;
  // Taken out before it is parsed: the window's policy is reported as violated by a mere inline style of a document nobody shows.
  const styles: string[] = [];
  const page = new DOMParser().parseFromString(html.replace(/<style>([^<]*)<\/style>/g, (_all, text: string) => {
    styles.push(text);
    return '';
  }), 'text/html');
  for (const element of page.querySelectorAll('script, style, link, meta, base, iframe, object, embed')) element.remove();
  into.documentElement.lang = page.documentElement.lang;
  into.title = page.title;
  into.body.replaceChildren(...[...page.body.childNodes].map((node) => into.importNode(node, true)));
  const sheet = newSheet(view);
  sheet?.replaceSync(styles.join('\n'));
  into.adoptedStyleSheets = sheet ? [sheet] : [];
  for (const link of into.querySelectorAll('a[href^="#"]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      into.getElementById(decodeURIComponent(link.getAttribute('href')?.slice(1) ?? ''))?.scrollIntoView();
    });
  }
}

/** A sheet can be adopted only by documents of the window that made it. */
function newSheet(view: Window): CSSStyleSheet | null {
  const make: unknown = Reflect.get(view, 'CSSStyleSheet');
  if (typeof make !== 'function') return null;
  const sheet: unknown = Reflect.construct(make, []);
  return isSheet(sheet) ? sheet : null;
}

const isSheet = (value: unknown): value is CSSStyleSheet => typeof value === 'object' && value !== null && 'replaceSync' in value;
