/**
 * URL paths of files that are named after their content: in Vite's assets folder, `name-HASH.ext` or `name.HASH.ext`
 * with the eight characters that Vite's bundler writes, and the source maps of such files.
 *
 * Synthesis and the viewer-request function share this expression, because both must agree on the place of a file. The
 * expression must never get narrower: pages that are open in browsers would lose files that they load later.
 */
export const HASHED_PATH = /^\/assets\/(?:[^/]+\/)*[^/]*[-.][A-Za-z0-9_-]{8}\.[A-Za-z0-9]+(?:\.map)?$/;
