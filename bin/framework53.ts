#!/usr/bin/env node
import { main } from '../cli';

// Says nothing a user of this command could act on: Node 20 is among the versions it supports.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
