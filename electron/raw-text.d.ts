/** A board script, bundled as text. */
declare module '*.sh?raw' {
  const text: string;
  export default text;
}
