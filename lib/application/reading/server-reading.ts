import type { Need } from './use';

/**
 * Facts that the reader finds in a server's code. They are plain data, so that facts from other sources can be added,
 * such as from a run of the server.
 */
export interface ServerReading {
  /** Modules of the application that the server loads in production. */
  readonly modules: readonly string[];
  /** Import paths of packages in these modules. */
  readonly packages: readonly string[];
  /** Modules that could not be parsed. The reading has no facts about them. */
  readonly unread: readonly string[];
  readonly routes: readonly Route[];
  readonly variables: readonly VariableUse[];
  readonly listening: readonly Listening[];
  /** Place of a `listen` call that production does not reach. Set only if production reaches none. */
  readonly listensElsewhere?: string;
  readonly webSockets: readonly WebSockets[];
  readonly droppedHeaders: readonly DroppedHeader[];
  readonly unplaced: readonly Unplaced[];
  readonly writes: readonly FileWrite[];
  readonly reads: readonly FileRead[];
  /** Modules and files of a build that the server loads at run time. */
  readonly builtReads: readonly BuiltRead[];
  /** True if the server needs the built client in the image. */
  readonly servesClient: boolean;
  readonly sessions: readonly Sessions[];
  /** Table that connect-pg-simple creates when the server starts. */
  readonly sessionTable?: string;
  readonly oncePerTask: readonly OncePerTask[];
  readonly programs: readonly Program[];
  /** Packages that connect to PostgreSQL, or to another database. */
  readonly drivers: { readonly postgres?: string; readonly other?: string };
  readonly pools: readonly ConnectionPool[];
  /** For each connection to PostgreSQL, the variables that may hold its whole address. */
  readonly addresses: readonly (readonly string[])[];
  readonly schemaChanges: readonly SchemaChange[];
  readonly policy?: OwnPolicy;
  /** Place of a redirect from http to https. */
  readonly httpsRedirect?: string;
}

/** A request header that the server reads and the load balancer drops. */
export interface DroppedHeader {
  readonly name: string;
  readonly place: string;
}

/** A part of the code that the reader could not understand. */
export interface Unplaced {
  readonly kind: 'route' | 'router' | 'variable' | 'port' | 'web-socket';
  /** File and line, such as `server/routes.ts:12`. */
  readonly place: string;
  /** Clause that says what is unknown, such as "the path of this route is put together at run time". */
  readonly what: string;
}

/** One use of an environment variable by the server. */
export interface VariableUse {
  readonly name: string;
  readonly need: Need;
  /** Other variables that the code reads if this variable has no value. */
  readonly alternatives: readonly string[];
  readonly place: string;
}

/** A route of the server. Its path includes the prefixes of its routers. */
export interface Route {
  /** `get`, `post`, …, `all`; `use` for a handler of all paths below a path; `ws` for a WebSocket. */
  readonly method: string;
  /** Path in Express syntax, such as `/users/:id`. */
  readonly path: string;
  readonly place: string;
  /** True if the name of a handler suggests a login check. */
  readonly needsLogin: boolean;
  readonly queriesDatabase: boolean;
  /** Folder of the files that the route serves, relative to the application. Empty if the folder is not known. */
  readonly serves?: string;
  /** `built` for a page that the route sends unchanged, `rendered` for a page that it renders for each request. */
  readonly page?: 'built' | 'rendered';
}

/** A call of `listen`. */
export interface Listening {
  readonly place: string;
  /** Port in the code, or the default port. */
  readonly port?: number;
  /** Variable that contains the port, usually PORT. */
  readonly portVariable?: string;
  readonly host?: string;
  readonly hostVariable?: string;
}

/** A WebSocket server. */
export interface WebSockets {
  readonly library: 'ws' | 'socket.io' | 'sockjs';
  readonly place: string;
  /** Path of the upgrade. Undefined if the server accepts every path. */
  readonly path?: string;
  /** True if the WebSocket server listens on a separate port. */
  readonly ownPort?: boolean;
  /**
   * True if clients may connect with long polling. The load balancer must send all requests of such a client to one
   * task.
   */
  readonly polls?: boolean;
}

/** A file that the server writes outside /tmp. */
export interface FileWrite {
  readonly place: string;
  /** Folder relative to the application. Undefined if the folder is not known or cannot be mounted. */
  readonly folder?: string;
}

/** A path in the server's code that exists in the application. */
export interface FileRead {
  /** Path relative to the application. */
  readonly path: string;
  readonly place: string;
}

/** A module or file of a build, such as in `dist/`, that the server loads at run time. */
export interface BuiltRead extends FileRead {
  readonly kind: 'module' | 'file';
  /** True if the server checks that the file exists. */
  readonly asked: boolean;
}

/** A use of express-session. */
export interface Sessions {
  readonly place: string;
  readonly inMemory: boolean;
  readonly secureCookie: boolean;
  /** True if Express trusts X-Forwarded-Proto. Otherwise Express sets no secure cookie behind a load balancer. */
  readonly trustsProxy: boolean;
}

/** A connection pool for PostgreSQL. */
export interface ConnectionPool {
  readonly library: 'pg' | 'postgres' | 'neon';
  readonly place: string;
  /** Most connections of the pool. Undefined if the code sets no number. */
  readonly size?: number;
  readonly sizeVariable?: string;
}

/** A schema change that the server makes. */
export interface SchemaChange {
  readonly place: string;
  readonly by: 'migrator' | 'statement';
  /** Module of the migrator, or the first words of the statement. */
  readonly what: string;
}

/** Work or state that every task has separately. */
export interface OncePerTask {
  readonly kind: 'schedule' | 'interval' | 'rate-limiter' | 'broadcast' | 'storage';
  readonly place: string;
  /** Name of the package or class, or the interval. */
  readonly what: string;
}

/** A program that the server starts. */
export interface Program {
  readonly name: string;
  readonly place: string;
}

/** The Content Security Policy that the server sets. */
export interface OwnPolicy {
  readonly place: string;
  readonly by: 'helmet' | 'header';
  /** True if the code switches the policy off. */
  readonly off?: boolean;
  /** Sources by directive. */
  readonly directives: Readonly<Record<string, readonly string[]>>;
}
