import type { Properties } from './properties';

/** The return values of a resource: `Ref` is the value of a reference to it, the others are for `Fn::GetAtt`. */
export interface Attributes {
  readonly Ref: string;
  readonly [name: string]: string;
}

/** CloudFormation's request to create or update one resource. */
export interface ResourceRequest {
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  readonly stack: { readonly id: string; readonly name: string; readonly region: string };
  /** All references are resolved. */
  readonly properties: Properties;
  /** The resource before this update; absent when it is created. */
  readonly before?: { readonly properties: Properties; readonly attributes: Attributes };
  /**
   * Path of a file asset or image asset of the plan; nothing when the plan has none of that key.
   * @param key the asset's hash, with or without an extension, or a URI that ends in it
   */
  asset(key: string): string | undefined;
}

/** Creates and updates the resources of one type. */
export interface ResourceHandler {
  /** Paths of the properties that have an effect, with everything below each. The report lists all others. */
  readonly supportedProperties: readonly string[];
  apply(request: ResourceRequest): Attributes | Promise<Attributes>;
}

/** Resource handlers by CloudFormation type. */
export type ResourceHandlers = Readonly<Record<string, ResourceHandler>>;
