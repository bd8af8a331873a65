/** One action of the server that the recorder saw. */
export type Observation =
  | {
      readonly kind: 'listening';
      /** Port that the server asked for. */
      readonly port: number;
      /** Port of this machine on which the server really listens. */
      readonly actualPort: number;
      readonly host?: string;
    }
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'route';
      readonly method: string;
      readonly path: string;
      /** True if the route serves the files of a folder. */
      readonly files?: boolean;
    }
  /** The server accepts upgrades to WebSockets. */
  | { readonly kind: 'upgrades' }
  | { readonly kind: 'program'; readonly name: string }
  /** An identity provider that this machine does not reach. The recorder answers in its place. */
  | { readonly kind: 'provider'; readonly host: string }
  | { readonly kind: 'written'; readonly path: string }
  /** The recorder has reported all routes. */
  | { readonly kind: 'reported' };
