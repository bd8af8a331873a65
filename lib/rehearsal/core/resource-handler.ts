import type { Template } from './assembly';
import type { Properties } from './properties';

/** The return values of a resource: `Ref` for references, the others for `Fn::GetAtt`. */
export interface Attributes {
  readonly Ref: string;
  readonly [name: string]: string;
}

/** CloudFormation's request to create or update one resource. */
export interface ResourceRequest {
  /** Properties with all references resolved. */
  readonly id: string;
  readonly type: string;
  readonly stack: {
    readonly id: string;
    readonly name: string;
    readonly region: string;
    /** Resources of the stack's template. @default - unknown */
    readonly resources?: Template['Resources'];
  };
  /** All references are resolved. */
  readonly properties: Properties;
  /** The resource before this update; absent for a creation. */
  readonly before?: { readonly properties: Properties; readonly attributes: Attributes };
  /**
   * Returns the path of a file or image asset, or undefined if the plan has no such asset.
   * @param key the asset's hash, with or without an extension, or a URI that ends in it
   */
  asset(key: string): string | undefined;
}

/** Creates and updates the resources of one type. */
export interface ResourceHandler {
  /**
   * Paths of the properties that have an effect, including everything below each path. The report lists all other
   * properties.
   */
  readonly supportedProperties: readonly string[];
  apply(request: ResourceRequest): Attributes | Promise<Attributes>;
}

/** Resource handlers by CloudFormation type. */
export type ResourceHandlers = Readonly<Record<string, ResourceHandler>>;
