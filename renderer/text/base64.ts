/** Bytes as base64, in portions that an argument list can hold. */
export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += portion) text += String.fromCharCode(...bytes.subarray(at, at + portion));
  return btoa(text);
}

const portion = 32_768;
