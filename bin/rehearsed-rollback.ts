// A rehearsal runs this handler in a process of its own, as a person runs `framework53 rollback`.
export { handler } from '../lib/releases/rehearsed-rollback';
