/**
 * URL paths of files that are named after their content: in Vite's assets folder, `name-HASH.ext` or
 * `name.HASH.ext` with the eight characters that Vite's bundler writes, and the source maps of such.
 *
 * Shared by synth and the viewer-request function: both must agree on where a file is. It must never get
 * narrower, or pages that are open in browsers lose files they load later.
 */
export const HASHED_PATH = /^\/assets\/(?:[^/]+\/)*[^/]*[-.][A-Za-z0-9_-]{8}\.[A-Za-z0-9]+(?:\.map)?$/;
