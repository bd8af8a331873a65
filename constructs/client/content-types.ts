/**
 * Content types that the uploader does not know, by pattern. The uploader knows the table of Python 3.13. Source maps
 * need no content type.
 */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '*.eot': 'application/vnd.ms-fontobject',
  '*.glb': 'model/gltf-binary',
  '*.ogg': 'audio/ogg',
  '*.otf': 'font/otf',
  '*.ttf': 'font/ttf',
  '*.woff': 'font/woff',
  '*.woff2': 'font/woff2',
  '*apple-app-site-association': 'application/json',
};

/** Returns the patterns that match at least one path, with their content types. */
export function namedContentTypes(
  paths: readonly string[],
): readonly (readonly [pattern: string, type: string])[] {
  return Object.entries(CONTENT_TYPES).filter(([pattern]) =>
    paths.some((path) => path.endsWith(pattern.slice(1))),
  );
}
