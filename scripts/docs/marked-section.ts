/**
 * Replaces the content between `<!-- MARK: … -->` and `<!-- /MARK -->` in a document.
 * @throws if the document lacks the marks
 */
export function withSection(document: string, mark: string, content: string): string {
  const marked = new RegExp(`(<!-- ${mark}: [^>]*-->\\n)[\\s\\S]*?(<!-- /${mark} -->)`);
  if (!marked.test(document)) throw new Error(`the document has no marks for the section '${mark}'`);
  return document.replace(marked, (_, start: string, end: string) => `${start}\n${content.trim()}\n\n${end}`);
}
