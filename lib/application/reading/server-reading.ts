import type { Need } from './use';

/**
 * The facts about a server that its code tells. They are plain data, so that facts from other sources, such as a run
 * of the server, can be merged with them.
 */
export interface ServerReading {
  /** Modules of the application that production loads. */
  readonly modules: readonly string[];
  /** Import paths of packages in these modules. */
  readonly packages: readonly string[];
  /** Modules that could not be parsed, so that nothing is known of what is in them. */
  readonly unread: readonly string[];
  readonly routes: readonly Route[];
  readonly variables: readonly VariableUse[];
  readonly listening: readonly Listening[];
  /** A call of `listen` that production does not reach, where there is no other. */
  readonly listensElsewhere?: string;
  readonly webSockets: readonly WebSockets[];
  readonly droppedHeaders: readonly DroppedHeader[];
  readonly unplaced: readonly Unplaced[];
  readonly writes: readonly FileWrite[];
  readonly reads: readonly FileRead[];
  /** Built modules and files that the server loads at run time. */
  readonly builtReads: readonly BuiltRead[];
  /** True if the server needs the built client beside it to start, or to answer anything useful. */
  readonly servesClient: boolean;
  readonly sessions: readonly Sessions[];
  /** Table that connect-pg-simple makes when the server starts. */
  readonly sessionTable?: string;
  readonly oncePerTask: readonly OncePerTask[];
  readonly programs: readonly Program[];
  /** Package through which it reaches PostgreSQL, or another database. */
  readonly drivers: { readonly postgres?: string; readonly other?: string };
  readonly pools: readonly ConnectionPool[];
  readonly schemaChanges: readonly SchemaChange[];
  readonly policy?: OwnPolicy;
  /** Place of a redirect from http to https. */
  readonly httpsRedirect?: string;
}

/** A header of requests that the server reads and the load balancer drops. */
export interface DroppedHeader {
  readonly name: string;
  readonly place: string;
}

/** Something that the reader saw and could not make out. */
export interface Unplaced {
  readonly kind: 'route' | 'router' | 'variable' | 'port' | 'web-socket';
  /** `server/routes.ts:12`. */
  readonly place: string;
  /** A clause that says what is unknown: "the path of this route is put together at run time". */
  readonly what: string;
}

/** One way in which the server uses a variable of its environment. */
export interface VariableUse {
  readonly name: string;
  readonly need: Need;
  /** Other variables that are read in place of it. */
  readonly alternatives: readonly string[];
  readonly place: string;
}

/** A route of the server, with the prefixes of the routers that it hangs on. */
export interface Route {
  /** `get`, `post`, …, `all`; `use` for a handler of everything below a path; `ws` for a WebSocket. */
  readonly method: string;
  /** Path in Express' syntax, such as `/users/:id`. */
  readonly path: string;
  readonly place: string;
  /** True if the names of its handlers say that it asks for a login. */
  readonly needsLogin: boolean;
  readonly queriesDatabase: boolean;
  /** Folder of files that it serves, relative to the application; empty where that is not known. */
  readonly serves?: string;
  /** A page that it sends as it was built, or one that it makes for each request. */
  readonly page?: 'built' | 'rendered';
}

/** A call of `listen`. */
export interface Listening {
  readonly place: string;
  /** Number that the code says, or falls back on. */
  readonly port?: number;
  /** Variable that the port is read from, usually PORT. */
  readonly portVariable?: string;
  readonly host?: string;
  readonly hostVariable?: string;
}

/** A server of WebSockets. */
export interface WebSockets {
  readonly library: 'ws' | 'socket.io' | 'sockjs';
  readonly place: string;
  /** Path of the upgrade; absent where every path is taken. */
  readonly path?: string;
  /** True if it listens on a port of its own. */
  readonly ownPort?: boolean;
  /** True if a connection may begin with requests of long polling, all of which one task has to get. */
  readonly polls?: boolean;
}

/** A file that the server writes outside /tmp. */
export interface FileWrite {
  readonly place: string;
  /** Folder relative to the application; absent where it is not known, or cannot be mounted. */
  readonly folder?: string;
}

/** A file or folder of the application that the server names. */
export interface FileRead {
  /** Relative to the application. */
  readonly path: string;
  readonly place: string;
}

/** A module or file below `dist/`, or another folder of built files, that the server loads at run time. */
export interface BuiltRead extends FileRead {
  readonly kind: 'module' | 'file';
  /** True if the server asks first if there is such a file. */
  readonly asked: boolean;
}

/** A use of express-session. */
export interface Sessions {
  readonly place: string;
  readonly inMemory: boolean;
  readonly secureCookie: boolean;
  /** True if Express trusts X-Forwarded-Proto. Otherwise it sets no secure cookie behind a load balancer. */
  readonly trustsProxy: boolean;
}

/** A pool of connections to PostgreSQL. */
export interface ConnectionPool {
  readonly library: 'pg' | 'postgres' | 'neon';
  readonly place: string;
  /** Most connections, as the code says or falls back on; absent where the library decides. */
  readonly size?: number;
  readonly sizeVariable?: string;
}

/** A change of the database's schema by the server itself. */
export interface SchemaChange {
  readonly place: string;
  readonly by: 'migrator' | 'statement';
  /** Module of the migrator, or the beginning of the statement. */
  readonly what: string;
}

/** Work or state that each task has by itself. */
export interface OncePerTask {
  readonly kind: 'schedule' | 'interval' | 'rate-limiter' | 'broadcast' | 'storage';
  readonly place: string;
  /** Package, or how often. */
  readonly what: string;
}

/** A program that the server starts. */
export interface Program {
  readonly name: string;
  readonly place: string;
}

/** The Content Security Policy that the server sets itself. */
export interface OwnPolicy {
  readonly place: string;
  readonly by: 'helmet' | 'header';
  /** True if the code switches the policy off. */
  readonly off?: boolean;
  /** Directive → sources. */
  readonly directives: Readonly<Record<string, readonly string[]>>;
}
