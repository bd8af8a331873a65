/**
 * Content types of files that the uploader has none for, by pattern. It guesses all others, from the table of
 * Python 3.13; source maps have none and need none.
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

/** The patterns that match any of the paths, with the content type of what they match. */
export function namedContentTypes(
  paths: readonly string[],
): readonly (readonly [pattern: string, type: string])[] {
  return Object.entries(CONTENT_TYPES).filter(([pattern]) =>
    paths.some((path) => path.endsWith(pattern.slice(1))),
  );
}
