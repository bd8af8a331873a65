// @framework Framework 5.3
// The driver types a listener as `any`, under which the `err` of db.ts would be an implicit any.
import '@neondatabase/serverless';

declare module '@neondatabase/serverless' {
  interface Pool {
    on(event: 'error', listener: (error: Error) => void): this;
  }
}
