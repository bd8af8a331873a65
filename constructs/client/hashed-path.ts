/**
 * URL paths of files that are named after their content. They are in Vite's assets folder and have the form
 * `name-HASH.ext` or `name.HASH.ext`, with a hash of eight characters. Source maps of such files match, too.
 *
 * Synthesis and the viewer-request function share this expression, so that they agree on the place of a file. Never
 * make the expression narrower. Otherwise open pages of an older release can no longer load their files.
 */
export const HASHED_PATH = /^\/assets\/(?:[^/]+\/)*[^/]*[-.][A-Za-z0-9_-]{8}\.[A-Za-z0-9]+(?:\.map)?$/;
