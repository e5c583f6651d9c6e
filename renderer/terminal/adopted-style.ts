/**
 * Stands in for a `<style>` element that a library makes and fills: the content policy allows none. What is written into it
 * becomes a style sheet that the document adopts, which only script of ours can do and the policy allows.
 * Source: W3C Content Security Policy 3 §8.3, CSSOM §6.8.
 */
export function adoptedStyle(): HTMLElement {
  const sheet = new CSSStyleSheet();
  const place = document.createElement('template');
  document.adoptedStyleSheets.push(sheet);
  const remove = place.remove.bind(place);
  Object.defineProperty(place, 'textContent', { set: (css: string) => { sheet.replaceSync(css); } });
  place.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
    remove();
  };
  return place;
}
