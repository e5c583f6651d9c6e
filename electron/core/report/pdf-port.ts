/** How a host prints a page. A core without one makes no PDF, and says how to make one by hand. */
export interface PdfPort {
  /** The page as PDF, on A4 with the page headers of its own style. Errors: `pdf-unavailable`. */
  print(html: string): Promise<Uint8Array>;
}
