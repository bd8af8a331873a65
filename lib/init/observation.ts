/** Something that the recorder saw a server do. */
export type Observation =
  | {
      readonly kind: 'listening';
      /** Port that the server named. */
      readonly port: number;
      /** Port of this machine. */
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
  /** The server takes upgrades to WebSockets. */
  | { readonly kind: 'upgrades' }
  | { readonly kind: 'program'; readonly name: string }
  /** An identity provider that this machine does not reach, and that the recorder answered for. */
  | { readonly kind: 'provider'; readonly host: string }
  | { readonly kind: 'written'; readonly path: string }
  /** All routes have been told. */
  | { readonly kind: 'reported' };
