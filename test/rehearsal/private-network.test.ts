import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { runtimeBundle } from '../../lib/files/runtime-bundle';

/** Runs code in a process with the rehearsal's preload. Returns its output and its messages to the rehearsal. */
function run(code: string, rehearsal: { names?: Record<string, number | null>; isShutIn?: boolean }) {
  const { stdout, output } = spawnSync(
    process.execPath,
    ['--import', runtimeBundle('private-network'), '-e', code],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      env: { REHEARSAL: JSON.stringify({ names: {}, isShutIn: false, tell: 3, ...rehearsal }) },
    },
  );
  return { printed: stdout.trim(), told: output[3]!.trim().split('\n') };
}

const CONNECT = `
  const { connect } = require('node:net');
  const tries = [connect(5432, 'db.test'), connect({ host: 'db.test', port: 5433 }), require('node:http').get('http://elsewhere.test/')];
  Promise.all(tries.map((one) => new Promise((done) => one.on('error', ({ code, message }) => done(code + ' ' + message))))).then(
    (all) => console.log(all.join('\\n')));`;

describe('a process of a rehearsal', () => {
  test('times out if the plan refuses, and gets a refusal if no process listens', () => {
    const { printed, told } = run(CONNECT, { names: { 'db.test:5432': null }, isShutIn: true });
    expect(printed.split('\n')).toEqual([
      'ETIMEDOUT connect ETIMEDOUT db.test:5432',
      'ECONNREFUSED connect ECONNREFUSED db.test:5433',
      'ETIMEDOUT connect ETIMEDOUT elsewhere.test:80',
    ]);
    expect(told).toEqual(['connect db.test:5432', 'connect db.test:5433', 'connect elsewhere.test:80']);
  });

  test('may use its loopback, whatever the plan refuses', () => {
    const { printed } = run(
      `const server = require('node:net').createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1', () =>
        require('node:net').connect(server.address().port, '127.0.0.1').on('data', (data) => { console.log(String(data)); server.close(); }));`,
      { isShutIn: true },
    );
    expect(printed).toBe('hello');
  });
});
