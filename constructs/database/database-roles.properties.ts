import type { ApplicationRole } from './role-statements';

/** Properties of the custom resource, which the handler reads. */
export interface DatabaseRolesProperties {
  readonly ClusterArn: string;
  /** Resource id of the cluster. It changes when the cluster is replaced, so that the new cluster gets its roles. */
  readonly ClusterResourceId: string;
  readonly MasterSecretArn: string;
  readonly DatabaseName: string;
  readonly ApplicationRole: ApplicationRole;
  readonly LoginASecretArn: string;
  readonly LoginBSecretArn: string;
  readonly ActiveSecretArn: string;
  readonly OwnerSecretArn: string;
  readonly ReaderSecretArn: string;
  readonly OperatorSecretArn: string;
  /** Revision of the statements. It changes with them, so that an update of this package reaches existing databases. */
  readonly Revision: string;
}
