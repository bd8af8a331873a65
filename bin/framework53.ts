#!/usr/bin/env node
import { main } from '../cli';

// Says nothing a user of this command could act on: Node 20 is among the versions it supports.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// Whoever reads the output has read enough, as `head` has: the end is that of any program that meets SIGPIPE, and no
// success, which this would be for a pipeline that wants to know.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
