#!/usr/bin/env node
import { main } from '../cli';

// The SDK warns about Node 20, which this command supports.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

// If the reader closes the pipe, as `head` does, the command exits with 141, as after SIGPIPE. A pipeline therefore does
// not mistake the exit for success.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(141);
  });

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
