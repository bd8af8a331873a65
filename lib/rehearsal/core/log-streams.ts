import { EventEmitter } from 'node:events';

const KEPT_LINES = 500;

/** A log stream of CloudWatch Logs. */
export class LogStream {
  /** The newest lines, latest last. */
  readonly lines: string[] = [];

  constructor(private readonly written: (line: string) => void) {}

  write(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.written(line);
  }
}

/** All log streams. Emits each line as `line`, with its log group. */
export class LogStreams extends EventEmitter<{ line: [group: string, line: string] }> {
  private readonly streams = new Map<string, LogStream>();

  open(group: string, name: string): LogStream {
    const stream = new LogStream((line) => this.emit('line', group, line));
    this.streams.set(name, stream);
    return stream;
  }

  get(name: string): LogStream | undefined {
    return this.streams.get(name);
  }
}
